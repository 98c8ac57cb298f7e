import type { AccessLevel, ActionFacts } from '../../catalog/actions.ts'
import type { Complementable } from '../../policy/parsed.ts'
import { type ActionSet, hasAction } from './action-set.ts'
import { InternedLists } from './interned-lists.ts'
import { mayShareUnlisted } from './meeting-patterns.ts'
import { UnlistedActions } from './unlisted-actions.ts'

/** Whether a pattern, in lower case, is made of what actions are made of. */
const isOfActions = (pattern: string): boolean =>
  /^\*+(?::\*+)?$/.test(pattern) || /^[a-z0-9-]+:[a-z0-9_*?-]+$/.test(pattern)

/** More than there are sets. */
const PAIRS = 2 ** 26
/** Some three kilobytes each. */
const MOST_UNIONS = 5000

const MOST_MEMBERSHIPS = 50_000

/** What follows from the catalogue alone, whatever is asked of it. */
interface NumberedActions {
  readonly names: readonly string[]
  readonly lowerNames: readonly string[]
  readonly numbers: ReadonlyMap<string, number>
  /** By action as it was asked about. */
  readonly levels: Map<string, AccessLevel>
}

const numberedBefore = new WeakMap<ActionFacts, NumberedActions>()

function numberedActions(facts: ActionFacts): NumberedActions {
  let numbered = numberedBefore.get(facts)
  if (numbered === undefined) {
    const names = facts.actionsMatching('*')
    numbered = {
      names,
      lowerNames: names.map((name) => name.toLowerCase()),
      numbers: new Map(names.map((name, number) => [name, number])),
      levels: new Map(),
    }
    numberedBefore.set(facts, numbered)
  }
  return numbered
}

/** The catalogue's actions by number, and sets of them as bits. */
export class ActionTable {
  readonly facts: ActionFacts
  readonly unlisted = new UnlistedActions()
  readonly lists = new InternedLists()
  /** In AWS's spelling. */
  readonly names: readonly string[]
  readonly lowerNames: readonly string[]
  readonly #numbers: ReadonlyMap<string, number>
  readonly #sets = new Map<string, ActionSet>()
  readonly #levels: Map<string, AccessLevel>
  readonly #ofLists = new WeakMap<object, ActionSet>()
  readonly #common = new Map<number, boolean>()
  readonly #unions = new Map<string, Uint32Array>()
  /** How authors spell what the catalogue doesn't know, by lower case. */
  readonly #written = new Map<string, string>()
  /** By action as it was asked about: the same few thousand are, again and again. */
  readonly #memberships = new Map<string, (set: ActionSet) => boolean>()
  readonly #words: number

  constructor(facts: ActionFacts) {
    this.facts = facts
    const numbered = numberedActions(facts)
    this.names = numbered.names
    this.lowerNames = numbered.lowerNames
    this.#numbers = numbered.numbers
    this.#levels = numbered.levels
    this.#words = Math.ceil(this.names.length / 32)
  }

  setOf(list: Complementable<string>): ActionSet {
    let set = this.#ofLists.get(list)
    if (set === undefined) {
      set = this.#read(list)
      this.#ofLists.set(list, set)
    }
    return set
  }

  #read({ negated, entries }: Complementable<string>): ActionSet {
    for (const entry of entries)
      if (!/[*?]/.test(entry) && !this.#written.has(entry.toLowerCase()))
        this.#written.set(entry.toLowerCase(), entry)
    // What has a character that no action has matches nothing.
    const lower = [...new Set(entries.map((entry) => entry.toLowerCase()))].filter(isOfActions).sort()
    const key = `${negated ? '!' : ''}${lower.join(' ')}`
    let set = this.#sets.get(key)
    if (set === undefined) {
      set = {
        id: this.#sets.size,
        negated,
        entries: lower,
        bits: this.#bitsOf(lower, negated),
        unlisted: lower.filter((entry) => !/[*?]/.test(entry) && !this.isListed(entry)),
        isOpen: negated || lower.some((entry) => /[*?]/.test(entry)),
      }
      this.#sets.set(key, set)
    }
    return set
  }

  /**
   * The actions of a list that pass a test, which is always the same one.
   * @param passes of an action in lower case; where one of a service passes, those of it that no catalogue lists do
   */
  limited(list: Complementable<string>, passes: (action: string) => boolean): ActionSet {
    const whole = this.setOf(list)
    const key = `${whole.id} limited`
    let set = this.#sets.get(key)
    if (set === undefined) {
      const bits = whole.bits.slice()
      const passing = new Set<string>()
      for (const [number, name] of this.lowerNames.entries())
        if (passes(name)) passing.add(name.slice(0, name.indexOf(':')))
        else bits[number >>> 5] = (bits[number >>> 5] ?? 0) & ~(1 << (number & 31))
      const services = (isWanted: boolean) =>
        this.facts
          .services()
          .map(({ prefix }) => prefix.toLowerCase())
          .filter((prefix) => passing.has(prefix) === isWanted)
          .map((prefix) => `${prefix}:*`)
      set = {
        ...whole,
        id: this.#sets.size,
        bits,
        // About actions that nobody lists patterns alone say something.
        entries: whole.negated
          ? [...whole.entries, ...services(false)]
          : whole.entries.flatMap((entry) =>
              /^\*(?::\*)?$/.test(entry) ? services(true) : passes(entry) ? [entry] : [],
            ),
        unlisted: whole.unlisted.filter(passes),
        has: (action) => hasAction(whole, action) && passes(action),
      }
      this.#sets.set(key, set)
    }
    return set
  }

