import type { Given } from '../powers/given.ts'
import type { Holder } from '../powers/holder.ts'
import type { Power, Powers } from '../powers/powers.ts'
import { RENAMING_ACTIONS } from '../ways/altering-actions.ts'

/**
 * Whether somebody may carry out an action on a user or group once it has another name, or path.
 * @param facts of requests about it: see `entityFacts`
 * @returns null: they may not
 * @see IAM API Reference, UpdateUser, UpdateGroup: permissions on both the source and the target are needed
 */
export function onceRenamed(
  from: Holder,
  action: string,
  { kind, arn }: { readonly kind: keyof typeof RENAMING_ACTIONS; readonly arn: string },
  facts: Given,
  powers: Powers,
): PowerOver | null {
  const renaming = RENAMING_ACTIONS[kind]
  const leaving = powers.on(from, renaming, arn, facts)
  if (leaving === null) return null
  const power = powers.beyond(from, action, `${kind}s`, facts)
  const arriving = power === null ? null : powers.on(from, renaming, power.request.resource, facts)
  return power === null || arriving === null ? null : { power, before: [leaving, arriving], isRenamed: true }
}

/** What somebody may do to an entity, with what they do before. */
export interface PowerOver {
  readonly power: Power
  readonly before: readonly Power[]
  /** It has another name by then. */
  readonly isRenamed?: true
}
