import type { Located } from '../../diagnostics/index.ts'
import { type DesiredOf, type EntityKind, tableOf } from '../../model/index.ts'
import { replacedBetween, withReplaced } from '../../model/replaced-entries.ts'
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

/** All entities of a kind, and what they were read of. */
interface ReadOfKind<K extends EntityKind> {
  readonly declared: ReadonlyMap<string, DeclaredEntity>
  readonly entities: ReadonlyMap<string, DesiredOf<K>>
  /** Names of those that are to be read again, whatever else is. */
  readonly again: readonly string[]
}

/** Entities that were read without a complaint, to be found again in the same surroundings. */
export class KeptEntities {
  readonly surroundings: Surroundings
  readonly #entities: { readonly [K in EntityKind]: WeakMap<Located, DesiredOf<K>> }
  readonly #last: { [K in EntityKind]?: ReadOfKind<K> } = {}

  /** @param kinds all that there are */
  constructor(surroundings: Surroundings, kinds: readonly EntityKind[]) {
    this.#entities = tableOf(kinds, () => new WeakMap<Located, never>())
    this.surroundings = surroundings
  }

  /**
   * All entities of a kind. Where they have the names of the last load, only those are read that were declared anew, or couldn't
   * be kept.
   */
  all<K extends EntityKind>(
    kind: K,
    declared: ReadonlyMap<string, DeclaredEntity>,
    read: (each: DeclaredEntity) => DesiredOf<K>,
  ): ReadonlyMap<string, DesiredOf<K>> {
    const last: ReadOfKind<K> | undefined = this.#last[kind]
    const replaced = last === undefined ? null : replacedBetween(last.declared, declared)
    const again = new Set<string>()
    const readNow = (each: DeclaredEntity): readonly [string, DesiredOf<K>] => {
      const entity = read(each)
      if (this.find(kind, each) === null) again.add(each.name)
      return [each.name, entity]
    }
    const toRead =
      last === undefined || replaced === null
        ? declared.values()
        : [...new Set([...replaced, ...last.again])].flatMap((name) => declared.get(name) ?? [])
    const now = [...toRead].map(readNow)
    const entities = last === undefined || replaced === null ? new Map(now) : withReplaced(last.entities, now)
    Object.assign(this.#last, { [kind]: { declared, entities, again: [...again] } })
    return entities
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
