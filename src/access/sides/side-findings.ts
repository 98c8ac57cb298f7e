import type { InternedLists } from '../actions/interned-lists.ts'
import type { SideDoubt, SideFinding } from './side-finding.ts'

/** What says more comes first: beside a real resource, what only a pattern says is no news. */
const TIERS: readonly SideFinding['tier'][] = ['typed', 'named', 'pattern']

/** Whether a finding of one tier is no news beside one of the other by the same statement. */
export const isBeside = (tier: SideFinding['tier'], other: SideFinding['tier']): boolean =>
  tier !== 'future' && other !== 'future' && TIERS.indexOf(other) < TIERS.indexOf(tier)

/** One finding for each statement and tier, but for those that are no news. @param lists keeps equal lists of actions as one */
export function merged(findings: readonly SideFinding[], lists: InternedLists): readonly SideFinding[] {
  const best = new Map<unknown, SideFinding['tier']>()
  for (const { allow, tier } of findings) {
    const { source } = allow.symbolic
    const known = best.get(source)
    if (known === undefined || isBeside(known, tier)) best.set(source, tier)
  }
  const byStatement = new Map<string, SideFinding>()
  const numbers = new Map<unknown, number>()
  for (const finding of findings) {
    const { source } = finding.allow.symbolic
    if (isBeside(finding.tier, best.get(source) ?? finding.tier)) continue
    const number = numbers.get(source) ?? numbers.size
    numbers.set(source, number)
    const key = `${number} ${finding.allow.policy} ${finding.tier}`
    const known = byStatement.get(key)
    byStatement.set(
      key,
      known === undefined ? finding : { ...known, actions: [...known.actions, ...finding.actions] },
    )
  }
  return [...byStatement.values()].map((each) => ({
    ...each,
    actions: lists.sorted(each.actions),
  }))
}

export function distinctDoubts(doubts: readonly SideDoubt[]): readonly SideDoubt[] {
  const known = new Map<unknown, SideDoubt>()
  for (const doubt of doubts)
    if (!known.has(doubt.allow.symbolic.source)) known.set(doubt.allow.symbolic.source, doubt)
  return [...known.values()]
}
