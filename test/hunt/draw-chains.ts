// Roles that trust roles: somebody reaches the last by way of the others, and session tags come along.
import type { ConditionBlock, PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { Asked, Constants } from './asked.ts'
import type { EstatePair, EstateSpec, RoleSpec, Statements } from './estate-spec.ts'
import { HOME, iam, OTHER, type Partition } from './world.ts'

/** Who may hand a tag to the first role of a chain. */
const AT_THE_START: readonly (ConditionBlock | null)[] = [
  null,
  null,
  { StringEquals: { 'aws:RequestTag/team': 'payments' } },
  { StringLike: { 'aws:RequestTag/team': 're*' } },
  { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' } },
  { 'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': 'team' } },
  { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } },
  { Null: { 'sts:TransitiveTagKeys': 'true' } },
  { Null: { 'aws:RequestTag/team': 'true' } },
]
/** What the last role asks for. */
const AT_THE_END: readonly (ConditionBlock | null)[] = [
  null,
  null,
  { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
  { StringNotEquals: { 'aws:PrincipalTag/team': 'payments' } },
  { Null: { 'aws:TagKeys': 'true' } },
  { Null: { 'aws:RequestTag/team': 'true' } },
  { StringEquals: { 'aws:RequestTag/team': 'red' } },
  { StringEquals: { 'aws:RequestTag/team': ['red', 'payments'] } },
]

const ASSUME: PolicyStatement = {
  Effect: 'Allow',
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Resource: '*',
}
const BY_TAG: PolicyStatement = {
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
  Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
}

const withCondition = (statement: PolicyStatement, condition: ConditionBlock | null): PolicyStatement =>
  condition === null ? statement : { ...statement, Condition: condition }

const drawTrustOf = (
  random: Random,
  trusted: string,
  conditions: readonly (ConditionBlock | null)[],
): Statements => [
  withCondition(
    {
      Effect: 'Allow',
      Principal: { AWS: random.chance(0.2) ? (trusted.split(':')[4] ?? HOME) : trusted },
      Action: random.chance(0.8) ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole',
    },
    random.pick(conditions),
  ),
]

/** Adds a user's way to a role by way of one or two others, perhaps in another account, and changes it in one of the states. */
export function withChain(pair: EstatePair, random: Random): EstatePair {
  const partition = pair.after.partition ?? 'aws'
  const ends = random.chance(0.5) ? HOME : OTHER
  const isLong = random.chance(0.4)
  const hop = iam(partition, HOME, 'role/hop')
  const middle = iam(partition, ends, 'role/svc/middle')
  const drawHop = (): RoleSpec => ({
    policy: random.chance(0.8) ? [ASSUME] : [withCondition(ASSUME, random.pick(AT_THE_START))],
    trust: drawTrustOf(
      random,
      random.chance(0.5) ? userOf(pair, partition) : iam(partition, HOME, 'root'),
      AT_THE_START,
    ),
    ...(random.chance(0.2) ? { tags: { team: random.pick(['red', 'payments']) } } : {}),
  })
  const drawMiddle = (): RoleSpec => ({
    path: '/svc/',
    policy: [ASSUME],
    trust: drawTrustOf(random, hop, AT_THE_END),
  })
  const drawEnd = (): RoleSpec => ({
    policy: [BY_TAG, ...(random.chance(0.3) ? [ASSUME] : [])],
    trust: drawTrustOf(random, isLong ? middle : hop, AT_THE_END),
    ...(random.chance(0.15) ? { tags: { team: 'red' } } : {}),
  })
  const roles = [
    [HOME, 'hop', drawHop()],
    ...(isLong ? [[ends, 'middle', drawMiddle()] as const] : []),
    [ends, 'end', drawEnd()],
  ] as const
  const put = (state: EstateSpec) =>
    roles.reduce((all, [account, name, role]) => withRole(all, account, name, role), withUser(state))
  const [before, after] = [put(pair.before), put(pair.after)]
  const changed = () => {
    switch (random.below(5)) {
      case 0:
        return withRole(after, HOME, 'hop', drawHop())
      case 1:
        return withRole(after, ends, 'end', drawEnd())
      case 2:
        return isLong ? withRole(after, ends, 'middle', drawMiddle()) : withRole(after, HOME, 'hop', null)
      case 3:
        return withRole(after, HOME, 'hop', { ...drawHop(), policy: [] })
      default:
        return after
    }
  }
  const other = changed()
  return random.chance(0.5) ? { before, after: other } : { before: other, after }
}

const userOf = ({ after }: EstatePair, partition: Partition): string =>
  iam(partition, HOME, `user${after.accounts[HOME]?.users?.al?.path ?? '/'}al`)

/** The user who begins, allowed to assume whatever trusts them. */
function withUser(state: EstateSpec): EstateSpec {
  const home = state.accounts[HOME] ?? {}
  const al = home.users?.al ?? {}
  const users = { ...home.users, al: { ...al, policy: [...(al.policy ?? []), ASSUME] } }
  return { ...state, accounts: { ...state.accounts, [HOME]: { ...home, users } } }
}

function withRole(state: EstateSpec, account: string, name: string, role: RoleSpec | null): EstateSpec {
  const owner = state.accounts[account] ?? {}
  const { [name]: _, ...others } = owner.roles ?? {}
  const roles = role === null ? others : { ...others, [name]: role }
  return { ...state, accounts: { ...state.accounts, [account]: { ...owner, roles } } }
}

/** Tags that whoever assumes a role passes with the call. */
export function* drawPassedTags(
  { requester, action }: Asked,
  constants: Constants,
  random: Random,
): Iterable<readonly [key: string, values: readonly string[]]> {
  if (action !== 'sts:AssumeRole' && action !== 'sts:TagSession') return
  if (requester.kind === 'anonymous' || requester.kind === 'service' || random.chance(0.4)) return
  const values = [...(constants.get('aws:requesttag/team') ?? [])].map((value) => value.replace('*', 'd'))
  yield ['aws:requesttag/team', [random.pick([...values, 'payments', 'other', ''])]]
  yield ['aws:tagkeys', ['team']]
  if (random.chance(0.5)) yield ['sts:transitivetagkeys', ['team']]
}
