import type { AccessDiff } from '../../access/access-diff.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import type { Plan } from '../../plan/plan.ts'
import type { AccessChanges } from '../plans/previewed-plan.ts'
import { changesWithoutEffect } from './change-effect.ts'
import { isDeletion, isOfCredential } from './change-sections.ts'
import type { ReviewSection, ReviewVerdict, SectionName, VerdictCount } from './review.ts'

type Counts = Partial<Readonly<Record<VerdictCount, number>>>

/** In the order in which they are said. */
const ORDER: readonly VerdictCount[] = [
  'gain',
  'loses',
  'deletes',
  'weakened',
  'credentials',
  'without effect',
  'escalations',
  'fail',
  'unknown',
  'undecided',
  'hold',
  'pass',
]

const IN_DANGER: readonly SectionName[] = ['errors', 'escalations', 'outside', 'gains', 'failures']
const WITH_CAUTION: readonly SectionName[] = ['weakened', 'unknown', 'losses', 'deletes']

/**
 * @param counts of each account, or of each thing that was looked at
 * @param sections those that there are: what isn't counted may weigh as well
 */
export function verdictOf(
  counts: readonly Counts[],
  sections: readonly ReviewSection[],
  objections: readonly string[],
  otherwise: string,
): ReviewVerdict {
  const sum = (of: VerdictCount) => counts.reduce((total, each) => total + (each[of] ?? 0), 0)
  const has = (names: readonly SectionName[]) => sections.some(({ name }) => names.includes(name))
  const isCaution = sum('credentials') > 0 || has(WITH_CAUTION) || objections.length > 0
  const isDanger = sum('gain') + sum('fail') > 0 || has(IN_DANGER)
  return {
    level: isDanger ? 'danger' : isCaution ? 'caution' : 'quiet',
    counts: ORDER.flatMap((of) => (sum(of) > 0 ? [[sum(of), of] as const] : [])),
    otherwise,
    objections,
  }
}

/** How many principals entries are about; of policies that anybody may hold whoever does counts as one. */
export const principalCount = (entries: readonly { readonly principals: readonly string[] }[]): number =>
  new Set(entries.flatMap(({ principals }) => (principals.length === 0 ? [''] : principals))).size

/** Of all accounts: who gains something in two of them is one. */
export const accessCounts = (diffs: readonly AccessDiff[]): Counts => ({
  gain: principalCount(diffs.flatMap(({ gained }) => gained.filter(isDeciding))),
  loses: principalCount(diffs.flatMap(({ lost }) => lost.filter(isDeciding))),
  unknown: principalCount(
    diffs.flatMap(({ unknown, unknownEscalations = [] }) => [...unknown, ...unknownEscalations]),
  ),
})

/** Besides whose access it changes. @param access null: it isn't known, so that nothing is without effect */
export const planCounts = ({ changes }: Plan, access: AccessChanges | null): Counts => ({
  ...(access === null ? {} : { 'without effect': changesWithoutEffect(changes, access).length }),
  deletes: changes.filter(({ action }) => isDeletion(action)).length,
  credentials: changes.filter(isOfCredential).length,
})
