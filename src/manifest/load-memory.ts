import { type Diagnostic, type Located, plainOf } from '../diagnostics/index.ts'
import type { PlacedDocument, PolicyDocument } from '../model/index.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { PolicyUse } from '../policy/parsed.ts'
import { type ParseCache, parseCached } from './parse-cache.ts'
import { type Substituted, substitute, type Variables } from './variables.ts'
import type { ParsedYaml } from './yaml.ts'

export interface CheckedDocument {
  readonly placed: PlacedDocument
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * What need not be worked out again for texts that are unchanged: a watcher keeps one between loads.
 * Holds nothing but results of pure functions, so that a load with it and one without it give the same.
 */
export class LoadMemory {
  readonly #cache: ParseCache | null
  #files = new Map<string, { readonly text: string; readonly parsed: ParsedYaml }>()
  readonly #substituted = new WeakMap<Located, Map<string, Substituted>>()
  readonly #documents = new WeakMap<Located, Map<PolicyUse, CheckedDocument>>()
  readonly #checks = new WeakMap<Located, Map<string, readonly Diagnostic[]>>()

  constructor(cache: ParseCache | null = null) {
    this.#cache = cache
  }

  parse(file: string, text: string): ParsedYaml {
    const known = this.#files.get(file)
    if (known?.text === text) return known.parsed
    const parsed = parseCached(file, text, this.#cache)
    this.#files.set(file, { text, parsed })
    return parsed
  }

  /** Forgets the files that are gone. */
  keepOnly(files: ReadonlyMap<string, string>): void {
    for (const file of this.#files.keys()) if (!files.has(file)) this.#files.delete(file)
  }

  substitute(root: Located, text: string, variables: Variables): Substituted {
    if (!text.includes('{{')) return { root, diagnostics: [] }
    return remembered(this.#substituted, root, JSON.stringify([...variables]), () =>
      substitute(root, text, variables),
    )
  }

  document(located: Located, use: PolicyUse): CheckedDocument {
    return remembered(this.#documents, located, use, () => {
      const json = plainOf(located)
      const { diagnostics } = parsePolicy(json, located, use, 'validate')
      return { placed: { json: json as unknown as PolicyDocument, located }, diagnostics }
    })
  }

  /** @param what names the check: the same node may be checked as two entities, by an alias */
  check(node: Located, what: string, make: () => readonly Diagnostic[]): readonly Diagnostic[] {
    return remembered(this.#checks, node, what, make)
  }
}

function remembered<K, V>(memory: WeakMap<Located, Map<K, V>>, node: Located, key: K, make: () => V): V {
  let values = memory.get(node)
  if (values === undefined) {
    values = new Map()
    memory.set(node, values)
  }
  const known = values.get(key)
  if (known !== undefined) return known
  const value = make()
  values.set(key, value)
  return value
}
