import { type Glob, literalGlob, STAR_IN_SEGMENT } from '../../symbolic/tokens.ts'
import { type Given, givenKey } from './given.ts'

/** Requests of which more is known than who asks for what. */
export interface Narrowed {
  readonly given: Given
  /** What they are about, as a pattern with `*` for what holds no colon; null: anything. */
  readonly within: string | null
}
/** What is known of requests for an action; null: nothing. */
export type NarrowedBy = (action: string) => Narrowed | null

export const NOT_NARROWED: Narrowed = { given: new Map(), within: null }

/** Equal ones know the same; empty: nothing. */
export const narrowedKey = ({ given, within }: Narrowed): string =>
  given.size === 0 && within === null ? '' : ` anywhere ${givenKey(given)} ${within ?? ''}`

export const starredGlob = (pattern: string): Glob =>
  pattern
    .split('*')
    .flatMap((part, index) => [...(index === 0 ? [] : [STAR_IN_SEGMENT]), ...literalGlob(part)])

/** What is guessed of a request, but for what is known of it. */
export const withoutKnown = (
  guessed: ReadonlyMap<string, readonly string[]>,
  given: Given,
): ReadonlyMap<string, readonly string[]> =>
  given.size === 0 ? guessed : new Map([...guessed].filter(([key]) => !given.has(key.toLowerCase())))
