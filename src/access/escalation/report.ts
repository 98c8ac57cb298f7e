import type { AccessDiff } from '../access-diff.ts'
import type { UnknownAccess } from '../access-entry.ts'
import type { Escalation, EscalationReport } from './escalation.ts'
import { sortedByWeight } from './findings.ts'

/** What is found, and what that says of whether there is any. */
export function escalationReport(
  escalations: readonly Escalation[],
  unknown: readonly UnknownAccess[],
): EscalationReport {
  const isCertain = escalations.some(({ isPotential }) => !isPotential)
  return {
    holds: isCertain ? false : escalations.length + unknown.length > 0 ? 'unknown' : true,
    escalations: sortedByWeight(escalations),
    unknown,
  }
}

/** Of differences. @param from label of whom it is about; null: everybody */
export function reportOf(diffs: readonly AccessDiff[], from: string | null): EscalationReport {
  const isMeant = ({ principals }: { readonly principals: readonly string[] }) =>
    from === null || principals.includes(from)
  return escalationReport(
    diffs.flatMap(({ escalations }) => escalations).filter(isMeant),
    distinct(
      diffs
        .flatMap(({ unknown, unknownEscalations = [] }) => [...unknown, ...unknownEscalations])
        .filter((each) => each.direction === 'gained' && isMeant(each)),
    ),
  )
}

/** What isn't known of somebody's access isn't known of what they come to by it: that is said once. */
const distinct = (unknown: readonly UnknownAccess[]): readonly UnknownAccess[] => [
  ...new Map(
    unknown.map((each) => {
      const { principals, reason, rule, unseen, policy, sid, source } = each
      return [JSON.stringify([principals, reason, rule, unseen, policy, sid, source]), each]
    }),
  ).values(),
]

export const joinedReports = (reports: readonly EscalationReport[]): EscalationReport =>
  escalationReport(
    reports.flatMap(({ escalations }) => escalations),
    reports.flatMap(({ unknown }) => unknown),
  )
