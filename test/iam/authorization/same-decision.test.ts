// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import { createEvaluator, estateOf } from '../../../src/evaluator/estate/evaluator.ts'
import type { Caller, Session } from '../../../src/iam/caller.ts'
import { IamError } from '../../../src/iam/service-error.ts'
import { OBSERVE_KINDS } from '../../../src/kinds/observe.ts'
import { observe } from '../../../src/reconcile/observe.ts'
import { Random } from '../../evaluator/random-cases.ts'
import { sampleOf } from '../../sample-size.ts'
import { ACCOUNT, AWS_POLICIES } from '../account.ts'
import { NOW, openAuthorized, policyText, REQUEST, ROOT, userCalling } from './world.ts'

/*
 * The decision on a call is the one that `evaluate` gives for the same question: random accounts, callers and calls, of which the
 * questions are put to an evaluator over what is observed of the account.
 */
const USERS = ['alice', 'bob']
const ROLES = ['deploy', 'audit']
const GROUPS = ['devs', 'ops']
const TEAMS = ['a', 'b']
const arn = (rest: string): string => `arn:aws:iam::${ACCOUNT.id}:${rest}`
const LIMIT = arn('policy/limit')

const CALLS: readonly (readonly [operation: string, input: (random: Random) => Record<string, unknown>])[] = [
  ['GetUser', (random) => ({ UserName: random.pick([...USERS, 'nobody']) })],
  ['ListAccessKeys', (random) => (random.below(2) === 0 ? {} : { UserName: random.pick(USERS) })],
  [
    'CreateUser',
    (random) => ({ UserName: 'new', Path: random.pick(['/', '/team/']), PermissionsBoundary: LIMIT }),
  ],
  ['CreateUser', (random) => ({ UserName: 'new', Tags: [{ Key: 'team', Value: random.pick(TEAMS) }] })],
  [
    'AttachUserPolicy',
    (random) => ({
      UserName: random.pick(USERS),
      PolicyArn: random.pick([LIMIT, 'arn:aws:iam::aws:policy/ReadOnlyAccess']),
    }),
  ],
  ['PutUserPermissionsBoundary', (random) => ({ UserName: random.pick(USERS), PermissionsBoundary: LIMIT })],
  ['DeleteUserPolicy', (random) => ({ UserName: random.pick(USERS), PolicyName: 'own' })],
  [
    'TagUser',
    (random) => ({
      UserName: random.pick(USERS),
      Tags: [{ Key: random.pick(['team', 'stage']), Value: 'a' }],
    }),
  ],
  ['UntagRole', (random) => ({ RoleName: random.pick(ROLES), TagKeys: [random.pick(['team', 'stage'])] })],
  ['GetRole', (random) => ({ RoleName: random.pick(ROLES) })],
  ['AddUserToGroup', (random) => ({ GroupName: random.pick(GROUPS), UserName: random.pick(USERS) })],
  ['AddRoleToInstanceProfile', (random) => ({ InstanceProfileName: 'web', RoleName: random.pick(ROLES) })],
  ['ListUsers', () => ({})],
  ['ChangePassword', () => ({})],
]

