import { POLICY } from '../../model/index.ts'
import type { Fate, PlanInput } from '../plan-input.ts'
import type { Holders } from './holders.ts'

interface PolicyRoom {
  /** ARNs of deleted policies for whose going new ones wait. */
  readonly makesRoom: ReadonlySet<string>
  /** ARNs of policies that must go before a new boundary can be there. */
  readonly parked: ReadonlySet<string>
}

/**
 * In an account full of policies, new ones wait for deleted ones. A deleted policy that is somebody's boundary can't
 * go before that has a new one, and if that is new as well, each would wait for the other. So only policies that
 * nobody is bounded by make room; where these are too few, the boundaries are parked.
 */
export function policyRoom(
  input: PlanInput,
  fates: ReadonlyMap<string, Fate>,
  holders: Holders,
  crowded: boolean,
): PolicyRoom {
  const { observed, desired, quotas } = input
  const policies = fates.size === 0 ? [] : [...observed.entities.policy.values()]
  const parked = new Set(policies.filter(({ arn }) => fates.get(arn) === 'replace').map(({ arn }) => arn))
  if (!crowded) return { makesRoom: new Set(), parked }
  const deleted = policies.filter(({ arn }) => fates.get(arn) === 'delete').map(({ arn }) => arn)
  const free = deleted.filter((arn) => holders.boundedBy(arn).every((holder) => fates.has(holder.arn)))
  const created = [...desired.entities.policy.keys()].filter(
    (name) => !observed.entities.policy.has(name),
  ).length
  const needed = observed.entities.policy.size + created - quotas[POLICY.quota]
  if (free.length >= needed) return { makesRoom: new Set(free), parked }
  for (const arn of deleted) parked.add(arn)
  return { makesRoom: new Set(deleted), parked }
}
