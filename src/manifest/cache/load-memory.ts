import { type Diagnostic, type Located, plainOf } from '../../diagnostics/index.ts'
import type { EntityKind, PlacedDocument, PolicyDocument } from '../../model/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { MOST_NODES, projectTooLarge } from '../../yaml/node-bounds.ts'
import { parseText } from '../../yaml/parse-text.ts'
import type { ParsedYaml } from '../../yaml/yaml.ts'
import { KeptEntities, type Surroundings, sameSurroundings } from '../entities/entities-of-last-load.ts'
import { ProjectSize } from '../project/project-size.ts'
import { type Substituted, substitute, type Variables } from '../project/variables.ts'
import { keepFile, keptFile, type ParseCache } from './parse-cache.ts'
import { CleanNodes, type ContentCheck, type DeclaredUse, DOCUMENT_CHECKS } from './passed-checks.ts'

interface CheckedDocument {
  readonly placed: PlacedDocument
  readonly diagnostics: readonly Diagnostic[]
  /** Of the diagnostics, what only matters to whoever stores it. */
  readonly refusals: ReadonlySet<Diagnostic>
}

interface KnownFile {
  readonly text: string
  parsed: ParsedYaml
  readonly clean: CleanNodes
  /** Whether the cache has it, though perhaps not with all that is clean. */
  isKept: boolean
}

const NOTHING_FOUND: readonly Diagnostic[] = []
const NOTHING_REFUSED: ReadonlySet<Diagnostic> = new Set()

/**
 * What need not be worked out again for texts that are unchanged: a watcher keeps one between loads.
 * Holds nothing but results of pure functions, so that a load with it and one without it give the same.
 */
export class LoadMemory {
  readonly #cache: ParseCache | null
  readonly #onParsed: () => void
  readonly #files = new Map<string, KnownFile>()
  readonly #size = new ProjectSize(MOST_NODES.project)
  readonly #substituted = new WeakMap<Located, Map<string, Substituted>>()
  /** Nodes whose content follows from variables too, not from the file alone. */
  readonly #rebuilt = new WeakSet<Located>()
  readonly #documents = {
    identity: new WeakMap<Located, CheckedDocument>(),
    trust: new WeakMap<Located, CheckedDocument>(),
  } satisfies Record<DeclaredUse, unknown>
  readonly #entities = new WeakMap<Located, Map<string, readonly Diagnostic[]>>()

  /** By account name. */
  readonly #kept = new Map<string, KeptEntities>()

  /** @param onParsed told of each file that was parsed, and not found in the cache: what parsing leaves behind is large */
  constructor(cache: ParseCache | null = null, onParsed: () => void = () => {}) {
    this.#cache = cache
    this.#onParsed = onParsed
  }

  parse(file: string, text: string): ParsedYaml {
    const known = this.#files.get(file)
    if (known?.text === text) return known.parsed
    const kept = this.#cache === null ? null : keptFile(file, text, this.#cache)
    const read: KnownFile = {
      text,
      parsed: kept === null ? parseText(file, text) : { roots: kept.roots, diagnostics: [] },
      clean: kept?.clean ?? new CleanNodes(),
      isKept: kept !== null,
    }
    if (!this.#size.add(file, text, read.parsed.roots))
      read.parsed = { roots: [], diagnostics: [projectTooLarge(file)] }
    this.#files.set(file, read)
    if (kept === null) this.#onParsed()
    return read.parsed
  }

  /** Puts what the cache doesn't have yet into it. A file with errors of YAML is not kept. */
  keep(): void {
    if (this.#cache === null) return
    for (const [file, read] of this.#files) {
      const { text, parsed, clean, isKept } = read
      const hasNews = clean.takeNews()
      if (parsed.diagnostics.length > 0 || (isKept && !hasNews)) continue
      keepFile(file, text, { roots: parsed.roots, clean }, this.#cache)
      read.isKept = true
    }
  }

  /** Forgets the files that are gone. */
  keepOnly(files: ReadonlyMap<string, string>): void {
    for (const file of this.#files.keys()) {
      if (files.has(file)) continue
      this.#files.delete(file)
      this.#size.remove(file)
    }
  }

  substitute(root: Located, text: string, variables: Variables): Substituted {
    if (!text.includes('{{')) return { root, rebuilt: [], diagnostics: [] }
    return remembered(this.#substituted, root, JSON.stringify([...variables]), () => {
      const substituted = substitute(root, text, variables)
      for (const node of substituted.rebuilt) this.#rebuilt.add(node)
      return substituted
    })
  }

  document(located: Located, use: DeclaredUse): CheckedDocument {
    const known = this.#documents[use].get(located)
    if (known !== undefined) return known
    const json = plainOf(located)
    let refusals: ReadonlySet<Diagnostic> = NOTHING_REFUSED
    const diagnostics = this.#check(located, DOCUMENT_CHECKS[use], () => {
      const parsed = parsePolicy(json, located, use, 'validate')
      refusals = parsed.refusals
      return parsed.diagnostics
    })
    const checked = { placed: { json: json as unknown as PolicyDocument, located }, diagnostics, refusals }
    this.#documents[use].set(located, checked)
    return checked
  }

  /** @param name goes into what is said: the same node may be checked as two entities, by an alias */
  entity(
    node: Located,
    what: ContentCheck,
    name: string,
    check: () => readonly Diagnostic[],
  ): readonly Diagnostic[] {
    return this.#check(node, what, () => remembered(this.#entities, node, `${what}/${name}`, check))
  }

  /**
   * The entities of an account, as far as they were read in such surroundings before.
   * @param kinds all that there are
   */
  keptEntities(account: string, surroundings: Surroundings, kinds: readonly EntityKind[]): KeptEntities {
    const known = this.#kept.get(account)
    if (known !== undefined && sameSurroundings(known.surroundings, surroundings)) return known
    const kept = new KeptEntities(surroundings, kinds)
    this.#kept.set(account, kept)
    return kept
  }

  /** Not made again where the node is known to pass it. */
  #check(node: Located, what: ContentCheck, check: () => readonly Diagnostic[]): readonly Diagnostic[] {
    const clean = this.#rebuilt.has(node) ? undefined : this.#files.get(node.file)?.clean
    if (clean?.has(node, what) === true) return NOTHING_FOUND
    const diagnostics = check()
    if (diagnostics.length === 0 && node.kind === 'map') clean?.add(node, what)
    return diagnostics
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
