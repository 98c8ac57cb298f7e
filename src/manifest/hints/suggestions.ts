import { didYouMean } from '../../diagnostics/index.ts'

/** Searching thousands of names for each of thousands of unknown ones would take seconds, and help nobody. */
const MOST_SEARCHES = 200

/** "did you mean" among many names: each word is searched for once, and after many words no more are. */
export class Suggestions {
  readonly #helps = new Map<string, string>()

  /**
   * @param among what the names are of: the same word may be unknown as a group and as a policy
   * @param written what stands in the file, where it is the name with something before it
   */
  help(
    among: string,
    word: string,
    known: () => Iterable<string>,
    otherwise: string,
    written: string = word,
  ): string {
    const key = `${among}/${written}`
    const before = this.#helps.get(key)
    if (before !== undefined) return before
    if (this.#helps.size >= MOST_SEARCHES) return otherwise
    const help =
      written !== word && includes(known(), word)
        ? `did you mean \`${word}\`? names stand without path and kind`
        : didYouMean(word, known(), otherwise)
    this.#helps.set(key, help)
    return help
  }
}

function includes(names: Iterable<string>, word: string): boolean {
  for (const name of names) if (name === word) return true
  return false
}
