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

/** What isn't known of somebody's access isn't known of what they come to by it: that is said once, of all for whom it matters. */
function distinct(all: readonly UnknownAccess[]): readonly UnknownAccess[] {
  const keyOf = ({ reason, rule, unseen, policy, sid, source }: UnknownAccess): string =>
    JSON.stringify([reason, rule, unseen, policy, sid, source])
  const byKey = new Map<string, UnknownAccess[]>()
  for (const each of all) byKey.set(keyOf(each), [...(byKey.get(keyOf(each)) ?? []), each])
  return all.filter((one) => {
    const alike = byKey.get(keyOf(one)) ?? []
    return alike.every((other, at) => {
      if (other === one || !one.principals.every((each) => other.principals.includes(each))) return true
      // Of two that are about the same principals the first one stays.
      return other.principals.length === one.principals.length && alike.indexOf(one) < at
    })
  })
}

export const joinedReports = (reports: readonly EscalationReport[]): EscalationReport =>
  escalationReport(
    reports.flatMap(({ escalations }) => escalations),
    reports.flatMap(({ unknown }) => unknown),
  )
