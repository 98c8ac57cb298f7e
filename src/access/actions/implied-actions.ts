import { PASSED_ALONG } from '../../evaluator/estate/call-rules.ts'
import type { Reasoner } from '../reasoner.ts'
import { regionSide, type SideOfRegion } from '../regions/region-side.ts'
import { requirementsOf } from '../session-tags/requirement.ts'
import { notMatching } from '../session-tags/tagged-side.ts'
import { type PrincipalSide, placedStatements } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { absentLiteral } from '../symbolic/compile-condition.ts'
import type { Pins } from '../symbolic/pins.ts'

/** Actions that whoever assumes a role needs as well, by the keys of the request that show it. */
const IMPLIED = PASSED_ALONG.map(({ action, isFor }) => [action.toLowerCase(), isFor] as const)

type Given = ReadonlyMap<string, readonly string[] | null>
const NOTHING_GIVEN: Given = new Map()

const ASSUMING = { negated: false, entries: ['sts:AssumeRole*'] }
const EVERY_ACTION = { negated: false, entries: ['*'] }
const EVERYWHERE = { resource: null, coversStar: true, coversBuckets: true }

/**
 * What a principal may do in a region, with what a call asks for beside its own action: a role is assumed with tags only
 * where they may be passed.
 * @param given keys, in lower case, that all requests have which are looked at; null: none has it
 */
export const callSide = (
  ...[state, region, view, reasoner, known, given = NOTHING_GIVEN]: [
    ...of: Parameters<SideOfRegion>,
    given?: Given,
  ]
): ReturnType<SideOfRegion> => {
  const found = regionSide(state, region, view, reasoner, known)
  if (found.side.ways.length === 0) return found
  if (region.type === 'rest')
    return { ...found, side: sideOfUnknownRoles(found.side, reasoner, known, given) }
  if (region.type !== 'trust') return found
  const layers = IMPLIED.flatMap(([action, keys]) => {
    const spellings = keysIn(placedStatements(found.side), keys, given)
    return spellings.length === 0 ? [] : layerFor(action, spellings, found.side, region.arn, reasoner, known)
  })
  if (layers.length === 0) return found
  const { ways, denies } = found.side
  return { ...found, side: { ways: ways.map((way) => [...way, ...layers]), denies } }
}

/** Keys of requests that are given, or that statements speak of, each in one spelling. */
function keysIn(statements: Iterable<PlacedStatement>, wanted: RegExp, given: Given): readonly string[] {
  const found = new Map<string, string>()
  for (const [key, values] of given) if (values !== null && wanted.test(key)) found.set(key, key)
  for (const { symbolic } of statements)
    for (const key of [...symbolic.source.conditions.map(({ key }) => key), ...symbolic.variables])
      if (wanted.test(key.toLowerCase())) found.set(key.toLowerCase(), key)
  return [...found.values()]
}

/**
 * The same of roles whose trust policies aren't known: which one it is about is open, so that the same policies are asked
 * about the same role once more. Only where what assumes a role hangs on such keys.
 */
function sideOfUnknownRoles(
  side: PrincipalSide,
  reasoner: Reasoner,
  known: Pins,
  given: Given,
): PrincipalSide {
  const about = (action: string) => {
    const isIn = reasoner.actions.membershipOf(action)
    return ({ actions, symbolic }: PlacedStatement) => isIn(actions) && !symbolic.never
  }
  const assuming = [...placedStatements(side)].filter(about('sts:assumerole'))
  const implied = IMPLIED.flatMap(([action, keys]) => {
    const spellings = keysIn(assuming, keys, given)
    return spellings.length === 0
      ? []
      : [{ isMeant: about(action), without: withoutKeys(spellings, reasoner, known) }]
  })
  if (implied.length === 0) return side
  const any = reasoner.actions.setOf(EVERY_ACTION)
  const allowed = ({ symbolic }: PlacedStatement) =>
    reasoner.compiler.madeOf(symbolic.literals, symbolic, any)
  return {
    ways: side.ways.map((way) => [
      ...way,
      ...implied.flatMap(({ isMeant, without }) => [
        ...way.map((layer) => [...without, ...layer.filter(isMeant).map(allowed)]),
        ...side.denies.filter(isMeant).map((deny) => [...without, ...notMatching(deny, reasoner)]),
      ]),
    ]),
    denies: side.denies,
  }
}

/** Whatever assumes no role, or has none of some keys. */
function withoutKeys(
  keys: readonly string[],
  { actions, compiler, symbols }: Reasoner,
  known: Pins,
): readonly PlacedStatement[] {
  const others = compiler.madeOf([], EVERYWHERE, actions.complementOf(actions.setOf(ASSUMING)))
  if (keys.some((key) => known.valueOf(key.toLowerCase()) != null)) return [others]
  const open = keys.filter((key) => known.valueOf(key.toLowerCase()) === undefined)
  const absent = open.map((key) => absentLiteral(key, symbols))
  return [others, compiler.madeOf(absent, EVERYWHERE, actions.setOf(EVERY_ACTION))]
}

/** A layer that allows what doesn't need the action, and what is allowed it. */
function layerFor(
  action: string,
  keys: readonly string[],
  side: PrincipalSide,
  role: string,
  reasoner: Reasoner,
  known: Pins,
): readonly (readonly PlacedStatement[])[] {
  // Too many ways: what isn't excluded the evaluator decides.
  const ways = requirementsOf(side, action, role, reasoner)
  if (ways === null || ways.some((tests) => tests.length === 0)) return []
  const any = reasoner.actions.setOf(EVERY_ACTION)
  return [
    [
      ...withoutKeys(keys, reasoner, known),
      ...ways.map((tests) => reasoner.compiler.madeOf(tests, EVERYWHERE, any)),
    ],
  ]
}
