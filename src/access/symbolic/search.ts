// Emptiness of an intersection of languages and complements of languages, by the product of their automata: breadth first, built as
// it is walked (on the fly), so that the first text found is a shortest one. Of the alphabet one character stands for each class
// that no state of the node tells apart (the minterms of a symbolic automaton).
//
// SOUND: `found` is a text that was read by every automaton. COMPLETE within the budget of product states.

import type { Lang, LangState, LangTable } from './lang.ts'
import { areApart } from './segments.ts'
import { codePoints, FOLDED, isDigit, isMarker } from './tokens.ts'

export type SearchResult =
  | { readonly type: 'found'; readonly text: string }
  | { readonly type: 'none' }
  /** Too many combinations of states: not known. */
  | { readonly type: 'budget' }

const NONE: SearchResult = { type: 'none' }
const BUDGET: SearchResult = { type: 'budget' }

/** Characters for where any will do, in the order of preference. */
const FRESH = codePoints('xyzwvutsrqponmlkjihgfedcba0123456789-_XYZABC.~!éπж')
const DIGITS = codePoints('1234567890')
/** Answers that are remembered. */
const MOST_REMEMBERED = 200_000

/**
 * Finds texts that lie in some languages and outside of others: breadth first over the product of their automata, so
 * that the first text found is a shortest one.
 */
export class Search {
  readonly #langs: LangTable
  readonly #mostNodes: number
  #known = new Map<string, SearchResult>()

  /** @param mostNodes combinations of states that one search may look at */
  constructor(langs: LangTable, mostNodes: number) {
    this.#langs = langs
    this.#mostNodes = mostNodes
  }

