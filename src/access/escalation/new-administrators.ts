import type { AccessEntry } from '../access-entry.ts'
import type { World } from './edge.ts'
import { escalationOf } from './entry-escalations.ts'
import type { Escalation } from './escalation.ts'
import { holderOf } from './powers/holder.ts'

/**
 * Who may do nearly everything now and couldn't, by several statements that each allow less: whoever is an administrator has no
 * path to anything else, so it is said of what they gained.
 * @param told what is said of the gained access already
 */
export function newAdministrators(
  gained: readonly AccessEntry[],
  told: readonly Escalation[],
  before: World,
  after: World,
): readonly Escalation[] {
  const said = new Set(told.flatMap((each) => (each.class === 'administrator' ? each.principals : [])))
  const typed = gained.filter(({ kind, tier }) => kind === 'action' && tier === 'typed')
  const labels = new Set(typed.flatMap(({ principals }) => principals.filter((label) => !said.has(label))))
  const gravest = new Map<AccessEntry, string[]>()
  for (const label of labels) {
    if (!isAdministrator(label, after) || isAdministrator(label, before)) continue
    const [entry] = typed
      .filter(({ principals }) => principals.includes(label))
      .sort((a, b) => b.levels.permissions - a.levels.permissions || b.actions.length - a.actions.length)
    if (entry !== undefined) gravest.set(entry, [...(gravest.get(entry) ?? []), label])
  }
  return [...gravest].map(([entry, principals]) =>
    escalationOf(
      { ...entry, principals },
      {
        rule: 'administrator',
        class: 'administrator',
        weight: 95,
        why: 'with what else is allowed to them, they may do nearly everything',
      },
    ),
  )
}

function isAdministrator(label: string, { surplus, view }: World): boolean {
  const holder = /^arn:.*:(?:user|role)\//.test(label) ? holderOf(label, 'own', view) : null
  return holder !== null && surplus.isAdministrator(holder) && surplus.mayWritePermissions(holder)
}
