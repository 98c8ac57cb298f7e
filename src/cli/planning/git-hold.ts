import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import { operationUnderWay } from '../../source/git/git-operation.ts'

/**
 * Has a watcher's applies wait while git is in the middle of a rebase, a merge or the like: what the working tree holds then
 * is nobody's choice.
 */
export class GitHold {
  readonly #folder: string | null
  #operation: string | null = null

  /** @param folder the IAM folder; null: nothing is applied anyway */
  constructor(folder: string | null) {
    this.#folder = folder
  }

  /** Before files are read, and again when they have been: what begins or ends meanwhile counts. */
  look(when: 'before' | 'after'): void {
    if (when === 'before') this.#operation = null
    this.#operation ??= this.#now()
  }

  get isHeld(): boolean {
    return this.#operation !== null
  }

  /** Whether git has ended what was waited for: no file need have changed by that. */
  get hasEnded(): boolean {
    return this.isHeld && this.#now() === null
  }

  get diagnostics(): readonly Diagnostic[] {
    if (this.#operation === null) return []
    return [
      warningOf({
        code: 'watch.held',
        message: `git is in the middle of ${this.#operation}: nothing is applied until that has ended`,
        help: '`git status` says how to go on, or how to give it up',
      }),
    ]
  }

  #now(): string | null {
    return this.#folder === null ? null : operationUnderWay(this.#folder)
  }
}
