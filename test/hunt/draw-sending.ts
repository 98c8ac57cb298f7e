// How requests are sent and from which accounts, asked by policies that are drawn already: by way of which services, when, and
// accounts outside that are told apart without a name.
import type { ConditionBlock } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { PATTERN } from './accounts-like.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair } from './estate-spec.ts'
import { PARTNER } from './world.ts'

const VIA = ['athena.amazonaws.com', 'cloudformation.amazonaws.com'] as const

const SENT: readonly ConditionBlock[] = [
  { 'ForAnyValue:StringEquals': { 'aws:CalledVia': [VIA[0], VIA[1]] } },
  { 'ForAnyValue:StringLike': { 'aws:CalledVia': `${VIA[0].slice(0, 4)}*` } },
  { StringEquals: { 'aws:CalledViaFirst': VIA[0] } },
  { StringNotEquals: { 'aws:CalledViaFirst': VIA[0] } },
  { StringEqualsIfExists: { 'aws:CalledViaLast': VIA[1] } },
  { Null: { 'aws:CalledViaLast': 'false' } },
  { Bool: { 'aws:ViaAWSService': 'true' } },
  { Bool: { 'aws:ViaAWSService': 'false' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2040-01-01T00:00:00Z' } },
  { DateLessThan: { 'aws:CurrentTime': '2040-01-01T00:00:00Z' } },
  { NumericGreaterThan: { 'aws:EpochTime': '2208988800' } },
]
const OF_ACCOUNTS: readonly ConditionBlock[] = [
  { StringLike: { 'aws:PrincipalAccount': PATTERN } },
  { StringLike: { 'aws:PrincipalAccount': `*${PARTNER.slice(-4)}` } },
  { NumericLessThan: { 'aws:PrincipalAccount': '600000000000' } },
  { ArnLike: { 'aws:PrincipalArn': `arn:*:iam::${PATTERN}:role/*` } },
]

/** In both states, or from now on. */
export function withSending(pair: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(pair.after))]
  if (all.length === 0) return pair
  const toAnybody = all.filter(({ Principal }) => JSON.stringify(Principal)?.includes('"*"') === true)
  const isOfAccounts = toAnybody.length > 0 && random.chance(0.4)
  const statement = random.pick(isOfAccounts ? toAnybody : all)
  const Condition = random.pick(isOfAccounts ? OF_ACCOUNTS : SENT)
  const replaced = new Map([[statement, { ...statement, Condition }]])
  const after = replacing(pair.after, replaced)
  return { before: random.chance(0.7) ? replacing(pair.before, replaced) : pair.before, after }
}

/** What requests can say of a key of these; null: it is none of them. @param key in lower case */
export function choicesOfSending(
  key: string,
  some: readonly (readonly string[])[],
): readonly (readonly string[] | null)[] | null {
  if (key.startsWith('aws:calledvia')) return [null, ...some, ['other.amazonaws.com']]
  if (key === 'aws:viaawsservice') return [null, ['true'], ['false']]
  if (key === 'aws:currenttime') return [null, ['2041-01-01T00:00:00Z']]
  return key === 'aws:epochtime' ? [null, ['2240524800']] : null
}
