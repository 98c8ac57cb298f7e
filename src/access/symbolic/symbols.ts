import type { Piece } from '../../evaluator/program/pieces.ts'
import { AtomTable } from './atom.ts'
import { LangTable } from './lang.ts'
import { Search } from './search.ts'
import { MARKER } from './tokens.ts'

/** Combinations of states that one search may look at. */
const MOST_SEARCH_NODES = 20_000
/** What is remembered of languages and atoms is given up beyond this many states: some hundred megabytes. */
const MOST_STATES = 600_000
const MOST_ATOMS = 60_000

/** Everything that formulas are made of, each thing once. Numbers of one table mean nothing in another. */
export class Symbols {
  readonly langs = new LangTable()
  readonly atoms = new AtomTable()
  readonly search = new Search(this.langs, MOST_SEARCH_NODES)
  readonly #markers = new Map<string, number>()
  readonly #markerPieces: (readonly Piece[])[] = []

  /** Time to begin anew. */
  get isFull(): boolean {
    return this.langs.size > MOST_STATES || this.atoms.size > MOST_ATOMS
  }

  /**
   * The token of a text that isn't known.
   * @param identity equal ones are equal texts
   * @param pieces what it is made of
   */
  markerOf(identity: string, pieces: readonly Piece[]): number {
    let marker = this.#markers.get(identity)
    if (marker === undefined) {
      marker = MARKER - this.#markers.size
      this.#markers.set(identity, marker)
      this.#markerPieces.push(pieces)
    }
    return marker
  }

  piecesOf(marker: number): readonly Piece[] {
    return this.#markerPieces[MARKER - marker] ?? []
  }
}
