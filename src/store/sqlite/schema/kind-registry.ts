import { InvariantError } from '../../../diagnostics/index.ts'
import type { NameOf } from '../../../iam/store-port.ts'
import type { EntityStore, LinkTarget, SettingStore, StoreKinds } from '../../store-kind.ts'
import { corrupt } from '../failures.ts'

/** The kinds that one database is read and written by, with what they say together. */
export class KindRegistry<E, S> {
  readonly entities: ReadonlyMap<string, EntityStore<unknown>>
  readonly settings: ReadonlyMap<string, SettingStore<unknown>>
  readonly #kinds: StoreKinds<E, S>
  readonly #links = new Map<string, LinkTarget>()
  readonly #shownAs: string

  /** @param shownAs how messages call the database */
  constructor(kinds: StoreKinds<E, S>, shownAs: string) {
    this.#kinds = kinds
    this.#shownAs = shownAs
    const all: readonly (readonly [string, EntityStore<unknown> | SettingStore<unknown>])[] =
      Object.entries(kinds)
    this.entities = new Map(
      all.flatMap(([kind, store]) => (store.family === 'entity' ? [[kind, store] as const] : [])),
    )
    this.settings = new Map(
      all.flatMap(([kind, store]) => (store.family === 'setting' ? [[kind, store] as const] : [])),
    )
    for (const { links } of this.entities.values())
      for (const [relation, target] of Object.entries(links)) {
        const known = this.#links.get(relation)
        if (known !== undefined && known.to !== target.to)
          throw new InvariantError(`links of the sort ${relation} lead to ${known.to} and to ${target.to}`)
        this.#links.set(relation, target)
      }
  }

  /** @throws InvariantError when no kind has links of this sort */
  linkTarget(relation: string): LinkTarget {
    const target = this.#links.get(relation)
    if (target === undefined) throw new InvariantError(`no kind has links of the sort ${relation}`)
    return target
  }

  /** @throws DiagnosticError `store.corrupt` when no apply has written a body, of whatever kind */
  assertBody(kind: string, text: string): void {
    if ((this.entities.get(kind)?.readBody(parsed(text)) ?? null) === null) this.#senseless('entities')
  }

  /** @throws DiagnosticError `store.corrupt` when no apply has written a setting, of whatever kind */
  assertValue(kind: string, text: string): void {
    if ((this.settings.get(kind)?.readValue(parsed(text)) ?? null) === null) this.#senseless('settings')
  }

  /** @throws DiagnosticError `store.corrupt` */
  readBody<K extends NameOf<E>>(kind: K, text: string): E[K] {
    const store: EntityStore<E[K]> = this.#kinds[kind]
    return store.readBody(parsed(text)) ?? this.#senseless('entities')
  }

  /** @throws DiagnosticError `store.corrupt` */
  readValue<K extends NameOf<S>>(kind: K, text: string): S[K] {
    const store: SettingStore<S[K]> = this.#kinds[kind]
    return store.readValue(parsed(text)) ?? this.#senseless('settings')
  }

  #senseless(table: string): never {
    throw corrupt(this.#shownAs, `a row of its table \`${table}\` makes no sense`)
  }
}

const EMPTY = {}

/** @returns undefined: it is no JSON, which no kind takes for anything of its own */
function parsed(text: string): unknown {
  // Most kinds keep nothing.
  if (text === '{}') return EMPTY
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
