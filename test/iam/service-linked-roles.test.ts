// Service-linked roles as the IAM API has them. @see IAM User Guide, "Create a service-linked role", and the operations named
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import type { IamReading, IamWriting } from '../../src/iam/embedded-iam.ts'
import { LINKING_SERVICES, linkedNameOf, linkedPolicyArn, linkedRole } from '../../src/model/index.ts'
import { ACCOUNT, openAccount, refusal } from './account.ts'

const AWSServiceName = 'autoscaling.amazonaws.com'
const RoleName = 'AWSServiceRoleForAutoScaling'

describe('service-linked roles', () => {
  let iam: IamReading & IamWriting
  let close: () => Promise<void>

  beforeEach(async () => {
    const account = await openAccount({ rolesPerAccount: 1 })
    iam = account.iam
    close = account.close
  })
  afterEach(() => close())

  const told = async (call: Promise<unknown>): Promise<string> => {
    const { code, message } = await refusal(call)
    return `${code}: ${message}`
  }

  it('are named by their service, trust it, hold its policy, and count under no quota', async () => {
    const { Role: made } = await iam.write('CreateServiceLinkedRole', { AWSServiceName })
    expect(made).toMatchObject({
      RoleName,
      Path: '/aws-service-role/autoscaling.amazonaws.com/',
      Arn: `arn:aws:iam::${ACCOUNT.id}:role/aws-service-role/autoscaling.amazonaws.com/${RoleName}`,
    })
    await iam.write('CreateServiceLinkedRole', {
      AWSServiceName,
      CustomSuffix: 'blue',
      Description: 'for the blue ones',
    })
    const { Role: blue } = await iam.read('GetRole', { RoleName: `${RoleName}_blue` })
    expect(blue?.Description).toBe('for the blue ones')
    expect(JSON.parse(decodeURIComponent(blue?.AssumeRolePolicyDocument ?? ''))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: AWSServiceName }, Action: 'sts:AssumeRole' }],
    })
    const { RoleDetailList } = await iam.read('GetAccountAuthorizationDetails', {})
    expect(
      RoleDetailList?.map(({ AttachedManagedPolicies }) => AttachedManagedPolicies?.[0]?.PolicyArn),
    ).toEqual(
      Array.from(
        { length: 2 },
        () => 'arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy',
      ),
    )
  })

  it('are refused where there is one, of a service that is not known, and with a suffix that it takes none of', async () => {
    await iam.write('CreateServiceLinkedRole', { AWSServiceName })
    expect(await told(iam.write('CreateServiceLinkedRole', { AWSServiceName }))).toBe(
      `InvalidInput: Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
    )
    const es = 'es.amazonaws.com'
    expect(await told(iam.write('CreateServiceLinkedRole', { AWSServiceName: es, CustomSuffix: 'a' }))).toBe(
      'InvalidInput: Custom suffix is not allowed for es.amazonaws.com',
    )
    for (const name of ['nothing.amazonaws.com', 'autoscaling', '__proto__', 'constructor.amazonaws.com'])
      expect((await refusal(iam.write('CreateServiceLinkedRole', { AWSServiceName: name }))).code).toBe(
        'InvalidInput',
      )
    const long = iam.write('CreateServiceLinkedRole', { AWSServiceName, CustomSuffix: 'x'.repeat(60) })
    expect((await refusal(long)).code).toBe('ValidationError')
  })

  it('go by a deletion that is started and can be asked about, and by no other', async () => {
    await iam.write('CreateServiceLinkedRole', { AWSServiceName })
    expect((await refusal(iam.write('DeleteRole', { RoleName }))).code).toBe('UnmodifiableEntity')
    const { DeletionTaskId = '' } = await iam.write('DeleteServiceLinkedRole', { RoleName })
    expect(DeletionTaskId).toMatch(
      /^task\/aws-service-role\/autoscaling\.amazonaws\.com\/AWSServiceRoleForAutoScaling\/[\w-]+$/,
    )
    expect((await refusal(iam.read('GetRole', { RoleName }))).code).toBe('NoSuchEntity')
    expect(await iam.read('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toEqual({
      Status: 'SUCCEEDED',
    })
    await iam.write('CreateServiceLinkedRole', { AWSServiceName })
    expect(await iam.read('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toEqual({
      Status: 'SUCCEEDED',
    })
    for (const id of [`${DeletionTaskId}x`, DeletionTaskId.replace('AutoScaling', 'Other'), 'task/x'])
      expect(
        (await refusal(iam.read('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId: id }))).code,
      ).toBe('NoSuchEntity')
    expect((await refusal(iam.write('DeleteServiceLinkedRole', { RoleName: 'none' }))).code).toBe(
      'NoSuchEntity',
    )
  })

  it('are in no instance profile, and no other role goes as one', async () => {
    await iam.write('CreateInstanceProfile', { InstanceProfileName: 'web' })
    await iam.write('CreateRole', {
      RoleName: 'mine',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: AWSServiceName }, Action: 'sts:AssumeRole' }],
      }),
    })
    await iam.write('CreateServiceLinkedRole', { AWSServiceName })
    const added = iam.write('AddRoleToInstanceProfile', { InstanceProfileName: 'web', RoleName })
    expect((await refusal(added)).code).toBe('UnmodifiableEntity')
    expect((await refusal(iam.write('DeleteServiceLinkedRole', { RoleName: 'mine' }))).code).toBe(
      'InvalidInput',
    )
  })
})

describe('the table of service-linked roles', () => {
  it('names a policy of AWS with each, which the catalogue has', async () => {
    const facts = await loadManagedPolicies()
    expect(LINKING_SERVICES.length).toBeGreaterThan(40)
    for (const service of LINKING_SERVICES)
      expect(facts.has(linkedPolicyArn('aws', linkedRole(service))), service).toBe(true)
  })

  it('tells a role by its path and name, and takes no underscore of a name for a suffix', () => {
    const names = [...LINKING_SERVICES, 'autoscaling.amazonaws.com_blue', 'autoscaling.amazonaws.com_a_b']
    for (const name of names) {
      const { path, roleName } = linkedRole(name)
      expect(linkedNameOf(path, roleName)).toBe(name)
      expect(roleName.length).toBeLessThanOrEqual(64)
    }
    const { path } = linkedRole('ecs.application-autoscaling.amazonaws.com')
    expect(linkedNameOf(path, 'AWSServiceRoleForApplicationAutoScaling')).toBeNull()
    expect(linkedNameOf('/aws-service-role/new.amazonaws.com/', 'AWSServiceRoleForNew')).toBeNull()
  })
})
