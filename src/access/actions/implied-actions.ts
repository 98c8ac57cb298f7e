import type { Reasoner } from '../reasoner.ts'
import { regionSide, type SideOfRegion } from '../regions/region-side.ts'
import { requirementsOf } from '../session-tags/requirement.ts'
import { type PrincipalSide, placedStatements } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { absentLiteral } from '../symbolic/compile-condition.ts'
import type { Pins } from '../symbolic/pins.ts'

/**
 * Actions that whoever assumes a role needs as well, by the keys of the request that show it.
 * @see IAM User Guide, "Pass session tags in AWS STS"; "Monitor and control actions taken with assumed roles"
 */
const IMPLIED: readonly (readonly [action: string, keys: RegExp])[] = [
  ['sts:tagsession', /^(?:aws:requesttag\/|aws:tagkeys$|sts:transitivetagkeys$)/],
  ['sts:setsourceidentity', /^sts:sourceidentity$/],
  ['sts:setcontext', /^sts:requestcontext(?:providers$|\/)/],
]

const ASSUMING = { negated: false, entries: ['sts:AssumeRole*'] }
const EVERY_ACTION = { negated: false, entries: ['*'] }
const EVERYWHERE = { resource: null, coversStar: true, coversBuckets: true }

/**
 * What a principal may do in a region, with what a call asks for beside its own action: a role is assumed with tags only
 * where they may be passed.
 */
export const callSide: SideOfRegion = (state, region, view, reasoner, known) => {
  const found = regionSide(state, region, view, reasoner, known)
  if (region.type !== 'trust' || found.side.ways.length === 0) return found
  const layers = IMPLIED.flatMap(([action, keys]) => {
    const spellings = keysIn(found.side, keys)
    return spellings.length === 0 ? [] : layerFor(action, spellings, found.side, region.arn, reasoner, known)
  })
  if (layers.length === 0) return found
  const { ways, denies } = found.side
  return { ...found, side: { ways: ways.map((way) => [...way, ...layers]), denies } }
}

/** Keys of requests that statements speak of, each in one spelling. */
function keysIn(side: PrincipalSide, wanted: RegExp): readonly string[] {
  const found = new Map<string, string>()
  for (const { symbolic } of placedStatements(side))
    for (const key of [...symbolic.source.conditions.map(({ key }) => key), ...symbolic.variables])
      if (wanted.test(key.toLowerCase())) found.set(key.toLowerCase(), key)
  return [...found.values()]
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
  const { actions, compiler, symbols } = reasoner
  // Too many ways: what isn't excluded the evaluator decides.
  const ways = requirementsOf(side, action, role, reasoner)
  if (ways === null || ways.some((tests) => tests.length === 0)) return []
  const any = actions.setOf(EVERY_ACTION)
  const isGiven = keys.some((key) => known.valueOf(key.toLowerCase()) != null)
  const open = keys.filter((key) => known.valueOf(key.toLowerCase()) === undefined)
  const without = open.map((key) => absentLiteral(key, symbols))
  return [
    [
      compiler.madeOf([], EVERYWHERE, actions.complementOf(actions.setOf(ASSUMING))),
      ...(isGiven ? [] : [compiler.madeOf(without, EVERYWHERE, any)]),
      ...ways.map((tests) => compiler.madeOf(tests, EVERYWHERE, any)),
    ],
  ]
}
