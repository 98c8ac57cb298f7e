// Random small estates in which many ways to power lead to each other.
import type { AccountState, Estate, PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  denies,
  document,
  ELSEWHERE,
  HOME,
  lets,
  type Parts,
  type RoleParts,
  stateOf,
  trusts,
  type UserParts,
} from './estates.ts'

const USERS = ['ann', 'bob', 'cat']
const ROLES = ['task', 'power', 'audit']
const GROUPS = ['crew', 'ops']
const POLICIES = ['own', 'limits', 'spare']
const SERVICES = ['lambda.amazonaws.com', 'ec2.amazonaws.com']
const ACTIONS: readonly (readonly string[])[] = [
  ['iam:CreateAccessKey'],
  ['iam:UpdateLoginProfile', 'iam:EnableMFADevice', 'iam:CreateVirtualMFADevice'],
  ['iam:UploadSSHPublicKey'],
  ['iam:UpdateUser'],
  ['iam:UpdateGroup', 'iam:AddUserToGroup'],
  ['iam:UpdateAccessKey'],
  ['iam:AddUserToGroup'],
  ['iam:PutUserPolicy'],
  ['iam:AttachUserPolicy'],
  ['iam:PutRolePolicy'],
  ['iam:AttachRolePolicy'],
  ['iam:PutGroupPolicy'],
  ['iam:CreatePolicyVersion'],
  ['iam:DeleteUserPermissionsBoundary'],
  ['iam:UpdateAssumeRolePolicy'],
  ['iam:TagUser', 'iam:TagRole'],
  ['iam:CreateRole', 'iam:PutRolePolicy'],
  ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'],
  ['iam:PassRole', 'ec2:RunInstances'],
  ['iam:PassRole'],
  ['lambda:UpdateFunctionCode'],
  ['ssm:StartSession'],
  ['iam:UpdateSAMLProvider'],
  ['sts:AssumeRole'],
  ['s3:*'],
  ['dynamodb:PutItem'],
]
const RESOURCES = [
  '*',
  ...USERS.map((name) => arnOf(`user/${name}`)),
  ...ROLES.map((name) => arnOf(`role/${name}`)),
  arnOf('group/ops'),
  arnOf('policy/own'),
  arnOf('user/$' + '{aws:username}'),
  arnOf('user/$' + '{aws:PrincipalTag/team}'),
  arnOf('role/p*'),
  arnOf('user/dev-*'),
  `arn:aws:iam::${ELSEWHERE}:role/power`,
]
const CONDITIONS: readonly (object | null)[] = [
  null,
  null,
  null,
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringEquals: { 'aws:ResourceTag/team': 'a' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'b' } },
  { ArnEquals: { 'iam:PolicyARN': arnOf('policy/spare') } },
  { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  { StringEquals: { 'iam:PermissionsBoundary': arnOf('policy/limits') } },
]

const sample = <T>(random: Random, list: readonly T[], count: number): readonly T[] => [
  ...new Set(Array.from({ length: count }, () => random.pick(list))),
]

function statement(random: Random): PolicyStatement {
  const write = random.below(8) === 0 ? denies : allows
  return write(
    random.pick(ACTIONS),
    sample(random, RESOURCES, 1 + random.below(2)),
    random.pick(CONDITIONS) ?? undefined,
  )
}
const policy = (random: Random): PolicyDocument =>
  document(...Array.from({ length: 1 + random.below(3) }, () => statement(random)))
const maybe = <T>(random: Random, part: T): T | Record<string, never> => (random.below(3) === 0 ? part : {})

const held = (random: Random) => ({
  ...maybe(random, { policy: policy(random) }),
  managed: sample(random, [...POLICIES, 'ReadOnlyAccess'], random.below(2)),
})
const limited = (random: Random) => ({
  ...held(random),
  ...maybe(random, { boundary: random.pick(['limits', 'PowerUserAccess']) }),
  ...maybe(random, { tags: { team: random.pick(['a', 'b', 'bob']) } }),
})
const user = (random: Random): UserParts => ({
  ...limited(random),
  groups: sample(random, GROUPS, random.below(2)),
})
const role = (random: Random): RoleParts => ({
  ...limited(random),
  ...(random.below(4) === 0 ? { managed: [ADMINISTRATOR] } : {}),
  trust: random.pick([
    trusts(random.pick(SERVICES)),
    trusts(`user/${random.pick(USERS)}`, random.pick(SERVICES)),
    trusts(`role/${random.pick(ROLES)}`),
    lets({ AWS: arnOf('root') }, 'sts:AssumeRole', random.pick(CONDITIONS.slice(0, 4)) ?? undefined),
    lets({ AWS: `arn:aws:iam::${ELSEWHERE}:root` }, 'sts:AssumeRole'),
    lets({ AWS: `arn:aws:iam::${ELSEWHERE}:user/ann` }, 'sts:AssumeRole'),
    lets({ Federated: arnOf('saml-provider/corp') }, 'sts:AssumeRoleWithSAML'),
  ]),
})

