import type { DesiredState } from '../manifest/desired.ts'
import { keysOf } from '../model/index.ts'
import { pluralOf, type ReportKinds } from './report-kind.ts'

export interface CountedNoun {
  readonly count: number
  readonly noun: string
  readonly plural: string
}

/** How much of everything an account declares; invariants and rare kinds only if there are some. */
export function declaredCounts(
  { entities, tests, invariants }: Pick<DesiredState, 'entities' | 'tests' | 'invariants'>,
  kinds: ReportKinds,
): readonly CountedNoun[] {
  const declared: Readonly<Record<string, ReadonlyMap<string, unknown> | undefined>> = entities
  const counts = keysOf(kinds).flatMap((kind) => {
    const { facts, isRare = false } = kinds[kind]
    const all = declared[kind]
    return all === undefined || (isRare && all.size === 0)
      ? []
      : [{ count: all.size, noun: facts.label, plural: pluralOf(facts) }]
  })
  return [
    ...counts,
    { count: tests.length, noun: 'test', plural: 'tests' },
    ...(invariants.length > 0 ? [{ count: invariants.length, noun: 'invariant', plural: 'invariants' }] : []),
  ]
}
