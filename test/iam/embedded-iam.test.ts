import { describe, expect, it } from 'vitest'
import { keysOf } from '../../src/model/index.ts'
import { IS_WHOLE } from '../sample-size.ts'
import { ACCOUNT, openAccount, policyArn, refusal } from './account.ts'
import { describeIamContract } from './contract/iam-contract.ts'
import { TROUBLES, type TroubleName } from './faulty-account.ts'

describeIamContract('embedded, in process', async () => {
  const { iam, close } = await openAccount()
  return { account: ACCOUNT, iam, close }
})

// Refusals are the same, and so is what was done, whatever an apply has to try again.
const TRIED: readonly TroubleName[] = IS_WHOLE ? keysOf(TROUBLES) : ['all of it at once']
for (const trouble of TRIED)
  describeIamContract(`embedded, where ${trouble}`, async () => {
    const { iam, close } = await openAccount({}, trouble)
    return { account: ACCOUNT, iam, close }
  })

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
})
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
})

describe('the embedded IAM', () => {
  it('counts of an account are quotas, which can be set', async () => {
    const { iam } = await openAccount({
      usersPerAccount: 1,
      groupsPerAccount: 1,
      rolesPerAccount: 1,
      customerManagedPoliciesPerAccount: 1,
    })
    await iam.write('CreateUser', { UserName: 'a' })
    await iam.write('CreateGroup', { GroupName: 'a' })
    await iam.write('CreateRole', { RoleName: 'a', AssumeRolePolicyDocument: TRUST })
    await iam.write('CreatePolicy', { PolicyName: 'a', PolicyDocument: DOCUMENT })
    const refusals = [
      await refusal(iam.write('CreateUser', { UserName: 'b' })),
      await refusal(iam.write('CreateGroup', { GroupName: 'b' })),
      await refusal(iam.write('CreateRole', { RoleName: 'b', AssumeRolePolicyDocument: TRUST })),
      await refusal(iam.write('CreatePolicy', { PolicyName: 'b', PolicyDocument: DOCUMENT })),
    ]
    expect(refusals.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'LimitExceeded: Cannot exceed quota for UsersPerAccount: 1',
      'LimitExceeded: Cannot exceed quota for GroupsPerAccount: 1',
      'LimitExceeded: Cannot exceed quota for RolesPerAccount: 1',
      'LimitExceeded: Cannot exceed quota for PoliciesPerAccount: 1',
    ])
  })

  it('a smaller quota than what is there forbids more, and nothing else', async () => {
    const { iam } = await openAccount({ managedPoliciesPerUser: 0, tagsPerUser: 1, trustPolicySize: 10 })
    await iam.write('CreateUser', { UserName: 'a', Tags: [{ Key: 'a', Value: '' }] })
    const attach = iam.write('AttachUserPolicy', {
      UserName: 'a',
      PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    })
    expect((await refusal(attach)).message).toBe('Cannot exceed quota for PoliciesPerUser: 0')
    const tag = iam.write('TagUser', { UserName: 'a', Tags: [{ Key: 'b', Value: '' }] })
    expect((await refusal(tag)).code).toBe('LimitExceeded')
    await iam.write('TagUser', { UserName: 'a', Tags: [{ Key: 'A', Value: 'new' }] })
    const role = iam.write('CreateRole', { RoleName: 'a', AssumeRolePolicyDocument: TRUST })
    expect((await refusal(role)).code).toBe('LimitExceeded')
  })

  it('a service-linked role can have its description changed, and nothing else', async () => {
    const { iam, store } = await openAccount()
    const RoleName = 'AWSServiceRoleForSupport'
    const ownerId = 'AROAAAAAAAAAAAAAAAAAA'
    await store.write(async (rows) => {
      await rows.insert({
        kind: 'role',
        id: ownerId,
        name: RoleName,
        path: '/aws-service-role/support.amazonaws.com/',
        created: 0,
        parentId: null,
        body: { description: '', maxSessionDuration: 3600 },
      })
      await rows.putDocument('trust', { ownerId, name: '', text: TRUST, size: null, created: null })
    })
    await iam.write('CreatePolicy', { PolicyName: 'p', PolicyDocument: DOCUMENT })
    const PolicyArn = policyArn('/p')
    const calls = [
      iam.write('UpdateRole', { RoleName, MaxSessionDuration: 7200 }),
      iam.write('DeleteRole', { RoleName }),
      iam.write('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: TRUST }),
      iam.write('TagRole', { RoleName, Tags: [{ Key: 'a', Value: 'b' }] }),
      iam.write('UntagRole', { RoleName, TagKeys: ['a'] }),
      iam.write('PutRolePolicy', { RoleName, PolicyName: 'x', PolicyDocument: DOCUMENT }),
      iam.write('DeleteRolePolicy', { RoleName, PolicyName: 'x' }),
      iam.write('AttachRolePolicy', { RoleName, PolicyArn }),
      iam.write('DetachRolePolicy', { RoleName, PolicyArn }),
      iam.write('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: PolicyArn }),
      iam.write('DeleteRolePermissionsBoundary', { RoleName }),
    ]
    for (const call of calls)
      expect(await refusal(call)).toMatchObject({
        code: 'UnmodifiableEntity',
        message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
      })
    await iam.write('UpdateRole', { RoleName, Description: 'ours' })
    expect((await iam.read('GetRole', { RoleName })).Role?.Description).toBe('ours')
  })

  it('calls that are made at once happen one after the other', async () => {
    const { iam } = await openAccount({ usersPerAccount: 30 })
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => iam.write('CreateUser', { UserName: `u${index}` })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(30)
    const details = await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
    expect(details.UserDetailList).toHaveLength(30)
    expect(new Set(details.UserDetailList?.map(({ UserId }) => UserId)).size).toBe(30)
  })

  it("a policy of another partition's AWS is not this one's", async () => {
    const { iam } = await openAccount()
    await iam.write('CreateUser', { UserName: 'a' })
    const call = iam.write('AttachUserPolicy', {
      UserName: 'a',
      PolicyArn: 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess',
    })
    expect(await refusal(call)).toMatchObject({
      code: 'ValidationError',
      message: 'Invalid ARN partition',
    })
  })

  it('GetUser without a name would mean the caller, whom a call in process does not have', async () => {
    const { iam } = await openAccount()
    expect((await refusal(iam.read('GetUser', {}))).code).toBe('ValidationError')
  })
})
