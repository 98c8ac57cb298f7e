import type { AccessLevel } from '../../catalog/actions.ts'
import type { AccessDiff } from '../access-diff.ts'
import type { AccessEntry, UnknownAccess } from '../access-entry.ts'
import type { EntryCollector } from '../entries/entries.ts'
import type { Escalation } from '../escalation/escalation.ts'

/** The most powerful first. */
const LEVELS: readonly AccessLevel[] = ['permissions', 'write', 'tagging', 'read', 'list']

/**
 * What was collected as a diff.
 * @param escalationsOf what of the gained access is more than access, or comes of it
 * @param isMeant which entries are of interest; absent: all
 */
export function diffOf(
  collector: Pick<EntryCollector, 'entries' | 'unknown'>,
  escalationsOf: (gained: readonly AccessEntry[]) => readonly Escalation[],
  isMeant: (principals: readonly string[], entry: AccessEntry | null) => boolean = () => true,
): AccessDiff {
  const meant = (entries: readonly AccessEntry[]) =>
    sorted(entries.filter((entry) => isMeant(entry.principals, entry)))
  const gained = meant(collector.entries('gained'))
  const lost = meant(collector.entries('lost'))
  const unknown = collector.unknown().filter(({ principals }) => isMeant(principals, null))
  return {
    verdict: verdictOf(gained, lost, unknown),
    gained,
    lost,
    unknown,
    escalations: escalationsOf(gained),
  }
}

/** Whether an entry decides anything: of another tier are requests that nobody is known to make. */
export const isDeciding = ({ tier }: AccessEntry): boolean => tier === 'typed'

function verdictOf(
  gained: readonly AccessEntry[],
  lost: readonly AccessEntry[],
  unknown: readonly UnknownAccess[],
): AccessDiff['verdict'] {
  if (unknown.length > 0) return 'unknown'
  if (gained.some(isDeciding)) return lost.some(isDeciding) ? 'both' : 'gained'
  return lost.some(isDeciding) ? 'lost' : 'none'
}

const TIERS: readonly AccessEntry['tier'][] = ['typed', 'pattern', 'future']

const rankOf = ({ levels }: AccessEntry): number => {
  const rank = LEVELS.findIndex((level) => levels[level] > 0)
  return rank < 0 ? LEVELS.length : rank
}

const sorted = (entries: readonly AccessEntry[]): readonly AccessEntry[] =>
  [...entries].sort(
    (a, b) =>
      TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
      compare(a.principals.join(), b.principals.join()) ||
      rankOf(a) - rankOf(b) ||
      compare(a.actions[0] ?? '', b.actions[0] ?? '') ||
      compare(a.resources.join(), b.resources.join()) ||
      compare(a.policy, b.policy) ||
      compare(JSON.stringify(a.conditions), JSON.stringify(b.conditions)) ||
      compare(a.via.join(), b.via.join()),
  )

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
