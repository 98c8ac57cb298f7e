import type { Effect } from '../../model/effect.ts'
import { isAwsManagedPolicyArn, jsonOf, type PolicyDocument, type StateDocument } from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import type { PlanInput } from '../plan-input.ts'

/** The effects of what can be held. Only what changes is asked for, so that an index is made at the first question. */
export interface Effects {
  ofPolicy(arn: string): Effect
  ofGroup(name: string): Effect
}

/** What AWS itself attaches to stop somebody. All its other policies only allow. */
const AWS_DENYING = /\/AWS(?:DenyAll|CompromisedKeyQuarantine\w*)$/

/**
 * Of several documents together: of the one before the plan and the one after it, or of all that a group holds. What isn't
 * known may do both.
 */
export function effectOf(documents: Iterable<PolicyDocument | null>): Effect {
  return together(
    [...documents].flatMap((document) =>
      document === null ? ['Allow', 'Deny'] : statementsOf(document).map(({ Effect: effect }) => effect),
    ),
  )
}

export function effectsIn({ desired, observed }: PlanInput): Effects {
  let arns: ReturnType<typeof documentsByArn> | null = null
  const documentsOf = (arn: string): readonly (PolicyDocument | null)[] => {
    arns ??= documentsByArn(observed.entities.policy, desired.entities.policy)
    return arns.get(arn) ?? []
  }
  const policies = new Map<string, Effect>()
  const groups = new Map<string, Effect>()
  const ofPolicy = (arn: string): Effect =>
    isAwsManagedPolicyArn(arn)
      ? AWS_DENYING.test(arn)
        ? 'denies'
        : 'allows'
      : remembered(policies, arn, () => effectOf(documentsOf(arn)))
  return {
    ofPolicy,
    ofGroup: (name) =>
      remembered(groups, name, () => {
        const held = [observed.entities.group.get(name), desired.entities.group.get(name)].filter(
          (group) => group !== undefined,
        )
        const effects = held.flatMap(({ managedPolicies = [], inlinePolicies = new Map() }) => [
          ...managedPolicies.map(ofPolicy),
          ...[...inlinePolicies.values()].map((document) => effectOf([jsonOf(document)])),
        ])
        return together(
          effects.flatMap((effect) =>
            effect === 'both' ? ['Allow', 'Deny'] : [effect === 'denies' ? 'Deny' : 'Allow'],
          ),
        )
      }),
  }
}

function documentsByArn(
  ...all: readonly ReadonlyMap<string, { readonly arn: string; readonly document: StateDocument }>[]
): ReadonlyMap<string, readonly (PolicyDocument | null)[]> {
  const arns = new Map<string, (PolicyDocument | null)[]>()
  for (const policies of all)
    for (const { arn, document } of policies.values()) {
      const known = arns.get(arn)
      if (known === undefined) arns.set(arn, [jsonOf(document)])
      else known.push(jsonOf(document))
    }
  return arns
}

const together = (effects: readonly string[]): Effect =>
  !effects.includes('Deny') ? 'allows' : effects.includes('Allow') ? 'both' : 'denies'

function remembered<T>(known: Map<string, T>, key: string, compute: () => T): T {
  const value = known.get(key)
  if (value !== undefined) return value
  const computed = compute()
  known.set(key, computed)
  return computed
}
