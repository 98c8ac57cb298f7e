import {
  type Diagnostic,
  hasErrors,
  type Located,
  type SourceTexts,
  type Span,
  warningOf,
} from '../diagnostics/index.ts'
import type { PlacedDocument, StateDocument, UnknownDocument } from '../model/index.ts'
import { isPolicyDocument } from '../policy/document-form.ts'
import { parsePolicy } from '../policy/parse.ts'
import type { PolicyUse } from '../policy/parsed.ts'
import { parseJson } from '../yaml/json.ts'
import { placeName, type Source } from './intake.ts'

/**
 * Reads the policy documents of an input. What can't be read is a finding, and unknown for whoever holds it: it stops nothing, and
 * no gate passes on it.
 */
export class DocumentIntake {
  readonly findings: Diagnostic[] = []
  readonly #texts: SourceTexts

  /** @param texts takes the text of a document where somebody asks for its places */
  constructor(texts: SourceTexts) {
    this.#texts = texts
  }

  /**
   * @param value a document, or its JSON, URL-encoded (RFC 3986) or not
   * @param holds what holds it, in the words of a finding: `role/deploy`
   * @param located the same value with its places in a text that is kept; null: it gets a text of its own
   */
  read(
    value: unknown,
    use: PolicyUse,
    source: Source,
    holds: string,
    located: Located | null = null,
  ): StateDocument {
    const json = typeof value === 'string' ? jsonIn(value) : value
    if (json === undefined) return this.#unreadable('not-json', value, source, holds)
    if (!isPolicyDocument(json)) return this.#unreadable('not-a-policy', value, source, holds)
    const { policy, diagnostics } = parsePolicy(json, null, use, 'evaluate')
    if (policy === null) {
      const first = diagnostics.find((each) => hasErrors([each]))
      this.#find(
        'intake.unclear-document',
        `${holds}: the document at \`${source.address}\` has no clear meaning${first === undefined ? '' : `: ${first.message}`}`,
        first?.help ?? UNKNOWN_FOR_HOLDER,
      )
    }
    return located === null ? this.#placed(json, source) : { json, located }
  }

  /** Stands in place of a document of which parts aren't known yet. */
  notYet(source: Source, holds: string): UnknownDocument {
    this.#find(
      'intake.document-not-known-yet',
      `${holds}: what the document at \`${source.address}\` says is not known before it is applied`,
      UNKNOWN_FOR_HOLDER,
    )
    return { unknown: 'not-yet', text: placeName(source), place: this.#emptyPlace(source) }
  }

  /** Stands for what somebody has of which it is known that nobody can tell it. @param text two of the same say the same */
  standIn(unknown: UnknownDocument['unknown'], text: string, source: Source): UnknownDocument {
    return { unknown, text, place: this.#emptyPlace(source) }
  }

  /** Stands for what says which access somebody has, and can't be read, whatever it is. */
  unreadable(source: Source, holds: string, what: string): UnknownDocument {
    this.#find(
      'intake.unreadable',
      `${holds}: \`${what}\` at \`${source.address}\` is of a form that can't be read`,
      UNKNOWN_FOR_HOLDER,
    )
    return { unknown: 'not-a-policy', text: placeName(source), place: this.#emptyPlace(source) }
  }

  #unreadable(
    unknown: UnknownDocument['unknown'],
    value: unknown,
    source: Source,
    holds: string,
  ): UnknownDocument {
    this.#find(
      'intake.unreadable-document',
      `${holds}: the document at \`${source.address}\` ${unknown === 'not-json' ? "isn't JSON" : "isn't a policy document"}`,
      UNKNOWN_FOR_HOLDER,
    )
    return { unknown, text: textOf(value), place: this.#emptyPlace(source) }
  }

  /** What stands there isn't shown: it may be anything. */
  #emptyPlace(source: Source): Span {
    const file = placeName(source)
    this.#texts.add(file, '')
    return { file, start: 0, end: 0 }
  }

  #find(code: string, message: string, help: string): void {
    this.findings.push(warningOf({ code, message, help }))
  }

  /** Its places are in a text of its own, which is only made where somebody asks for one. */
  #placed(json: PlacedDocument['json'], source: Source): PlacedDocument {
    const texts = this.#texts
    let located: Located | null | undefined
    return {
      json,
      get located(): Located | null {
        if (located !== undefined) return located
        const file = placeName(source)
        const text = JSON.stringify(json, null, 2)
        const { roots, diagnostics } = parseJson(file, text)
        located = diagnostics.length === 0 ? (roots[0] ?? null) : null
        if (located !== null) texts.add(file, text)
        return located
      },
    }
  }
}

const UNKNOWN_FOR_HOLDER = 'what it grants or denies is taken to be unknown, and no gate passes on it'

/** undefined: it is none. */
function jsonIn(text: string): unknown {
  for (const decoded of [() => text, () => decodeURIComponent(text)])
    try {
      return JSON.parse(decoded())
    } catch {
      // Perhaps it is encoded.
    }
  return undefined
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
