import type { Located } from '../../diagnostics/index.ts'
import { type DesiredOf, type EntityKind, tableOf } from '../../model/index.ts'
import type { QuotaOverrides } from '../desired.ts'
import type { DeclaredEntity } from './declared-entity.ts'
import type { NamesInScope } from './policy-names.ts'

/** What an entity's reading depends on, besides the entity itself and the documents that it names. */
export interface Surroundings {
  readonly names: NamesInScope
  readonly quotas: QuotaOverrides
  /** The kinds that attributes refer to by name: only by their names is anything else read. */
  readonly referredTo: readonly EntityKind[]
}

/** Entities that were read without a complaint, to be found again in the same surroundings. */
export class KeptEntities {
  readonly surroundings: Surroundings
  readonly #entities: { readonly [K in EntityKind]: WeakMap<Located, DesiredOf<K>> }

  /** @param kinds all that there are */
  constructor(surroundings: Surroundings, kinds: readonly EntityKind[]) {
    this.#entities = tableOf(kinds, () => new WeakMap<Located, never>())
    this.surroundings = surroundings
  }

  find<K extends EntityKind>(kind: K, { name, nameSpan, node }: DeclaredEntity): DesiredOf<K> | null {
    const known: DesiredOf<K> | undefined = this.#entities[kind].get(node)
    // By an alias, one node may stand under several names.
    return known?.name === name && sameSpan(known.span, nameSpan) ? known : null
  }

  keep<K extends EntityKind>(kind: K, { node }: DeclaredEntity, entity: DesiredOf<K>): void {
    this.#entities[kind].set(node, entity)
  }
}

const sameSpan = (a: DeclaredEntity['nameSpan'], b: DeclaredEntity['nameSpan']): boolean =>
  a.start === b.start && a.end === b.end && a.file === b.file

export function sameSurroundings(a: Surroundings, b: Surroundings): boolean {
  const [one, other] = [a.names, b.names]
  return (
    one.account.id === other.account.id &&
    one.account.partition === other.account.partition &&
    one.aws === other.aws &&
    one.isComplete === other.isComplete &&
    one.isAccountKnown === other.isAccountKnown &&
    a.referredTo.every((kind) => sameMap(one.arns[kind], other.arns[kind])) &&
    sameMap(new Map(Object.entries(a.quotas)), new Map(Object.entries(b.quotas)))
  )
}

function sameMap<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (b.get(key) !== value) return false
  return true
}
