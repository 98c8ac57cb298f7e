import type { Scope } from '../../manifest/desired.ts'
import { type AnyEntityState, type Declarations, entityRef, isAwsOwnedPath } from '../../model/index.ts'

export const declaredAttributes = (
  declaredBefore: Declarations,
  entity: { readonly kind: AnyEntityState['kind']; readonly name: string },
): Readonly<Record<string, readonly string[]>> => declaredBefore[entityRef(entity.kind, entity.name)] ?? {}

/** Whether an entity that is no longer declared may be deleted. */
export function isInScope(entity: AnyEntityState, scope: Scope, declaredBefore: Declarations): boolean {
  if (isAwsOwnedPath(entity.path)) return false
  switch (scope.type) {
    case 'all':
      return true
    case 'declared':
      return Object.hasOwn(declaredBefore, entityRef(entity.kind, entity.name))
    case 'path':
      return entity.path.startsWith(scope.path)
    case 'tag': {
      if (!('tags' in entity)) return false
      const { tags } = entity
      return [...scope.tags].every(([key, value]) => tags.get(key) === value)
    }
  }
}
