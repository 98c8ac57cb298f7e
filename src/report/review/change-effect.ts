import type { AccessDiff } from '../../access/access-diff.ts'
import type { AccessEntry, UnknownAccess } from '../../access/access-entry.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import type { Change } from '../../plan/plan.ts'
import type { AccessContext } from '../access/access-page.ts'
import type { AccessChanges } from '../plans/previewed-plan.ts'
import { isOfCredential } from './change-sections.ts'

/**
 * Changes of which no typed gain or loss comes, nor anything that isn't known. One that may have had a part in such an entry counts as
 * having had it: it is about the entity itself, by a policy of it, denied or limited by one, on it, or about a member of it. A
 * credential of somebody is no policy: who holds it may do what they may, so that it is never without effect.
 */
export function changesWithoutEffect(
  changes: readonly Change[],
  { diff, context }: AccessChanges,
): readonly Change[] {
  const touched = touchedBy(diff)
  const isTouched = (arn: string) => touched.has(arn)
  return changes.filter(
    (change) =>
      change.arn !== null &&
      !isOfCredential(change) &&
      !isTouched(change.arn) &&
      !membersOf(change.name, change.arn, context).some(isTouched),
  )
}

/** ARNs of whoever and whatever entries speak of. */
function touchedBy(diff: AccessDiff): ReadonlySet<string> {
  const touched = new Set<string>()
  const add = (each: string | null | undefined) => {
    if (each != null) touched.add(each)
  }
  const addEntry = (entry: AccessEntry) => {
    addUnknown(entry)
    for (const each of [...entry.via, ...entry.resources, entry.witness.resource]) add(each)
    add(entry.because?.policy)
    add(entry.because?.allowedBy?.policy)
  }
  const addUnknown = ({ principals, policy }: AccessEntry | UnknownAccess) => {
    for (const each of principals) add(each.replace(/^federated:/, ''))
    add(policy)
  }
  for (const entry of [...diff.gained, ...diff.lost]) if (isDeciding(entry)) addEntry(entry)
  for (const unknown of [...diff.unknown, ...(diff.unknownEscalations ?? [])]) addUnknown(unknown)
  return touched
}

/** Members on either side of what has members and this name. */
const membersOf = (name: string, arn: string, { members }: AccessContext): readonly string[] =>
  arn.endsWith(`/${name}`) ? [...(members.gained.get(name) ?? []), ...(members.lost.get(name) ?? [])] : []
