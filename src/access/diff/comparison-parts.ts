import type { EstateView } from '../estate-view.ts'
import type { Reasoner } from '../reasoner.ts'
import { regionKey } from '../regions/region.ts'
import { placedStatements, sideKey } from '../sides/side.ts'
import type { SideDiff, SideFinding } from '../sides/side-finding.ts'
import { partOf } from '../sides/side-part.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Comparer } from './comparer.ts'
import { type Comparison, NO_QUESTION, readingMore } from './comparison.ts'

interface ComparisonPart {
  readonly comparison: Comparison
  /** Of what is found, what this allow lets through; null: all. */
  readonly only: PlacedStatement | null
}

/**
 * Of somebody who is new: a comparison for each allow, with what can bear on it alone. Thousands of new principals share
 * few statements, so that what is found of one holds for many.
 * @param reading how open rules are read: where none bears on an allow, both come to the same
 */
export function partsByAllow(
  comparison: Comparison,
  { actions, compiler, generation }: Reasoner,
  reading: 'strict' | 'wider' = 'strict',
): readonly ComparisonPart[] {
  const { principal, region, now, before } = comparison
  const [way, ...others] = now.side.ways
  if (before.side.ways.length > 0 || way === undefined || others.length > 0)
    return [{ comparison, only: null }]
  const [granting = []] = way
  const allows = new Map(granting.map((allow) => [allow.symbolic.source, allow]))
  const traits = now.state?.keys.id ?? ''
  const isOpen = ({ symbolic }: PlacedStatement) => compiler.openRulesOf(symbolic.source).length > 0
  return [...allows.values()].map((allow) => {
    const { side, hasOthers } = partOf(allow, now.side, actions)
    const read = reading === 'wider' && placedStatements(side).some(isOpen) ? reading : ''
    return {
      comparison: {
        ...comparison,
        now: { ...now, side },
        // All that is reasoned with: the statements, where their requests are, and whoever asks as far as no statement tells.
        key: `${generation} part ${regionKey(region)} ${allow.policy} ${allow.symbolic.source.index} ${sideKey(side)} ${principal.account} ${traits} ${read}`,
      },
      only: hasOthers ? allow : null,
    }
  })
}

export const onlyOf = (diff: SideDiff, only: PlacedStatement | null): SideDiff =>
  only === null
    ? diff
    : {
        findings: diff.findings.filter(({ allow }) => allow.identity === only.identity),
        doubts: diff.doubts.filter(({ allow }) => allow.identity === only.identity),
      }

/** What a comparison comes to where open rules are read the way that grants more. */
export function gainsReadWider(
  comparison: Comparison,
  views: readonly EstateView[],
  { comparer, reasoner }: { readonly comparer: Comparer; readonly reasoner: Reasoner },
): SideDiff {
  const question = readingMore(NO_QUESTION)
  if (comparison.region.type !== 'rest') return comparer.gainsOf(comparison, views, question)
  const parts = partsByAllow(comparison, reasoner, 'wider')
  return joined(
    parts.map(({ comparison: part, only }) => onlyOf(comparer.gainsOf(part, views, question), only)),
    reasoner,
  )
}

/** What was found part by part, in the order of the actions that it is about. */
function joined(diffs: readonly SideDiff[], { actions }: Reasoner): SideDiff {
  const [first] = diffs
  if (first !== undefined && diffs.length === 1) return first
  const findings = diffs.flatMap((diff) => diff.findings)
  const places = new Map(findings.map((finding) => [finding, placeOf(finding, actions)]))
  return {
    findings: findings.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0)),
    doubts: diffs.flatMap(({ doubts }) => doubts),
  }
}

const placeOf = ({ actions, tier }: SideFinding, table: Reasoner['actions']): number =>
  tier === 'future'
    ? Number.MAX_SAFE_INTEGER
    : actions.reduce((least, action) => Math.min(least, table.placeOf(action)), Number.MAX_SAFE_INTEGER - 1)
