import {
  MAX_SPELLINGS,
  NAME_ACTION,
  NAME_ASKER,
  NAME_FIRST,
  NAME_KEY,
  NAME_KIND,
  NAME_LENGTH,
  NAME_MORE_LENGTH,
  NAME_SECOND,
  NAME_TEXT,
  NAMED_ACTION_ALWAYS,
  NAMED_ACTION_LEFT,
  NAMED_ACTION_WITHOUT_TOKEN,
  NONE,
  SPELLING_TOKEN,
} from '../../../assembly/wire.ts'
import { limitsTemporary } from '../credentials.ts'
import type { Request } from '../decision.ts'
import type { PolicyLayers } from '../layers.ts'
import { isAssumeRoot, isDecidedByTrust } from './action-facts.ts'
import type { Engine } from './engine.ts'
import type { Registry } from './registry.ts'

/** A request that lines ask, and the set of policies that they name. */
export interface NamedRequest {
  readonly set: string
  /** The policies of the set, as other actions than of STS have them. */
  readonly layers: PolicyLayers
  readonly request: Request
}

/** Texts that stand in JSON as they are: what else there is the module doesn't read. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

const MOST_TOLD = 100_000

interface Name {
  readonly kind: number
  readonly text: string
  readonly more: string
  readonly first: number
  readonly second: number
}

/**
 * What the module knows of the texts of lines: who asks under which set, actions and context keys. Everything else in a
 * line it reads itself. Names are of an epoch of the registry, as the numbers are that they stand for.
 */
export class NameTable {
  readonly #engine: Engine
  readonly #registry: Registry
  /** By a key in lower case, what all its spellings are known as. */
  readonly #spellings = new Map<string, number>()
  /** Names that the module was told: who asks, a line feed and the set; a line feed and an action; a key. */
  readonly #told = new Set<string>()
  #epoch = -1

  constructor(engine: Engine, registry: Registry) {
    this.#engine = engine
    this.#registry = registry
  }

  /** Makes the module ready, and tells it the names of requests that could be decided. */
  learn(requests: readonly NamedRequest[]): void {
    const registry = this.#registry
    registry.begin()
    for (const { layers } of requests) registry.entryOf(layers)
    registry.load()
    if (this.#epoch !== registry.epoch) {
      this.#forget()
      this.#epoch = registry.epoch
    }
    const names: Name[] = []
    for (const { set, layers, request } of requests) {
      this.#addAsker(names, request.principal, set, layers)
      this.#addAction(names, request.action)
      for (const key of request.context.keys()) this.#addKey(names, key)
    }
    registry.flush()
    this.#write(names)
  }

  #forget(): void {
    this.#spellings.clear()
    this.#spellings.set(TOKEN, SPELLING_TOKEN)
    this.#told.clear()
  }

  /** Whether the module has to be told a name. To be told again does no harm. */
  #isNew(name: string): boolean {
    if (this.#told.has(name)) return false
    if (this.#told.size >= MOST_TOLD) this.#told.clear()
    this.#told.add(name)
    return true
  }

  #addAsker(names: Name[], principal: string, set: string, layers: PolicyLayers): void {
    if (!PLAIN.test(principal) || !PLAIN.test(set) || !this.#isNew(`${principal}\n${set}`)) return
    const registry = this.#registry
    const entry = registry.entryOf(layers)
    const first = registry.principalNumber(entry, principal, undefined)
    names.push({ kind: NAME_ASKER, text: principal, more: set, first, second: registry.factsNumber(entry) })
  }

  #addAction(names: Name[], action: string): void {
    if (!this.#isNew(`\n${action}`)) return
    const first = this.#registry.actions.by(action, 'other')
    names.push({ kind: NAME_ACTION, text: action, more: '', first, second: decidedAs(action) })
  }

  #addKey(names: Name[], key: string): void {
    if (!PLAIN.test(key) || !this.#isNew(key)) return
    const first = this.#spellingOf(key)
    const second = this.#registry.keyNumber(key.toLowerCase()) ?? NONE
    if (first !== null) names.push({ kind: NAME_KEY, text: key, more: '', first, second })
  }

  /** null: there are too many to tell apart. */
  #spellingOf(key: string): number | null {
    const lower = key.toLowerCase()
    const known = this.#spellings.get(lower)
    if (known !== undefined) return known
    const next = this.#spellings.size
    if (next >= MAX_SPELLINGS) return null
    this.#spellings.set(lower, next)
    return next
  }

  #write(names: readonly Name[]): void {
    if (names.length === 0) return
    let size = 0
    for (const name of names) size += sizeOf(name)
    const { words, bytes, at: start } = this.#engine.reserve(size)
    let at = start
    for (const name of names) {
      const { kind, text, more, first, second } = name
      words[(at + NAME_KIND) / 4] = kind
      words[(at + NAME_LENGTH) / 4] = text.length
      words[(at + NAME_MORE_LENGTH) / 4] = more.length
      words[(at + NAME_FIRST) / 4] = first
      words[(at + NAME_SECOND) / 4] = second
      encoder.encodeInto(text + more, bytes.subarray(at + NAME_TEXT))
      at += sizeOf(name)
    }
    this.#engine.registerNames(size)
  }
}

/** Whether a policy is a trust policy, and whether a user's credentials are temporary, only the host tells. */
function decidedAs(action: string): number {
  if (isDecidedByTrust(action) || isAssumeRoot(action)) return NAMED_ACTION_LEFT
  return limitsTemporary(action) ? NAMED_ACTION_WITHOUT_TOKEN : NAMED_ACTION_ALWAYS
}

const TOKEN = 'aws:tokenissuetime'

const encoder = new TextEncoder()

/** Texts are ASCII; each name begins with a word. */
const sizeOf = ({ text, more }: Name): number => (NAME_TEXT + text.length + more.length + 3) & ~3
