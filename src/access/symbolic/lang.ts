// Unions of wildcard patterns as automata: positions in the patterns are the states of a nondeterministic one, which is made
// deterministic as it is read (Rabin and Scott's subset construction, lazily); equal sets of positions are one state (hash-consing).
// Edges are symbolic: the characters that a state names, digits where it tells them, and all others together.

import { arnsBeginningOf, servicesOfArns, wholePartition } from './arn-globs.ts'
import { type Segmented, segmented } from './segments.ts'
import {
  COLON,
  DIGIT,
  FOLDED,
  type Glob,
  hasMarkers,
  isDigit,
  isLiteral,
  isMarker,
  isStar,
  ONE,
  ONE_IN_NAME,
  ONE_IN_SEGMENT,
  SLASH,
  STAR,
  STAR_IN_NAME,
  STAR_IN_SEGMENT,
  textOf,
  variantsOf,
} from './tokens.ts'

/** What a reader of a text knows after some of it: which places of which patterns it may stand at. */
export class LangState {
  readonly id: number
  readonly lang: Lang
  /** Into the patterns written one behind the other, each with an end; sorted. */
  readonly places: readonly number[]
  /** The text so far is in the language. */
  readonly accepts: boolean
  /** Whatever follows is in the language. */
  readonly isUniversal: boolean
  /** Characters that lead elsewhere than the others do. */
  readonly literals: readonly number[]
  /** Whether all other digits lead elsewhere than the rest does. */
  readonly tellsDigits: boolean
  #next: Map<number, LangState> | null = null
  #digit: LangState | null = null
  #other: LangState | null = null

  constructor(id: number, lang: Lang, places: readonly number[]) {
    this.id = id
    this.lang = lang
    this.places = places
    this.accepts = places.some((place) => lang.tokenAt(place) === END)
    this.isUniversal = places.some((place) => lang.tokenAt(place) === STAR && lang.tokenAt(place + 1) === END)
    this.literals = lang.literalsAt(places)
    this.tellsDigits = places.some((place) => lang.tokenAt(place) === DIGIT)
  }

  /** Nothing that follows can bring the text into the language. */
  get isDead(): boolean {
    return this.places.length === 0
  }

  after(character: number): LangState {
    const known = this.#next?.get(character)
    if (known !== undefined) return known
    if (!this.literals.includes(character) && !isMarker(character))
      return this.tellsDigits && isDigit(character) ? this.#afterDigit(character) : this.other
    const next = this.lang.step(this.places, character)
    this.#next ??= new Map()
    this.#next.set(character, next)
    return next
  }

  /** After a digit that is none of `literals`. */
  #afterDigit(digit: number): LangState {
    this.#digit ??= this.lang.step(this.places, digit)
    return this.#digit
  }

  /** After a character that is none of `literals`, nor a digit where those are told. */
  get other(): LangState {
    this.#other ??= this.lang.step(this.places, NOT_LISTED)
    return this.#other
  }
}

const END = Number.MIN_SAFE_INTEGER
/** Stands for any character that no pattern names here. */
const NOT_LISTED = -100_000_000

/** A union of patterns, read by an automaton that comes into being as it is used. */
export class Lang {
  readonly id: number
  readonly globs: readonly Glob[]
  /** Texts, if no pattern has a wildcard; otherwise null. */
  readonly members: readonly string[] | null
  readonly hasMarkers: boolean
  /** What all its texts begin with, if they are whole ARNs: `arn:aws:`. Otherwise null. */
  readonly arnsBegin: string | null
  readonly #allArnsOf: string | null
  /** The third segments of its ARNs: the services' names. null: not all patterns say. */
  readonly services: ReadonlySet<string> | null
  readonly #tokens: readonly number[]
  readonly #states = new Map<string, LangState>()
  readonly #countState: () => number
  readonly #start: LangState
  #segmented: readonly Segmented[] | null = null

  constructor(id: number, globs: readonly Glob[], countState: () => number) {
    this.id = id
    this.globs = globs
    this.members = globs.every(isLiteral) ? globs.map(textOf) : null
    this.hasMarkers = globs.some(hasMarkers)
    this.services = servicesOfArns(globs)
    this.arnsBegin = arnsBeginningOf(globs)
    this.#allArnsOf = globs.length === 1 ? wholePartition(globs[0] ?? []) : null
    this.#countState = countState
    const tokens: number[] = []
    const starts: number[] = []
    for (const glob of globs) {
      starts.push(tokens.length)
      for (const token of glob) tokens.push(token)
      tokens.push(END)
    }
    this.#tokens = tokens
    this.#start = this.#stateAt(this.#closed(starts))
  }

  /** Each pattern taken apart. */
  get segmented(): readonly Segmented[] {
    this.#segmented ??= this.globs.map(segmented)
    return this.#segmented
  }

  get start(): LangState {
    return this.#start
  }

