import { POLICY_ATTRIBUTES } from '../kinds/policy/manifest.ts'
import { type AnyDesiredEntity, type AnyEntityState, ENTITY_KINDS, isAwsOwnedPath } from '../model/index.ts'
import { declaredAttributes, isInScope } from './ownership.ts'
import type { Fate, PlanInput } from './plan-input.ts'
import { desiredOf, entitiesOf } from './planning.ts'
import type { Settled } from './settled.ts'

/** Decides for everything that exists whether it is kept, deleted, or must be made anew. By ARN; kept ones are left out. */
export function decideFates(input: PlanInput, settled: Settled): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>()
  for (const kind of ENTITY_KINDS) {
    const scope = input.scopes[kind]
    const declared = desiredOf(input.desired, kind)
    for (const entity of entitiesOf(input.observed, kind).values()) {
      const desired = declared.get(entity.name)
      if (desired === undefined) {
        if (isInScope(entity, scope, input.declaredBefore)) fates.set(entity.arn, 'delete')
      } else if (
        settled.get(entity) !== desired &&
        !isAwsOwnedPath(entity.path) &&
        mustBeReplaced(entity, desired, input)
      )
        fates.set(entity.arn, 'replace')
    }
  }
  return fates
}

/**
 * The API has no call that changes these: they are part of what is created.
 * @see IAM API Reference: UpdateRole and CreatePolicyVersion take neither a path nor (policies) a description
 */
function mustBeReplaced(entity: AnyEntityState, desired: AnyDesiredEntity, input: PlanInput): boolean {
  if (entity.kind === 'role') return entity.path !== desired.path
  if (entity.kind !== 'policy' || desired.kind !== 'policy') return false
  const before = declaredAttributes(input.declaredBefore, entity)
  return (
    entity.path !== desired.path ||
    POLICY_ATTRIBUTES.description.compare(entity, desired, before.description, input.observed.account)
      .after !== entity.description
  )
}
