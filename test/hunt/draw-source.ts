// For whom a service asks: policies that are drawn already ask for its account and its organization, one beside the other.
import type { ConditionBlock } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { Constants } from './asked.ts'
import { replacing, statementsIn } from './draw-sign-in.ts'
import type { EstatePair } from './estate-spec.ts'
import { membershipIn } from './members.ts'
import { HOME, MEMBER, ORGANIZATION, OTHER_ORGANIZATION, PARTNER, ROOT_ID } from './world.ts'

type Context = ReadonlyMap<string, readonly string[]>

const ID = 'aws:sourceorgid'
const PATHS = 'aws:sourceorgpaths'

const OF_ACCOUNT: readonly ConditionBlock[] = [
  { StringEquals: { 'aws:SourceAccount': HOME } },
  { StringEquals: { 'aws:SourceAccount': [MEMBER, PARTNER] } },
  { StringNotEquals: { 'aws:SourceAccount': HOME } },
  { StringLikeIfExists: { 'aws:SourceAccount': '4444*' } },
  { Null: { 'aws:SourceAccount': 'true' } },
]
const OF_ORGANIZATION: readonly ConditionBlock[] = [
  { StringEqualsIgnoreCase: { 'aws:SourceOrgID': ORGANIZATION } },
  { StringLike: { 'aws:SourceOrgID': 'o-*' } },
  { StringNotEqualsIfExists: { 'aws:SourceOrgID': ORGANIZATION } },
  { Null: { 'aws:SourceOrgID': 'true' } },
  { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': `${ORGANIZATION}/*` } },
  { 'ForAnyValue:StringEquals': { 'aws:SourceOrgPaths': `${ORGANIZATION}/${ROOT_ID}/ou-ab12-unit0001/` } },
  { 'ForAllValues:StringLike': { 'aws:SourceOrgPaths': `${OTHER_ORGANIZATION}/*` } },
]

const ofSource = (random: Random): ConditionBlock => {
  const drawn = [random.pick(OF_ORGANIZATION), random.pick(random.chance(0.7) ? OF_ACCOUNT : OF_ORGANIZATION)]
  const block: Record<string, Record<string, string | readonly string[]>> = {}
  for (const each of drawn)
    for (const [operator, keys] of Object.entries(each))
      block[operator] = { ...block[operator], ...(keys as Record<string, string | readonly string[]>) }
  return block as ConditionBlock
}

/** A statement about services asks for whom they ask: in both states, or from now on. */
export function withSource(pair: EstatePair, random: Random): EstatePair {
  const all = [...new Set(statementsIn(pair.after))].filter(({ Principal, NotPrincipal }) =>
    /"\*"|"Service"/.test(JSON.stringify(Principal ?? NotPrincipal ?? null)),
  )
  if (all.length === 0) return pair
  const replaced = new Map(
    [random.pick(all), random.pick(all)].map((statement) => [
      statement,
      { ...statement, Condition: ofSource(random) },
    ]),
  )
  const after = replacing(pair.after, replaced)
  return { before: random.chance(0.6) ? replacing(pair.before, replaced) : pair.before, after }
}

/** The organization of the account for which a service asks; what isn't of one account in both states isn't said. */
export function drawSource(
  context: Context,
  constants: Constants,
  pair: EstatePair,
  random: Random,
): Context {
  if ((!constants.has(ID) && !constants.has(PATHS)) || random.chance(0.25)) return new Map()
  const ofArn = context.get('aws:sourcearn')?.[0]?.split(':')[4]
  const account = context.get('aws:sourceaccount')?.[0] ?? (ofArn === '' ? undefined : ofArn) ?? null
  const states = [pair.before, pair.after].filter(({ organization }) => organization != null)
  const places = states.map((spec) => membershipIn(spec, account))
  const [first = null] = places
  const isOne = places.every((each) => each?.path === first?.path)
  const place = (path: string) => {
    const [id = ''] = path.split('/')
    return new Map([
      [ID, [id]],
      [PATHS, [path]],
    ])
  }
  if (!isOne) return new Map()
  if (first !== null) return place(first.path)
  const others = [`${OTHER_ORGANIZATION}/r-zz99/`, 'o-yyyyyyyyy8/r-zz99/ou-zz99-unit0009/']
  const isOpen = states.length === 0
  return place(random.pick(isOpen ? [...others, `${ORGANIZATION}/${ROOT_ID}/ou-ab12-unit0001/`] : others))
}
