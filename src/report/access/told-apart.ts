import type { AccessDiff, Escalation } from '../../access/access-diff.ts'
import type { AccessEntry, Direction } from '../../access/access-entry.ts'
import { toldEntries } from '../escalations/escalations-laid.ts'
import { entryKey, lostAlone } from './access-lines.ts'

/** What is gained, or lost: ways to power with the statements that open them, and everything else. */
interface ToldApart {
  readonly escalations: readonly Escalation[]
  /** Entries that are told of with an escalation, of its principals. */
  readonly escalating: readonly AccessEntry[]
  readonly others: readonly AccessEntry[]
}

/** Every entry once, either below what can be done with it, or by itself. An escalation of something that is lost is a loss. */
export function toldApart(diff: AccessDiff): Readonly<Record<Direction, ToldApart>> {
  const losses = lostAlone(diff)
  const isLoss = (escalation: Escalation) => losses.has(entryKey(escalation))
  const of = (direction: Direction): ToldApart => {
    const escalations = diff.escalations.filter((each) => isLoss(each) === (direction === 'lost'))
    return { escalations, ...toldEntries(diff[direction], escalations) }
  }
  return { gained: of('gained'), lost: of('lost') }
}
