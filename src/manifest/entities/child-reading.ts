import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  type LocatedEntry,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import type { DesiredChild } from '../../model/index.ts'
import type { TextInPlace } from '../project/account-files.ts'

/** Reads what is declared of one that is named under an entity. What is of a wrong type, the schema reports. */
export class ChildReading {
  readonly #entry: LocatedEntry
  readonly #report: (problem: Diagnostic) => void
  readonly #textOf: (value: Located) => TextInPlace | null

  /** @param textOf as `AccountFiles` has it */
  constructor(
    entry: LocatedEntry,
    report: (problem: Diagnostic) => void,
    textOf: (value: Located) => TextInPlace | null,
  ) {
    this.#entry = entry
    this.#report = report
    this.#textOf = textOf
  }

  report(problem: Parameters<typeof errorOf>[0]): void {
    this.#report(errorOf(problem))
  }

  /** The name, where it is declared. */
  get name(): { readonly text: string; readonly span: Span } {
    return { text: this.#entry.key, span: spanOf(this.#entry.keySpan) }
  }

  /** A text that stands under a key; null: none does. */
  text(key: string): { readonly text: string; readonly span: Span } | null {
    const value = entryOf(this.#entry.value, key)?.value
    return value?.kind === 'scalar' && typeof value.value === 'string' && value.value !== ''
      ? { text: value.value, span: spanOf(value) }
      : null
  }

  /** A number that stands under a key; null: none does. */
  number(key: string): { readonly value: number; readonly span: Span } | null {
    const value = entryOf(this.#entry.value, key)?.value
    return value?.kind === 'scalar' && typeof value.value === 'number'
      ? { value: value.value, span: spanOf(value) }
      : null
  }

  /** A text that is public, or the one in the file that `{ file: … }` names: of a private key that stands there nothing is shown. */
  publicText(key: string): TextInPlace | null {
    const value = entryOf(this.#entry.value, key)?.value
    const found = value === undefined ? null : this.#textOf(value)
    if (found === null || (found.text === '' && found.file === null)) return null
    if (!/PRIVATE KEY/.test(found.text)) return found
    const problem = errorOf({
      code: 'manifest.literal-secret',
      message:
        found.file === null
          ? 'a private key never stands in a manifest, and IAM takes the public half alone'
          : `\`${found.file}\` holds a private key, and IAM takes the public half alone`,
      help: 'write the public half; if this was the private one, make another pair wherever it is used',
      span: found.span,
    })
    this.#report(found.file === null ? { ...problem, hides: [found.span] } : problem)
    return null
  }

  /** What every one has. */
  child(identity: string): DesiredChild {
    const { text: name, span } = this.name
    return { name, identity, status: this.text('status')?.text === 'inactive' ? 'inactive' : 'active', span }
  }
}