const made = <T>(names: readonly string[], of: () => T): Readonly<Record<string, T>> =>
  Object.fromEntries(names.map((name) => [name, of()]))

const randomParts = (random: Random): Parts => ({
  users: made(USERS, () => user(random)),
  roles: made(ROLES, () => role(random)),
  groups: made(GROUPS, () => held(random)),
  policies: made(POLICIES, () => policy(random)),
})

/** The same with a few things other than they were. */
function changedParts(parts: Parts, random: Random): Parts {
  const one = <T>(of: Readonly<Record<string, T>> = {}, change: () => T) => ({
    ...of,
    [random.pick(Object.keys(of))]: change(),
  })
  switch (random.below(4)) {
    case 0:
      return { ...parts, users: one(parts.users, () => user(random)) }
    case 1:
      return { ...parts, roles: one(parts.roles, () => role(random)) }
    case 2:
      return { ...parts, groups: one(parts.groups, () => held(random)) }
    default:
      return { ...parts, policies: one(parts.policies, () => policy(random)) }
  }
}

/** An account like `HOME`'s that is the other one: each calls the other `ELSEWHERE`. */
const swapped = (state: AccountState): AccountState => swap(state) as AccountState

function swap(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\d{12}/g, (id) => (id === HOME ? ELSEWHERE : id === ELSEWHERE ? HOME : id))
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, swap(each)]))
  if (Array.isArray(value)) return value.map(swap)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, swap(each)]))
}

/** Two accounts, and the same after a change of the first. */
export const randomChange = (random: Random): readonly [Estate, Estate] => changeBy(random, changedParts)

/** The same after changes that hardly any way asks for: other actions, other tags. */
export const randomSmallChange = (random: Random): readonly [Estate, Estate] =>
  changeBy(random, (parts) => {
    let changed = parts
    for (let left = 1 + random.below(3); left > 0; left--) changed = slightlyChanged(changed, random)
    return changed
  })

const SMALL_ACTIONS = [
  's3:GetObject',
  'dynamodb:GetItem',
  'sqs:SendMessage',
  'logs:*',
  'sts:GetCallerIdentity',
]

function slightlyChanged(parts: Parts, random: Random): Parts {
  const small = random.chance(0.2)
    ? statement(random)
    : random.pick([allows, allows, denies])(
        sample(random, SMALL_ACTIONS, 1 + random.below(2)),
        random.pick(RESOURCES),
        random.pick(CONDITIONS) ?? undefined,
      )
  const besides = (before: PolicyDocument | undefined) =>
    document(...(before === undefined ? [] : [before.Statement].flat()), small)
  const one = <T extends { readonly policy?: PolicyDocument }>(of: Readonly<Record<string, T>> = {}) => {
    const name = random.pick(Object.keys(of))
    const { [name]: old } = of
    return old === undefined ? of : { ...of, [name]: { ...old, policy: besides(old.policy) } }
  }
  const tagged = <T extends { readonly tags?: Readonly<Record<string, string>> }>(
    of: Readonly<Record<string, T>> = {},
  ) => {
    const name = random.pick(Object.keys(of))
    const { [name]: old } = of
    const tag = random.pick(['team', 'note', 'note'])
    const value = random.pick(['a', 'b', 'bob'])
    return old === undefined ? of : { ...of, [name]: { ...old, tags: { ...old.tags, [tag]: value } } }
  }
  switch (random.below(6)) {
    case 0:
      return { ...parts, users: one(parts.users) }
    case 1:
      return { ...parts, roles: one(parts.roles) }
    case 2:
      return { ...parts, groups: one(parts.groups) }
    case 3:
      return { ...parts, users: tagged(parts.users) }
    case 4:
      return { ...parts, roles: tagged(parts.roles) }
    default: {
      const name = random.pick(POLICIES)
      return { ...parts, policies: { ...parts.policies, [name]: besides(parts.policies?.[name]) } }
    }
  }
}

function changeBy(
  random: Random,
  change: (parts: Parts, random: Random) => Parts,
): readonly [Estate, Estate] {
  const parts = randomParts(random)
  const other = swapped(stateOf(randomParts(random)))
  const estate = (first: Parts): Estate => ({
    accounts: [stateOf(first), other],
    organization: null,
    resources: new Map(),
    inventories: new Set([HOME, ELSEWHERE]),
  })
  return [estate(parts), estate(change(parts, random))]
}
