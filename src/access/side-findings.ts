import type { FoundRequest, SideDoubt, SideFinding } from './side-diff.ts'

export interface RawFinding extends SideFinding {
  /** No resource of the actions' types is gained. */
  readonly isOdd: boolean
}

/** Actions that one request shows to be gained, for as long as there is one. */
export interface Told {
  readonly actions: string[]
  request: FoundRequest | null
}

/** One finding for each statement and tier; where there are real resources, odd ones are no news. */
export function merged(findings: readonly RawFinding[]): readonly SideFinding[] {
  const typed = new Set(
    findings.filter(({ tier }) => tier === 'typed').map(({ allow }) => allow.symbolic.source),
  )
  const byStatement = new Map<string, SideFinding>()
  const numbers = new Map<unknown, number>()
  for (const { isOdd, ...finding } of findings) {
    const { source } = finding.allow.symbolic
    if (isOdd && typed.has(source)) continue
    const number = numbers.get(source) ?? numbers.size
    numbers.set(source, number)
    const key = `${number} ${finding.allow.policy} ${finding.tier}`
    const known = byStatement.get(key)
    byStatement.set(
      key,
      known === undefined ? finding : { ...known, actions: [...known.actions, ...finding.actions] },
    )
  }
  return [...byStatement.values()].map((each) => ({ ...each, actions: [...new Set(each.actions)].sort() }))
}

export function distinctDoubts(doubts: readonly SideDoubt[]): readonly SideDoubt[] {
  const known = new Map<unknown, SideDoubt>()
  for (const doubt of doubts)
    if (!known.has(doubt.allow.symbolic.source)) known.set(doubt.allow.symbolic.source, doubt)
  return [...known.values()]
}
