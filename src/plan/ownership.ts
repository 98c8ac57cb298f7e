import type { Scope } from '../manifest/desired.ts'
import {
  type AnyEntityState,
  DEFAULT_MAX_SESSION_DURATION,
  type Declarations,
  entityRef,
  isAwsOwnedPath,
  type RoleState,
} from '../model/index.ts'

/** What happens to the members of a list or map attribute. */
export interface MemberChange {
  /** In the author's order. */
  readonly added: readonly string[]
  /** Sorted. */
  readonly removed: readonly string[]
  /** What is there and stays, though nobody here declares it. Sorted. */
  readonly unmanaged: readonly string[]
}

/**
 * Promise P5 for one attribute: declared = exactly this; absent = not managed here, but what the last apply
 * declared there is removed.
 * @param before the members that the last apply declared
 */
export function memberChange(
  observed: Iterable<string>,
  desired: Iterable<string> | undefined,
  before: readonly string[] | undefined,
): MemberChange {
  const listed = [...observed]
  const asked = desired === undefined ? null : [...desired]
  if (asked !== null && sameFew(listed, asked)) return NO_CHANGE
  const present = new Set(listed)
  if (asked !== null) {
    const wanted = new Set(asked)
    return {
      added: [...wanted].filter((member) => !present.has(member)),
      removed: [...present].filter((member) => !wanted.has(member)).sort(),
      unmanaged: [],
    }
  }
  const owned = new Set(before)
  const sorted = [...present].sort()
  return {
    added: [],
    removed: sorted.filter((member) => owned.has(member)),
    unmanaged: sorted.filter((member) => !owned.has(member)),
  }
}

const NO_CHANGE: MemberChange = { added: [], removed: [], unmanaged: [] }

/** Whether two short lists have the same members; a long one is not worth the search. Nearly always so, and no sets are made. */
const sameFew = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length &&
  a.length <= 10 &&
  a.every((member) => b.includes(member)) &&
  b.every((member) => a.includes(member))

/** The same for an attribute with one value: what it becomes. */
export function wantedValue<T>(
  observed: T,
  desired: T | undefined,
  before: readonly string[] | undefined,
  none: T,
): T {
  if (desired !== undefined) return desired
  return before === undefined ? observed : none
}

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
      if (entity.kind === 'group') return false
      const { tags } = entity
      return [...scope.tags].every(([key, value]) => tags.get(key) === value)
    }
  }
}

/** What a role's description and session length become. */
export function roleSettings(
  observed: Pick<RoleState, 'description' | 'maxSessionDuration'>,
  desired: { readonly description?: string | null; readonly maxSessionDuration?: number },
  before: Readonly<Record<string, readonly string[]>>,
): { readonly description: string; readonly maxSessionDuration: number } {
  return {
    description: wantedDescription(observed.description, desired.description, before.description),
    maxSessionDuration: wantedValue(
      observed.maxSessionDuration,
      desired.maxSessionDuration,
      before.maxSessionDuration,
      DEFAULT_MAX_SESSION_DURATION,
    ),
  }
}

export const wantedDescription = (
  observed: string,
  desired: string | null | undefined,
  before: readonly string[] | undefined,
): string => wantedValue(observed, desired === null ? '' : desired, before, '')
