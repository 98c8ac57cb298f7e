import type { ResourceFacts } from '../../model/index.ts'
import type { Coverage } from '../analysis.ts'
import type { EstateView } from '../estate-view.ts'

/** Declared resources of some accounts, and those of accounts that the estate doesn't have: nothing else looks at them. */
export const resourcesLookedAt = (
  { estate, accounts: known }: EstateView,
  accounts: ReadonlySet<string>,
): readonly ResourceFacts[] =>
  [...estate.resources.values()].filter(({ account }) => accounts.has(account) || !known.has(account))

/** Whose policies a proof about outsiders looks at. */
export function coverageOf(view: EstateView, accounts: ReadonlySet<string>): Coverage {
  const roles = [...accounts].reduce((sum, id) => sum + (view.accounts.get(id)?.entities.role.size ?? 0), 0)
  return {
    roles,
    resources: resourcesLookedAt(view, accounts)
      .map(({ arn }) => arn)
      .sort(),
    ...(view.estate.unseen?.has('resourcePolicies') === true ? { unseen: 'resourcePolicies' as const } : {}),
  }
}
