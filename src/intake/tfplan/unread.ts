import { infoOf, warningOf } from '../../diagnostics/index.ts'
import type { EstateDraft } from '../estate-draft.ts'
import { ATTACHMENT_TYPES } from './attachments.ts'
import { BESIDE_TYPES } from './beside-policies.ts'
import type { Instance } from './instance.ts'
import { kindOfType } from './kinds.ts'
import { ORGANIZATION_TYPES } from './organization-controls.ts'
import { PERMISSION_SET_TYPES } from './permission-sets.ts'
import type { PlanFile } from './plan-file.ts'
import { RESOURCE_TYPES } from './resource-policies.ts'
import { HELD_TYPES, THING_TYPES } from './running-things.ts'
import type { PlanSide } from './sides.ts'
import { isOfAccess, leavesAccess } from './types-of-access.ts'

/** Whether something is left for later: what the plan says of after isn't all that will be. */
export const isUnfinished = ({ isErrored, deferred }: PlanFile): boolean => isErrored || deferred.length > 0

export function findUnfinished({ isErrored, deferred }: PlanFile, file: string, draft: EstateDraft): void {
  if (isErrored)
    draft.find(
      warningOf({
        code: 'intake.incomplete',
        message: `\`${file}\` is a plan that Terraform couldn't finish`,
        help: 'mend what `terraform plan` says, and write it again',
      }),
    )
  if (deferred.length > 0)
    draft.find(
      warningOf({
        code: 'intake.incomplete',
        message: `\`${file}\` leaves ${deferred.length} resources for a later plan: ${listed(deferred)}`,
        help: 'what they grant or deny is in no answer',
      }),
    )
}

const isRead = (type: string): boolean =>
  kindOfType(type) !== null ||
  ATTACHMENT_TYPES.includes(type) ||
  PERMISSION_SET_TYPES.includes(type) ||
  ORGANIZATION_TYPES.includes(type) ||
  RESOURCE_TYPES.includes(type) ||
  BESIDE_TYPES.includes(type) ||
  HELD_TYPES.includes(type)

/**
 * What speaks of access and isn't looked at is named, the rest counted.
 * @param unplaced addresses of what is of a type that is read, and could not be
 */
export function findUnread(
  { name, instances }: PlanSide,
  draft: EstateDraft,
  unplaced: ReadonlySet<string>,
): void {
  const named = new Map<string, string[]>()
  let rest = 0
  for (const { type, mode, address } of instances) {
    if (mode === 'data' || (isRead(type) && !unplaced.has(address))) continue
    if (THING_TYPES.includes(type) && !isOfAccess(type)) continue
    if (!isOfAccess(type)) rest++
    else if (named.get(type)?.push(address) === undefined) named.set(type, [address])
  }
  for (const [type, addresses] of named)
    draft.find(
      warningOf({
        code: 'intake.not-modelled',
        message: `\`${type}\` speaks of access and is not looked at: ${listed(addresses)}`,
        help: 'what it grants or denies is in no answer',
      }),
    )
  if (rest > 0)
    draft.find(
      infoOf({
        code: 'intake.passed-over',
        // A comparison of both sides says it of each.
        message: `${name === 'before' ? 'before the plan, ' : ''}${rest === 1 ? '1 resource says' : `${rest} resources say`} nothing of access: not looked at`,
      }),
    )
}

const MOST_LISTED = 5

const listed = (addresses: readonly string[]): string =>
  addresses
    .slice(0, MOST_LISTED)
    .map((each) => `\`${each}\``)
    .join(', ') + (addresses.length > MOST_LISTED ? ` and ${addresses.length - MOST_LISTED} more` : '')

/** Whether a plan deletes anything of access that is declared no more: nothing says in which of several accounts that was. */
export const deletesSomewhere = ({ instances }: PlanSide): boolean =>
  instances.some(
    ({ type, mode, configured }) =>
      mode === 'managed' && configured === null && (isOfAccess(type) || isRead(type)),
  )

/** Whether a plan changes anything that gives or takes access, and that isn't looked at: then what it says isn't all that it does. */
export function changesUnread({ before, after }: Readonly<Record<PlanSide['name'], PlanSide>>): boolean {
  // By what they are, not where: what has only moved is the same.
  const [old, now] = [before, after].map(({ instances }) =>
    instances.flatMap((each) => unreadParts(each)).toSorted(),
  )
  return JSON.stringify(old) !== JSON.stringify(now)
}

/** What of a resource gives or takes access, and isn't looked at. */
function unreadParts({ type, mode, values }: Instance): readonly string[] {
  if (mode === 'data') return []
  return isOfAccess(type) && !isRead(type) && !leavesAccess(type) ? [`${type} ${JSON.stringify(values)}`] : []
}
