import type { Reasoner } from '../reasoner.ts'
import { regionKey } from '../regions/region.ts'
import { sideKey } from '../sides/side.ts'
import type { SideDiff } from '../sides/side-finding.ts'
import { partOf } from '../sides/side-part.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import type { Comparison } from './comparison.ts'

interface ComparisonPart {
  readonly comparison: Comparison
  /** Of what is found, what this allow lets through; null: all. */
  readonly only: PlacedStatement | null
}

/**
 * Of somebody who is new: a comparison for each allow, with what can bear on it alone. Thousands of new principals share
 * few statements, so that what is found of one holds for many.
 */
export function partsByAllow(
  comparison: Comparison,
  { actions, generation }: Reasoner,
): readonly ComparisonPart[] {
  const { principal, region, now, before } = comparison
  const [way, ...others] = now.side.ways
  if (before.side.ways.length > 0 || way === undefined || others.length > 0)
    return [{ comparison, only: null }]
  const [granting = []] = way
  const allows = new Map(granting.map((allow) => [allow.symbolic.source, allow]))
  const traits = now.state?.keys.id ?? ''
  return [...allows.values()].map((allow) => {
    const { side, hasOthers } = partOf(allow, now.side, actions)
    return {
      comparison: {
        ...comparison,
        now: { ...now, side },
        // All that is reasoned with: the statements, where their requests are, and whoever asks as far as no statement tells.
        key: `${generation} part ${regionKey(region)} ${allow.policy} ${allow.symbolic.source.index} ${sideKey(side)} ${principal.account} ${traits}`,
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