  /** All actions but those of a set. */
  complementOf(set: ActionSet): ActionSet {
    const { has, negated, entries, unlisted } = set
    if (has === undefined) return this.setOf({ negated: !negated, entries })
    const key = `${set.id} not`
    let found = this.#sets.get(key)
    if (found === undefined) {
      found = {
        id: this.#sets.size,
        negated: !negated,
        entries,
        bits: this.#inverted(set.bits),
        isOpen: true,
        unlisted,
        has: (action) => !has(action),
      }
      this.#sets.set(key, found)
    }
    return found
  }

  /** The actions of any of some sets; null: there are no sets. */
  unionOf(sets: readonly ActionSet[]): Uint32Array | null {
    const distinct = [...new Set(sets)].sort((a, b) => a.id - b.id)
    const [first] = distinct
    if (first === undefined) return null
    if (distinct.length === 1) return first.bits
    const key = distinct.map(({ id }) => id).join()
    let union = this.#unions.get(key)
    if (union === undefined) {
      union = first.bits.slice()
      for (const { bits } of distinct)
        for (let word = 0; word < union.length; word++) union[word] = (union[word] ?? 0) | (bits[word] ?? 0)
      if (this.#unions.size >= MOST_UNIONS) this.#unions.clear()
      this.#unions.set(key, union)
    }
    return union
  }

  /** Whether some action may be in both. */
  haveCommon(a: ActionSet, b: ActionSet): boolean {
    if (a.id === b.id) return true
    const key = a.id < b.id ? a.id * PAIRS + b.id : b.id * PAIRS + a.id
    let common = this.#common.get(key)
    if (common === undefined) {
      common =
        mayShareUnlisted(a, b) ||
        a.unlisted.some((action) => hasAction(b, action)) ||
        b.unlisted.some((action) => hasAction(a, action)) ||
        a.bits.some((word, index) => (word & (b.bits[index] ?? 0)) !== 0)
      this.#common.set(key, common)
    }
    return common
  }

  /** Whether an action, in any case, is in a set. */
  isIn(set: ActionSet, action: string): boolean {
    return this.membershipOf(action)(set)
  }

  /** The same for many sets. */
  membershipOf(action: string): (set: ActionSet) => boolean {
    let isIn = this.#memberships.get(action)
    if (isIn === undefined) {
      isIn = this.#membershipOf(action)
      if (this.#memberships.size >= MOST_MEMBERSHIPS) this.#memberships.clear()
      this.#memberships.set(action, isIn)
    }
    return isIn
  }

  #membershipOf(action: string): (set: ActionSet) => boolean {
    const spelled = this.facts.spellingOf(action)
    const number = spelled === null ? undefined : this.#numbers.get(spelled)
    const lower = action.toLowerCase()
    return number === undefined
      ? (set) => hasAction(set, lower)
      : ({ bits }) => ((bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0
  }

  isListed(action: string): boolean {
    return this.facts.spellingOf(action) !== null
  }

  /** Where an action, in AWS's spelling, stands in the catalogue; what isn't listed comes last. */
  placeOf(action: string): number {
    return this.#numbers.get(action) ?? this.names.length
  }

  /** An action as it is to be shown: of what the catalogue doesn't know, as its author wrote it. */
  shown(action: string): string {
    return this.isListed(action) ? action : (this.#written.get(action.toLowerCase()) ?? action)
  }

  levelOf(action: string): AccessLevel {
    let level = this.#levels.get(action)
    if (level === undefined) {
      level = this.facts.accessLevelOf(action) ?? 'write'
      this.#levels.set(action, level)
    }
    return level
  }

  #bitsOf(entries: readonly string[], negated: boolean): Uint32Array {
    const bits = new Uint32Array(this.#words)
    for (const entry of entries)
      for (const name of this.facts.actionsMatching(entry === '*:*' ? '*' : entry)) {
        const number = this.#numbers.get(name) ?? 0
        bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31))
      }
    return negated ? this.#inverted(bits) : bits
  }

  #inverted(bits: Uint32Array): Uint32Array {
    const inverted = bits.map((word) => ~word)
    const spare = this.names.length & 31
    const last = inverted.length - 1
    if (spare > 0) inverted[last] = (inverted[last] ?? 0) & ((1 << spare) - 1)
    return inverted
  }
}
