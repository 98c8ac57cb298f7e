import { type DesiredOf, type EntityKind, isAwsOwnedPath, keysOf, type StateOf } from '../../model/index.ts'
import type { Fate, ToLookAt } from '../plan-input.ts'
import type { PlanKind, PlanRequest } from '../planning.ts'
import { isInScope } from './ownership.ts'

/** Decides for everything that exists whether it is kept, deleted, or must be made anew. By ARN; kept ones are left out. */
export function decideFates(
  input: PlanRequest,
  toLookAt: Readonly<Record<EntityKind, ToLookAt>>,
): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>()
  for (const kind of keysOf(input.kinds)) decideFatesOf(kind, input, toLookAt[kind], fates)
  return fates
}

function decideFatesOf<K extends EntityKind>(
  kind: K,
  input: PlanRequest,
  { unsettled, undeclared }: ToLookAt,
  fates: Map<string, Fate>,
): void {
  const { isMadeAnew }: PlanKind<K> = input.kinds[kind]
  const states: ReadonlyMap<string, StateOf<K>> = input.observed.entities[kind]
  const declared: ReadonlyMap<string, DesiredOf<K>> = input.desired.entities[kind]
  const scope = input.scopes[kind]
  for (const entity of undeclared)
    if (isInScope(entity, scope, input.declaredBefore)) fates.set(entity.arn, 'delete')
  if (isMadeAnew === null) return
  for (const { name } of unsettled) {
    const [entity, desired] = [states.get(name), declared.get(name)]
    if (entity === undefined || desired === undefined) continue
    if (!isAwsOwnedPath(entity.path) && isMadeAnew(entity, desired, input)) fates.set(entity.arn, 'replace')
  }
}