  /** Whether it takes every ARN that begins so. */
  takesArnsOf(beginning: string | null): boolean {
    return this.#allArnsOf !== null && this.#allArnsOf === beginning
  }

  get isEmpty(): boolean {
    return this.globs.length === 0
  }

  /** Takes every text. (A union that does so without a single `*` is not noticed.) */
  get isUniversal(): boolean {
    return this.#start.isUniversal
  }

  has(text: string): boolean {
    let state = this.start
    for (let at = 0; at < text.length; ) {
      if (state.isUniversal) return true
      if (state.isDead) return false
      const character = text.codePointAt(at) ?? 0
      state = state.after(character)
      at += character > 0xffff ? 2 : 1
    }
    return state.accepts
  }

  tokenAt(place: number): number {
    return this.#tokens[place] ?? END
  }

  literalsAt(places: readonly number[]): readonly number[] {
    const literals = new Set<number>()
    for (const place of places) {
      const token = this.tokenAt(place)
      if (token === END || token === STAR || token === ONE || token === DIGIT) continue
      if (token === STAR_IN_SEGMENT || token === ONE_IN_SEGMENT) literals.add(COLON)
      else if (token === STAR_IN_NAME || token === ONE_IN_NAME) literals.add(COLON).add(SLASH)
      else if (isMarker(token) || token < FOLDED) literals.add(token)
      else for (const variant of variantsOf(token & ~FOLDED)) literals.add(variant)
    }
    return [...literals]
  }

  step(places: readonly number[], character: number): LangState {
    const next: number[] = []
    // Of a text that isn't known nobody knows how long it is, and whether there is a colon in it.
    const isText = isMarker(character) && character !== NOT_LISTED
    for (const place of places) {
      const token = this.tokenAt(place)
      if (token === END) continue
      if (token === STAR) next.push(place)
      else if (token === STAR_IN_SEGMENT) {
        if (character !== COLON && !isText) next.push(place)
      } else if (token === ONE) {
        if (!isText) next.push(place + 1)
      } else if (token === ONE_IN_SEGMENT) {
        if (character !== COLON && !isText) next.push(place + 1)
      } else if (token === STAR_IN_NAME) {
        if (character !== COLON && character !== SLASH && !isText) next.push(place)
      } else if (token === ONE_IN_NAME) {
        if (character !== COLON && character !== SLASH && !isText) next.push(place + 1)
      } else if (token === DIGIT) {
        if (isDigit(character)) next.push(place + 1)
      } else if (token === character) next.push(place + 1)
      else if (token >= FOLDED && variantsOf(token & ~FOLDED).includes(character)) next.push(place + 1)
    }
    return this.#stateAt(this.#closed(next))
  }

  /** With the places behind stars, and without those that a later star of the same pattern makes superfluous. */
  #closed(places: readonly number[]): readonly number[] {
    // Most often one is left, on a plain character.
    if (places.length === 0 || (places.length === 1 && !isStar(this.tokenAt(places[0] ?? 0)))) return places
    const closed = new Set<number>()
    for (let place of places) {
      closed.add(place)
      while (isStar(this.tokenAt(place))) closed.add(++place)
    }
    const sorted = [...closed].sort((a, b) => a - b)
    // INVARIANT: what can be reached from a place before a star can be reached from the star too.
    const kept: number[] = []
    let wall = Number.POSITIVE_INFINITY
    let isSuperfluous = false
    for (let index = sorted.length - 1; index >= 0; index--) {
      const place = sorted[index] ?? 0
      if (place < wall) {
        isSuperfluous = false
        wall = this.#beginningOf(place)
      }
      if (isSuperfluous) continue
      kept.push(place)
      if (this.tokenAt(place) === STAR) isSuperfluous = true
    }
    return kept.reverse()
  }

  #beginningOf(place: number): number {
    let at = place
    while (at > 0 && this.tokenAt(at - 1) !== END) at--
    return at
  }

  #stateAt(places: readonly number[]): LangState {
    const key = places.join()
    let state = this.#states.get(key)
    if (state === undefined) {
      state = new LangState(this.#countState(), this, places)
      this.#states.set(key, state)
    }
    return state
  }
}

/** All languages in use, each once. */
export class LangTable {
  readonly #known = new Map<string, Lang>()
  #states = 0

  /** How many states were made: what the memory goes by. */
  get size(): number {
    return this.#states
  }

  of(globs: readonly Glob[]): Lang {
    const texts = new Map(globs.map((glob) => [glob.join(), glob]))
    const keys = [...texts.keys()].sort()
    const key = keys.join(';')
    let lang = this.#known.get(`${keys.length} ${key}`)
    if (lang === undefined) {
      lang = new Lang(
        this.#known.size,
        keys.map((each) => texts.get(each) ?? []),
        () => this.#states++,
      )
      this.#known.set(`${keys.length} ${key}`, lang)
    }
    return lang
  }
}
