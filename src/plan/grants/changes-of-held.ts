import { memberChange } from '../../kinds/attributes/member-change.ts'
import { saysTheSame } from '../../kinds/attributes/same-meaning.ts'
import type { DesiredGroup, GroupState } from '../../model/index.ts'
import type { Fate, PlanInput, ToLookAt } from '../plan-input.ts'
import { declaredAttributes } from '../removal/ownership.ts'

/** What others may hold and what changes in this plan: who loses it must not see the change, who gains it, only that. */
export interface Changing {
  /** By ARN as observed: whether it gets another document, or is made anew. */
  policy(arn: string): boolean
  /** By name: whether its members get something that they did not have from it. */
  groupGains(name: string): boolean
  /** By name: whether its members lose something that they had from it. */
  groupLoses(name: string): boolean
}

export function whatChanges(
  { desired, observed, declaredBefore }: PlanInput,
  fates: ReadonlyMap<string, Fate>,
  { unsettled }: ToLookAt,
): Changing {
  const policies = new Set<string>()
  for (const { name } of unsettled) {
    const [now, policy] = [observed.entities.policy.get(name), desired.entities.policy.get(name)]
    if (now === undefined || policy === undefined) continue
    const { arn, document } = policy
    if (fates.get(now.arn) === 'replace') policies.add(now.arn)
    else if (!saysTheSame(now.document, document.json, observed.account)) policies.add(arn)
  }
  const rewrites = (now: GroupState, { inlinePolicies }: DesiredGroup): boolean =>
    [...(inlinePolicies ?? [])].some(([name, { json }]) => {
      const before = now.inlinePolicies.get(name)
      return before !== undefined && !saysTheSame(before, json, observed.account)
    })
  const moves = (
    name: string,
    of: (change: { added: readonly string[]; removed: readonly string[] }) => number,
  ) => {
    const [now, then] = [observed.entities.group.get(name), desired.entities.group.get(name)]
    if (now === undefined || then === undefined) return false
    const before = declaredAttributes(declaredBefore, then)
    const managed = memberChange(now.managedPolicies, then.managedPolicies, before.managedPolicies)
    const inline = memberChange(now.inlinePolicies.keys(), then.inlinePolicies?.keys(), before.inlinePolicies)
    return (
      of(managed) + of(inline) > 0 ||
      now.managedPolicies.some((arn) => policies.has(arn)) ||
      rewrites(now, then)
    )
  }
  return {
    policy: (arn) => policies.has(arn),
    groupGains: (name) => moves(name, ({ added }) => added.length),
    groupLoses: (name) => moves(name, ({ removed }) => removed.length),
  }
}
