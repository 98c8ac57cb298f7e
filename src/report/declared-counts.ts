import type { DesiredState } from '../manifest/desired.ts'
import { type AnyDesiredEntity, entitiesIn, isChildKind, type Kind, keysOf } from '../model/index.ts'
import { pluralOf, type ReportKinds } from './report-kind.ts'

export interface CountedNoun {
  readonly count: number
  readonly noun: string
  readonly plural: string
}

/** How much of everything an account declares; invariants, rare kinds and what is named under others only if there are some. */
export function declaredCounts(
  { entities, tests, invariants }: Pick<DesiredState, 'entities' | 'tests' | 'invariants'>,
  kinds: ReportKinds,
): readonly CountedNoun[] {
  const declared: Readonly<Record<string, ReadonlyMap<string, unknown> | undefined>> = entities
  const counts = keysOf(kinds).flatMap((kind) => {
    const { facts, isRare = facts.family === 'child' } = kinds[kind]
    if (facts.family === 'setting') return []
    const count = facts.family === 'child' ? childrenIn(entities, kind) : (declared[kind]?.size ?? 0)
    return isRare && count === 0 ? [] : [{ count, noun: facts.label, plural: pluralOf(facts) }]
  })
  return [
    ...counts,
    { count: tests.length, noun: 'test', plural: 'tests' },
    ...(invariants.length > 0 ? [{ count: invariants.length, noun: 'invariant', plural: 'invariants' }] : []),
  ]
}

const childrenIn = (entities: DesiredState['entities'], kind: Kind): number =>
  isChildKind(kind)
    ? entitiesIn<AnyDesiredEntity>(entities).reduce(
        (sum, { children }) => sum + (children?.get(kind)?.size ?? 0),
        0,
      )
    : 0