const ACTIONS = [
  'iam:*',
  'iam:Get*',
  'iam:CreateUser',
  'iam:TagUser',
  'iam:Attach*',
  'iam:*User*',
  'iam:PassRole',
  'iam:AddRoleToInstanceProfile',
  's3:*',
  '*',
]
const RESOURCES = [
  '*',
  arn('user/*'),
  arn('user/team/*'),
  arn('user/${aws:username}'),
  arn('role/*'),
  arn('group/devs'),
  arn('instance-profile/*'),
  arn('user/alice'),
]
const CONDITIONS: readonly object[] = [
  {},
  {},
  { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
  { StringEquals: { 'iam:ResourceTag/team': 'a' } },
  { StringEquals: { 'aws:RequestTag/team': 'a' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
  { ArnEquals: { 'iam:PolicyARN': LIMIT } },
  { StringNotEquals: { 'iam:PermissionsBoundary': LIMIT } },
  { StringEquals: { 'iam:PermissionsBoundary': LIMIT } },
  { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  { DateLessThan: { 'aws:TokenIssueTime': '2026-01-01T12:00:00Z' } },
  { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  { StringLike: { 'aws:userid': 'AROA*:ci' } },
  { ArnLike: { 'aws:PrincipalArn': arn('role/*') } },
]

const statement = (random: Random): object => {
  const condition = random.pick(CONDITIONS)
  return {
    Effect: random.below(4) === 0 ? 'Deny' : 'Allow',
    Action: random.pick(ACTIONS),
    Resource: random.pick(RESOURCES),
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }
}
const document = (random: Random): string =>
  policyText(...Array.from({ length: 1 + random.below(3) }, () => statement(random)))

async function randomAccount(random: Random) {
  const account = await openAuthorized()
  const { iam } = account
  await iam.write('CreatePolicy', { PolicyName: 'limit', PolicyDocument: document(random) })
  await iam.write('CreateInstanceProfile', { InstanceProfileName: 'web' })
  for (const GroupName of GROUPS) {
    await iam.write('CreateGroup', { GroupName })
    await iam.write('PutGroupPolicy', { GroupName, PolicyName: 'of-group', PolicyDocument: document(random) })
  }
  const tags = () => ({ Tags: [{ Key: random.pick(['team', 'Team']), Value: random.pick(TEAMS) }] })
  for (const UserName of USERS) {
    await iam.write('CreateUser', { UserName, Path: random.pick(['/', '/team/']), ...tags() })
    await iam.write('PutUserPolicy', { UserName, PolicyName: 'own', PolicyDocument: document(random) })
    if (random.below(2) === 0) await iam.write('AddUserToGroup', { UserName, GroupName: random.pick(GROUPS) })
    if (random.below(3) === 0)
      await iam.write('PutUserPermissionsBoundary', { UserName, PermissionsBoundary: LIMIT })
  }
  const trust = policyText({ Effect: 'Allow', Principal: { AWS: ACCOUNT.id }, Action: 'sts:AssumeRole' })
  for (const RoleName of ROLES) {
    await iam.write('CreateRole', {
      RoleName,
      Path: random.pick(['/', '/team/']),
      AssumeRolePolicyDocument: trust,
      ...tags(),
    })
    await iam.write('PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: document(random) })
    if (random.below(2) === 0) await iam.write('AttachRolePolicy', { RoleName, PolicyArn: LIMIT })
    if (random.below(3) === 0)
      await iam.write('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: LIMIT })
  }
  return account
}

const session = (bearer: Session['bearer'], parts: Partial<Session>): Caller => ({
  kind: 'session',
  accountId: ACCOUNT.id,
  accessKeyId: 'ASIASESSION',
  userName: null,
  session: {
    bearer,
    issued: NOW - 60_000,
    expires: NOW + 3_600_000,
    policies: { inline: null, arns: [] },
    tags: [],
    transitive: [],
    sourceIdentity: null,
    mfa: null,
    context: [],
    ...parts,
  },
})

async function randomCaller(
  random: Random,
  { iam }: Awaited<ReturnType<typeof randomAccount>>,
): Promise<Caller> {
  const name = random.pick(USERS)
  switch (random.below(5)) {
    case 0:
      return ROOT
    case 1:
      return userCalling(name)
    case 2: {
      const userId = (await iam.read('GetUser', { UserName: name })).User?.UserId ?? ''
      return session({ kind: 'sameUser', userId }, { mfa: NOW - 90_000 })
    }
    default: {
      const RoleName = random.pick(ROLES)
      const roleId = (await iam.read('GetRole', { RoleName })).Role?.RoleId ?? ''
      return session(
        { kind: 'assumedRole', roleId, sessionName: 'ci' },
        {
          ...(random.below(2) === 0 ? {} : { policies: { inline: document(random), arns: [LIMIT] } }),
          ...(random.below(2) === 0 ? {} : { tags: [{ key: 'team', value: random.pick(TEAMS) }] }),
        },
      )
    }
  }
}

/** Keys that `evaluate` finds by itself: given with a question they would only confirm themselves. */
const FOUND = /^(?:aws:ResourceTag\/|iam:ResourceTag\/|aws:userid$|aws:RequestedRegion$|aws:ViaAWSService$)/i

describe('authorization decides as `evaluate` does', () => {
  it('random accounts, callers and calls', async () => {
    const random = new Random(19)
    const told = { allow: 0, deny: 0 }
    for (let round = 0; round < sampleOf(60); round++) {
      const account = await randomAccount(random)
      const state = await observe(account.iam, ACCOUNT, OBSERVE_KINDS)
      const uniqueIds = new Map<string, string>()
      for (const UserName of USERS) {
        const user = (await account.iam.read('GetUser', { UserName })).User
        uniqueIds.set(user?.Arn ?? '', user?.UserId ?? '')
      }
      for (const RoleName of ROLES) {
        const role = (await account.iam.read('GetRole', { RoleName })).Role
        uniqueIds.set(role?.Arn ?? '', role?.RoleId ?? '')
      }
      const evaluator = await createEvaluator(
        { ...estateOf(state), uniqueIds },
        { documentOf: AWS_POLICIES.document, now: new Date(NOW) },
      )
      for (let call = 0; call < 40; call++) {
        const [operation, inputOf] = random.pick(CALLS)
        const input = inputOf(random)
        const caller = await randomCaller(random, account)
        const asked = { caller, operation, input, request: REQUEST }
        const decided = await account.authorize(asked).then(
          () => true,
          (error: unknown) => {
            if (error instanceof IamError && error.code === 'AccessDenied') return false
            if (error instanceof IamError && error.code === 'ValidationError') return null
            throw error
          },
        )
        if (decided === null) continue
        const questions = await account.read((reading) => account.authorizer.questionsOf(reading, asked))
        const answers = questions.map(({ request }) => {
          const { policies } =
            caller.kind === 'session' ? caller.session : { policies: { inline: null, arns: [] } }
          const passed = [
            ...policies.arns.map((id) => ({ id, text: state.entities.policy.get('limit')?.document })),
          ].flatMap(({ id, text }) =>
            text === undefined || !('json' in text) ? [] : [{ id, document: text }],
          )
          const inline =
            policies.inline === null
              ? []
              : [{ id: 'session', document: { json: JSON.parse(policies.inline), located: null } }]
          const context = new Map([...request.context].filter(([key]) => !FOUND.test(key)))
          const { answer } = evaluator.evaluate({
            ...request,
            context,
            sessionPolicies: [...passed, ...inline],
          })
          return answer?.decision
        })
        const expected = answers.every((decision) => decision === 'allow')
        expect(decided, JSON.stringify({ operation, input, caller, answers })).toBe(expected)
        told[expected ? 'allow' : 'deny']++
      }
    }
    console.info(`${told.allow} allowed, ${told.deny} denied`)
    expect(told.allow).toBeGreaterThan(50)
    expect(told.deny).toBeGreaterThan(50)
  })
})
