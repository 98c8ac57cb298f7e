import { actionFacts } from '../../evaluator/module/action-facts.ts'
import { KIND_CODES } from '../../evaluator/module/request-facts.ts'
import { parsePrincipal } from '../../evaluator/principal.ts'
import { rootArn } from '../../model/index.ts'
import type { AccessEntry } from '../access-entry.ts'
import type { Probe, Proof } from '../analysis.ts'
import type { Exploration, ExploredBy } from '../explore.ts'
import { type ExaminedPrincipal, entityPrincipal } from '../principals/examined-principal.ts'
import { restRegion } from '../regions/region.ts'
import { levelsOf } from './access-levels.ts'

/**
 * Calls that whoever has credentials may make, whatever any policy says: a claim that names such an action itself fails for
 * everybody of the estate. One by a pattern doesn't: `sts:*` would never hold.
 * @see STS API Reference, GetCallerIdentity, GetSessionToken: permissions
 */
export function withCallsWithoutPolicy(
  proof: Proof,
  { view, reasoner }: Exploration,
  { actions, resources }: Probe,
  by: Omit<ExploredBy, 'boundsBy' | 'outsiders'>,
): Proof {
  // Such calls are about no resource.
  if (!resources.some((resource) => /^\*+$/.test(resource))) return proof
  const named = actions.filter((action) => !/[*?]/.test(action) && alwaysAllowed(action) !== 0)
  if (named.length === 0) return proof
  const principals: readonly ExaminedPrincipal[] = [
    ...[...view.accounts.values()].flatMap(({ account }) => [
      ...(by.withRoot ? [entityPrincipal(rootArn(account), account.id)] : []),
      ...view.entitiesOf(account.id).map(({ arn }) => entityPrincipal(arn, account.id)),
    ]),
    ...(by.sessions ?? []).filter(({ name, parent }) => view.principalOf(parent ?? name) !== null),
  ]
  const meant = principals.filter(
    (principal) =>
      by.isConcerned(principal.account ?? '') && by.isMeant(principal, restRegion(principal.account, 'own')),
  )
  const found = named.flatMap((action): readonly AccessEntry[] => {
    const principals = meant.map(({ name }) => name).filter((principal) => may(principal, action))
    const [principal] = principals
    if (principal === undefined) return []
    const spelled = reasoner.actions.facts.spellingOf(action) ?? action
    return [
      {
        ...NOTHING_SAID,
        principals: [...new Set(principals)].sort(),
        actions: [spelled],
        levels: levelsOf([spelled], reasoner.actions),
        witness: { principal, action: spelled, resource: '*', context: new Map() },
      },
    ]
  })
  return found.length === 0 ? proof : { ...proof, holds: false, violations: [...found, ...proof.violations] }
}

const alwaysAllowed = (action: string): number => actionFacts(action)?.fixed.other.always ?? 0

function may(principal: string, action: string): boolean {
  const facts = parsePrincipal(principal)
  return facts !== null && ((alwaysAllowed(action) >>> KIND_CODES[facts.kind]) & 1) !== 0
}

/** No statement grants it. */
const NOTHING_SAID = {
  kind: 'action',
  resources: ['*'],
  notResources: [],
  conditions: {},
  via: [],
  tier: 'typed',
  source: null,
  policy: '',
  sid: null,
  because: null,
  isPotential: false,
} as const