  /** A text of at least so many characters that all `positives` have and no one of `negatives`. */
  find(positives: readonly Lang[], negatives: readonly Lang[], minLength = 1): SearchResult {
    const arn = positives.find((lang) => lang.arnsBegin !== null)
    const inside = distinct(
      positives.filter(
        (lang) =>
          !lang.isUniversal && !(arn !== undefined && arn !== lang && lang.takesArnsOf(arn.arnsBegin)),
      ),
    )
    const outside = distinct(negatives.filter((lang) => !lang.isEmpty))
    if (inside.some((lang) => lang.isEmpty || outside.includes(lang))) return NONE
    if (outside.some((lang) => lang.isUniversal)) return NONE
    const key = `${minLength}+${inside.map(({ id }) => id).join()}-${outside.map(({ id }) => id).join()}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const result = this.#findAnew(inside, outside, minLength)
    if (this.#known.size >= MOST_REMEMBERED) this.#known = new Map()
    this.#known.set(key, result)
    return result
  }

  /** Whether no text is in both. @returns null: not known */
  areDisjoint(a: Lang, b: Lang): boolean | null {
    if (a.services !== null && b.services !== null && !haveCommon(a.services, b.services)) return true
    if (arePlainlyApart(a, b)) return true
    const { type } = this.find([a, b], [])
    return type === 'budget' ? null : type === 'none'
  }

  /** Whether the first lies in the second. @returns null: not known */
  isSubset(a: Lang, b: Lang): boolean | null {
    if (a === b || b.isUniversal) return true
    if (!a.isEmpty && a.services !== null && b.services !== null && !haveCommon(a.services, b.services))
      return false
    const { type } = this.find([a], [b])
    return type === 'budget' ? null : type === 'none'
  }

  #findAnew(inside: readonly Lang[], outside: readonly Lang[], minLength: number): SearchResult {
    const finite = inside
      .filter(({ members }) => members !== null)
      .sort((a, b) => a.globs.length - b.globs.length)[0]
    if (finite?.members != null) {
      const text = finite.members.find(
        (member) =>
          member.length >= minLength &&
          inside.every((lang) => lang === finite || lang.has(member)) &&
          !outside.some((lang) => lang.has(member)),
      )
      return text === undefined ? NONE : { type: 'found', text }
    }
    return this.#walk(inside, outside, minLength)
  }

  #walk(inside: readonly Lang[], outside: readonly Lang[], minLength: number): SearchResult {
    const first = settled(
      inside.map(({ start }) => start),
      outside.map(({ start }) => start),
      null,
      0,
    )
    if (first === null) return NONE
    const queue: Node[] = [first]
    const seen = new Set<number | string>([keyOf(first, minLength)])
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head]
      if (node === undefined) break
      if (node.length >= minLength && accepts(node)) return { type: 'found', text: textOf(node) }
      for (const character of charactersAt(node)) {
        const next = after(node, character)
        if (next === null) continue
        const key = keyOf(next, minLength)
        if (seen.has(key)) continue
        if (seen.size >= this.#mostNodes || this.#langs.size > MOST_STATES) return BUDGET
        seen.add(key)
        queue.push(next)
      }
    }
    return NONE
  }
}

/** So many pairs of patterns are looked at before a search. */
const MOST_PAIRS = 2000

/** Whether each pattern of one is plainly apart from each of the other. */
function arePlainlyApart(a: Lang, b: Lang): boolean {
  if (a.globs.length * b.globs.length > MOST_PAIRS) return false
  return a.segmented.every((one) => b.segmented.every((other) => areApart(one, other)))
}

function haveCommon(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const each of a) if (b.has(each)) return true
  return false
}

/** Of all languages together; whoever owns the table begins anew long before. */
const MOST_STATES = 2_000_000

interface Node {
  readonly inside: readonly LangState[]
  readonly outside: readonly LangState[]
  readonly parent: Node | null
  readonly character: number
  readonly length: number
}

const distinct = (langs: readonly Lang[]): readonly Lang[] => [...new Set(langs)].sort((a, b) => a.id - b.id)

/** null: nothing that follows is a solution. Most characters lead there, so that it is seen before anything is made. */
function after(node: Node, character: number): Node | null {
  for (const state of node.inside) if (state.after(character).isDead) return null
  for (const state of node.outside) if (state.after(character).isUniversal) return null
  return settled(
    node.inside.map((state) => state.after(character)),
    node.outside.map((state) => state.after(character)),
    node,
    character,
  )
}

/** Without what can no longer change the outcome; null: nothing that follows is a solution. */
function settled(
  inside: readonly LangState[],
  outside: readonly LangState[],
  parent: Node | null,
  character: number,
): Node | null {
  for (const state of inside) if (state.isDead) return null
  for (const state of outside) if (state.isUniversal) return null
  return {
    inside: inside.some(({ isUniversal }) => isUniversal)
      ? inside.filter(({ isUniversal }) => !isUniversal)
      : inside,
    outside: outside.some(({ isDead }) => isDead) ? outside.filter(({ isDead }) => !isDead) : outside,
    parent,
    character,
    length: parent === null ? 0 : parent.length + 1,
  }
}

/** Short texts of different lengths are different nodes until they are long enough. Numbers where two states are all. */
function keyOf({ inside, outside, length }: Node, minLength: number): number | string {
  if (length >= minLength && inside.length + outside.length <= 2) {
    const one = inside[0]?.id ?? -1
    const two = inside.length > 1 ? (inside[1]?.id ?? -1) : (outside[0]?.id ?? -1)
    const three = inside.length === 0 ? (outside[1]?.id ?? -1) : -1
    if (three < 0) return ((one + 1) * 2 ** 25 + two + 1) * 2 + (inside.length > 1 ? 1 : 0)
  }
  return `${Math.min(length, minLength)}+${idsOf(inside)}-${idsOf(outside)}`
}

function idsOf(states: readonly LangState[]): string {
  let text = ''
  for (const { id } of states) text += `${id},`
  return text
}

const accepts = ({ inside, outside }: Node): boolean =>
  inside.every((state) => state.accepts) && !outside.some((state) => state.accepts)

/** Every character that some state tells from the others, and one that none does: of digits too, where some tells those. */
function charactersAt({ inside, outside }: Node): readonly number[] {
  const strict = inside.find(({ other }) => other.isDead)
  if (strict !== undefined && !strict.tellsDigits) return strict.literals
  const named = new Set<number>()
  for (const state of inside) for (const literal of state.literals) named.add(literal)
  for (const state of outside) for (const literal of state.literals) named.add(literal)
  if (strict !== undefined) return [...strict.literals, ...freshDigit(named), ...[...named].filter(isDigit)]
  const tellsDigits = inside.some((state) => state.tellsDigits) || outside.some((state) => state.tellsDigits)
  return tellsDigits
    ? [freshCharacter(named, true), ...freshDigit(named), ...named]
    : [freshCharacter(named, false), ...named]
}

function freshCharacter(named: ReadonlySet<number>, noDigit: boolean): number {
  for (const character of FRESH)
    if (!named.has(character) && !(noDigit && isDigit(character))) return character
  for (let character = 0x3b1; ; character++) if (!named.has(character)) return character
}

/** Empty: each digit is named. */
function freshDigit(named: ReadonlySet<number>): readonly number[] {
  for (const digit of DIGITS) if (!named.has(digit)) return [digit]
  return []
}

function textOf(node: Node): string {
  const points: number[] = []
  for (let at: Node | null = node; at !== null && at.parent !== null; at = at.parent)
    points.push(at.character)
  return points
    .reverse()
    .map((point) => (isMarker(point) ? '\u{fffd}' : String.fromCodePoint(point & ~FOLDED)))
    .join('')
}
