import ignore, { type Ignore } from 'ignore'

/**
 * The `.gitignore` files from the root of the repository down to a folder. A deeper file has the last word.
 * Tracked files that match are skipped as well: a plan of a clean working tree and one of its commit are the same.
 */
export class IgnoreRules {
  readonly #levels: readonly { readonly base: string; readonly rules: Ignore }[]

  constructor(levels: readonly { readonly base: string; readonly rules: Ignore }[] = []) {
    this.#levels = levels
  }

  /**
   * The same rules and those of one more file.
   * @param base the folder that holds the file, relative to the root, without a final `/`; `''` is the root
   */
  with(base: string, gitignore: string): IgnoreRules {
    return new IgnoreRules([...this.#levels, { base, rules: ignore().add(withoutOverlong(gitignore)) }])
  }

  /**
   * @param path relative to the root, with `/`
   */
  ignores(path: string, kind: 'file' | 'folder'): boolean {
    let ignored = false
    for (const { base, rules } of this.#levels) {
      if (base !== '' && !path.startsWith(`${base}/`)) continue
      const inside = base === '' ? path : path.slice(base.length + 1)
      if (inside === '') continue
      const result = rules.test(kind === 'folder' ? `${inside}/` : inside)
      if (result.ignored) ignored = true
      else if (result.unignored) ignored = false
    }
    return ignored
  }
}

/** No path has as many characters as a file system takes: such a line matches nothing, and no regular expression is made of it. */
const LONGEST_LINE = 4096

const withoutOverlong = (gitignore: string): string =>
  gitignore.length <= LONGEST_LINE
    ? gitignore
    : gitignore
        .split('\n')
        .filter((line) => line.length <= LONGEST_LINE)
        .join('\n')
