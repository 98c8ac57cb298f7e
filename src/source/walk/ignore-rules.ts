import { IgnoreBudget, type IgnoreFile } from './ignore-budget.ts'

interface Level {
  readonly base: string
  readonly file: IgnoreFile
}

/**
 * The `.gitignore` files from the root of the repository down to a folder. A deeper file has the last word.
 * Tracked files that match are skipped as well: a plan of a clean working tree and one of its commit are the same.
 */
export class IgnoreRules {
  readonly #levels: readonly Level[]
  readonly #budget: IgnoreBudget

  constructor(levels: readonly Level[] = [], budget = new IgnoreBudget()) {
    this.#levels = levels
    this.#budget = budget
  }

  /**
   * The same rules and those of one more file.
   * @param base the folder that holds the file, relative to the root, without a final `/`; `''` is the root
   * @throws DiagnosticError `source.too-many-ignore-rules`
   */
  with(base: string, gitignore: string): IgnoreRules {
    return new IgnoreRules([...this.#levels, { base, file: this.#budget.read(gitignore) }], this.#budget)
  }

  /**
   * @param path relative to the root, with `/`
   * @throws DiagnosticError `source.too-many-ignore-rules`
   */
  ignores(path: string, kind: 'file' | 'folder'): boolean {
    let ignored = false
    for (const { base, file } of this.#levels) {
      if (base !== '' && !path.startsWith(`${base}/`)) continue
      const inside = base === '' ? path : path.slice(base.length + 1)
      if (inside === '') continue
      this.#budget.ask(file, inside)
      const result = file.rules.test(kind === 'folder' ? `${inside}/` : inside)
      if (result.ignored) ignored = true
      else if (result.unignored) ignored = false
    }
    return ignored
  }
}
