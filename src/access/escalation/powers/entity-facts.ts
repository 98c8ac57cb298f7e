import type { PrincipalEntity } from '../../../model/index.ts'
import { OPERATORS } from '../../../policy/operators.ts'
import { placedStatements } from '../../sides/side.ts'
import type { Given } from './given.ts'
import type { Holder } from './holder.ts'
import type { Powers } from './powers.ts'

const BOUNDARY = 'iam:permissionsboundary'

/**
 * What is known of requests of somebody about a user or role that is there: its tags, and its boundary, each as far as
 * policies of theirs ask for it. What it doesn't have is known to be absent.
 * @see Service Authorization Reference, "Condition keys for AWS IAM": iam:PermissionsBoundary, iam:ResourceTag
 */
export function entityFacts(
  from: Holder,
  { tags, permissionsBoundary }: Pick<PrincipalEntity, 'tags' | 'permissionsBoundary'>,
  powers: Powers,
): Given {
  const lower = new Map([...tags].map(([key, value]) => [key.toLowerCase(), value]))
  const given = new Map<string, readonly string[] | null>()
  for (const key of keysAskedFor(from, powers)) {
    if (key === BOUNDARY) given.set(key, permissionsBoundary === null ? null : [permissionsBoundary])
    const [, name] = /^(?:aws|iam):resourcetag\/(.*)$/.exec(key) ?? []
    if (name === undefined) continue
    const value = lower.get(name)
    given.set(key, value === undefined ? null : [value])
  }
  return given
}

/** The same as if it had no boundary. */
export const withoutBoundary = (given: Given): Given =>
  given.has(BOUNDARY) ? new Map([...given, [BOUNDARY, null]]) : given

/** Whether somebody's policies ask for the boundary at all. */
export const asksForBoundary = (given: Given): boolean => given.has(BOUNDARY)

/** Boundaries that somebody's policies ask for, as patterns of ARNs: where it is said which it may not be, any. */
export function boundariesAskedFor(from: Holder, powers: Powers): readonly string[] {
  const side = powers.sideOf(from)
  if (side === null || !keysAskedFor(from, powers).has(BOUNDARY)) return []
  const patterns = placedStatements(side).flatMap(({ symbolic }) =>
    symbolic.source.conditions.flatMap(({ key, operator, values }) => {
      if (key.toLowerCase() !== BOUNDARY) return []
      const { family, negated } = OPERATORS[operator]
      if (negated || (family !== 'string' && family !== 'arn')) return ['*']
      return values.map((value) => value.replace(/\$\{[^}]*\}/g, '*'))
    }),
  )
  return [...new Set(patterns)]
}

const known = new WeakMap<object, ReadonlySet<string>>()

/** Keys that conditions of somebody's policies name, in lower case. */
export function keysAskedFor(from: Holder, powers: Powers): ReadonlySet<string> {
  const side = powers.sideOf(from)
  if (side === null) return new Set()
  let keys = known.get(side)
  if (keys === undefined) {
    keys = new Set(
      placedStatements(side).flatMap(({ symbolic }) =>
        symbolic.source.conditions.map(({ key }) => key.toLowerCase()),
      ),
    )
    known.set(side, keys)
  }
  return keys
}
