import { type AccountState, ENTITIES, ENTITY_KINDS, type EntityKind } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'

/** More say nothing that these don't. */
const MOST_PROPOSED = 2

/** The entities of one account, as requests that people read may be about them. */
export class DeclaredEntities {
  readonly #state: AccountState
  readonly #arns = new Map<EntityKind, readonly string[]>()
  readonly #proposed = new Map<string, readonly string[]>()

  constructor(state: AccountState) {
    this.#state = state
  }

  /**
   * The first of a kind, by name; what the same patterns ask for again is remembered.
   * @param patterns of a policy, without variables, of which one stands for them; empty: any
   */
  ofKind(kind: EntityKind, patterns: readonly string[]): readonly string[] {
    const key = [kind, ...patterns].join('\n')
    let found = this.#proposed.get(key)
    if (found === undefined) {
      found = this.#firstOf(kind, patterns)
      this.#proposed.set(key, found)
    }
    return found
  }

  #firstOf(kind: EntityKind, patterns: readonly string[]): readonly string[] {
    const found: string[] = []
    for (const arn of this.#sorted(kind)) {
      if (found.length === MOST_PROPOSED) break
      if (patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, arn))) found.push(arn)
    }
    return found
  }

  #sorted(kind: EntityKind): readonly string[] {
    let arns = this.#arns.get(kind)
    if (arns === undefined) {
      arns = [...this.#state.entities[kind].values()].map(({ arn }) => arn).sort()
      this.#arns.set(kind, arns)
    }
    return arns
  }
}

/** The kind that a template of the catalogue is of; null: of no entity. */
export const entityKindOf = (template: string): EntityKind | null =>
  BY_TEMPLATE.get(/^arn:[^:]*:iam:[^:]*:[^:]*:([a-z]+)\/\$\{/.exec(template)?.[1] ?? '') ?? null

const BY_TEMPLATE: ReadonlyMap<string, EntityKind> = new Map(
  ENTITY_KINDS.map((kind) => [ENTITIES[kind].arnType, kind]),
)
