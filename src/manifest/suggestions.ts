import { didYouMean } from '../diagnostics/index.ts'

/** Searching thousands of names for each of thousands of unknown ones would take seconds, and help nobody. */
const MOST_SEARCHES = 200

/** "did you mean" among many names: each word is searched for once, and after many words no more are. */
export class Suggestions {
  readonly #helps = new Map<string, string>()

  /** @param among what the names are of: the same word may be unknown as a group and as a policy */
  help(among: string, word: string, known: () => Iterable<string>, otherwise: string): string {
    const key = `${among}/${word}`
    const before = this.#helps.get(key)
    if (before !== undefined) return before
    if (this.#helps.size >= MOST_SEARCHES) return otherwise
    const help = didYouMean(word, known(), otherwise)
    this.#helps.set(key, help)
    return help
  }
}
