import { beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/iam/caller.ts'
import type { Organization, OrganizationPolicy } from '../../../src/model/index.ts'
import { ACCOUNT, refusal } from '../account.ts'
import { policyText, ROOT, userCalling } from '../authorization/world.ts'
import { openAccountWithSts } from './world.ts'

const MEMBER = '444455556666'
const policyOf = (name: string, ...Statement: readonly object[]): OrganizationPolicy => ({
  name,
  document: { json: { Version: '2012-10-17', Statement: Statement as never }, located: null },
})
const FULL = policyOf('FullAWSAccess', { Effect: 'Allow', Action: '*', Resource: '*' })
const accountNode = (id: string, scps = [FULL], rcps: readonly OrganizationPolicy[] = []) => ({
  kind: 'account' as const,
  id,
  name: id,
  serviceControlPolicies: scps,
  resourceControlPolicies: rcps,
  children: [],
})
const organizationWith = (...members: readonly ReturnType<typeof accountNode>[]): Organization => ({
  id: 'o-1234567890',
  managementAccount: ACCOUNT.id,
  root: {
    kind: 'root',
    id: 'r-1',
    name: 'root',
    serviceControlPolicies: [FULL],
    resourceControlPolicies: [],
    children: [accountNode(ACCOUNT.id), ...members],
  },
})
const ORGANIZATION = organizationWith(accountNode(MEMBER))

const task = (name: string) => `arn:aws:iam::aws:policy/root-task/${name}`
const AUDIT = task('IAMAuditRootUserCredentials')
const ALICE = userCalling('alice')
const POLICIES = new Map([
  [
    AUDIT,
    // As AWS has it, but for the list of its actions.
    {
      Version: '2012-10-17' as const,
      Statement: [
        { Effect: 'Deny' as const, NotAction: ['iam:ListAccessKeys', 'iam:GetUser'], Resource: '*' },
        {
          Effect: 'Deny' as const,
          Action: ['iam:ListAccessKeys', 'iam:GetUser'],
          NotResource: 'arn:aws:iam::*:root',
        },
      ],
    },
  ],
])

type World = Awaited<ReturnType<typeof openAccountWithSts>>
let world: World
const opened = (organization: Organization | null, rootSessions = true, id = ACCOUNT.id) =>
  openAccountWithSts(organization, undefined, {
    account: { id, partition: 'aws' },
    rootSessions,
    policies: POLICIES,
  })
const allowed = async (statement: object = {}) => {
  await world.iam.write('CreateUser', { UserName: 'alice' })
  await world.iam.write('PutUserPolicy', {
    UserName: 'alice',
    PolicyName: 'own',
    PolicyDocument: policyText({ Effect: 'Allow', Action: 'sts:*', Resource: '*', ...statement }),
  })
}
beforeEach(async () => {
  world = await opened(ORGANIZATION)
  await allowed()
})

const assume = (caller: Caller = ALICE, input: Record<string, unknown> = {}) =>
  world.sts.signed('AssumeRoot', {
    caller,
    input: { TargetPrincipal: MEMBER, TaskPolicyArn: { arn: AUDIT }, ...input },
    request: world.request(),
  })
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code

/** @see AWS STS API Reference, AssumeRoot */
describe('AssumeRoot', () => {
  it('gives credentials of the root user of a member, for fifteen minutes, which its own account takes for its task alone', async () => {
    const { Credentials } = await assume()
    expect(Credentials?.Expiration?.getTime()).toBe(world.now() + 900_000)
    // Here it is nobody's.
    await expect(world.callerOf(Credentials)).rejects.toThrow('invalid')

    const member = await opened(ORGANIZATION, true, MEMBER)
    const caller = await member.callerOf(Credentials)
    expect(caller).toMatchObject({ accountId: MEMBER, session: { bearer: { kind: 'root', assumed: true } } })
    expect(
      (await member.sts.signed('GetCallerIdentity', { caller, input: {}, request: member.request() })).Arn,
    ).toBe(`arn:aws:iam::${MEMBER}:root`)
    await member.authorize(caller, 'GetUser', {})
    expect((await refusal(member.authorize(caller, 'ListUsers', {}))).message).toContain(
      'with an explicit deny in a session policy',
    )
    expect(await codeOf(member.authorize(caller, 'CreateUser', { UserName: 'x' }))).toBe('AccessDenied')
    // Of others than root the task has nothing.
    expect(await codeOf(member.authorize(caller, 'GetUser', { UserName: 'x' }))).toBe('AccessDenied')
  })

  it('service control policies bind the root user who was assumed', async () => {
    const { Credentials } = await assume()
    const denying = policyOf('none', { Effect: 'Deny', Action: 'iam:GetUser', Resource: '*' })
    const member = await opened(organizationWith(accountNode(MEMBER, [FULL, denying])), true, MEMBER)
    const caller = await member.callerOf(Credentials)
    expect(await codeOf(member.authorize(caller, 'GetUser', {}))).toBe('AccessDenied')
  })

  it('takes the ARN of root, and durations of up to 900 s', async () => {
    const { Credentials } = await assume(ALICE, {
      TargetPrincipal: `arn:aws:iam::${MEMBER}:root`,
      DurationSeconds: 60,
    })
    expect(Credentials?.Expiration?.getTime()).toBe(world.now() + 60_000)
    for (const wrong of [
      { DurationSeconds: 901 },
      { TargetPrincipal: `arn:aws:iam::${MEMBER}:user/x` },
      { TargetPrincipal: 'somebody-else' },
      { TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/AdministratorAccess' } },
      { TaskPolicyArn: { arn: task('Other') } },
      { TaskPolicyArn: { arn: AUDIT.replace('aws:', 'aws-cn:') } },
      { TaskPolicyArn: undefined },
    ])
      expect(await codeOf(assume(ALICE, wrong))).toBe('ValidationError')
  })

  it.each<[string, () => Promise<World>]>([
    ['without an organization', () => opened(null)],
    ['where root access is not centralized', () => opened(ORGANIZATION, false)],
    ['of an account that is not in it', () => opened(organizationWith())],
    ['by a member', () => opened({ ...ORGANIZATION, managementAccount: '999988887777' })],
  ])('is refused %s', async (_, open) => {
    world = await open()
    await allowed()
    expect(await codeOf(assume())).toBe('AccessDenied')
  })

  it('is refused of the management account itself, by root, and by a session of GetSessionToken', async () => {
    expect(await codeOf(assume(ALICE, { TargetPrincipal: ACCOUNT.id }))).toBe('AccessDenied')
    expect(await codeOf(assume(ROOT))).toBe('AccessDenied')
    const { Credentials } = await world.sts.signed('GetSessionToken', {
      caller: ALICE,
      input: {},
      request: world.request(),
    })
    expect(await codeOf(assume(await world.callerOf(Credentials)))).toBe('AccessDenied')
  })

  it('needs a policy, which may ask for the task and the target', async () => {
    await allowed({ Action: 's3:*' }).catch(() => null)
    await world.iam.write('PutUserPolicy', {
      UserName: 'alice',
      PolicyName: 'own',
      PolicyDocument: policyText({
        Effect: 'Allow',
        Action: 'sts:AssumeRoot',
        Resource: `arn:aws:iam::${MEMBER}:root`,
        Condition: { StringEquals: { 'sts:TaskPolicyArn': AUDIT } },
      }),
    })
    await assume()
    expect(await codeOf(assume(ALICE, { TaskPolicyArn: { arn: task('S3UnlockBucketPolicy') } }))).toBe(
      'AccessDenied',
    )
  })

  it('resource control policies of the member bind it', async () => {
    const shut = policyOf('shut', {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:AssumeRoot',
      Resource: '*',
    })
    world = await opened(organizationWith(accountNode(MEMBER, [FULL], [shut])))
    await allowed()
    expect((await refusal(assume())).message).toContain('resource control policy')
  })
})
