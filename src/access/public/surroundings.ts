import { Refusal } from '../../evaluator/estate/refusal.ts'
import type { OrganizationNode } from '../../model/index.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import { Mentions } from './mentions.ts'
import type { Surroundings } from './stranger-keys.ts'

/** What an estate knows of accounts and organizations: nobody of these is a stranger. */
export const surroundingsOf = (view: EstateView, partition: string, now: Date): Surroundings => ({
  partition,
  known: new Set([...view.accounts.keys(), ...view.memberAccounts]),
  organizations: view.estate.organization === null ? [] : [view.estate.organization.id],
  now: now.getTime(),
})

/** What the policies say that decide with one of a resource or role. */
export function mentionsOf(policy: ParsedPolicy | null, view: EstateView): Mentions {
  const root = view.estate.organization?.root
  return new Mentions([
    ...(policy === null ? [] : [policy]),
    ...(root === undefined ? [] : controlPolicies(root, view)),
  ])
}

const controlPolicies = (
  { resourceControlPolicies, children }: OrganizationNode,
  view: EstateView,
): readonly ParsedPolicy[] => [
  ...resourceControlPolicies.flatMap(({ name, document }) => {
    try {
      return [view.documents.identified(name, document, 'rcp').policy]
    } catch (error) {
      if (error instanceof Refusal) return []
      throw error
    }
  }),
  ...children.flatMap((child) => controlPolicies(child, view)),
]
