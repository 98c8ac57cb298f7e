import type { PlacedStatement } from './statement-compiler.ts'

/**
 * How requests of one principal are decided, as far as statements tell: allowed in one of the ways, each of whose layers
 * must allow, unless something denies. The first layer of a way is the one that grants; the others limit.
 */
export interface PrincipalSide {
  readonly ways: readonly (readonly (readonly PlacedStatement[])[])[]
  readonly denies: readonly PlacedStatement[]
}

/** Nobody may do anything. */
export const NO_ACCESS: PrincipalSide = { ways: [], denies: [] }

export const placedStatements = ({ ways, denies }: PrincipalSide): readonly PlacedStatement[] => [
  ...ways.flat(2),
  ...denies,
]

const identitiesOf = (statements: readonly PlacedStatement[]): string =>
  [...new Set(statements.map(({ identity }) => identity))].sort((a, b) => a - b).join()

/** Sides with equal keys decide alike. */
export const sideKey = ({ ways, denies }: PrincipalSide): string =>
  `${ways.map((layers) => layers.map(identitiesOf).join('|')).join('/')}!${identitiesOf(denies)}`

/** What stands on one side only: only its actions can be decided otherwise. All of both, if the layers differ. */
export function differingStatements(a: PrincipalSide, b: PrincipalSide): readonly PlacedStatement[] {
  const layersOf = ({ ways, denies }: PrincipalSide) => [...ways.flat(), denies]
  const isAlike =
    a.ways.length === b.ways.length && a.ways.every((way, index) => way.length === b.ways[index]?.length)
  if (!isAlike) return [...placedStatements(a), ...placedStatements(b)]
  const others = layersOf(b)
  return layersOf(a).flatMap((layer, index) => {
    const other = others[index] ?? []
    const here = new Set(layer.map(({ identity }) => identity))
    const there = new Set(other.map(({ identity }) => identity))
    return [
      ...layer.filter(({ identity }) => !there.has(identity)),
      ...other.filter(({ identity }) => !here.has(identity)),
    ]
  })
}
