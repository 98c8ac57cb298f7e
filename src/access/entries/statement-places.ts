import type { ParsedStatement } from '../../policy/parsed.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'

/** Numbers where statements stand: of whatever is told by its place the text is made once. */
export class StatementPlaces {
  readonly #ofSources = new WeakMap<ParsedStatement, Map<string, number>>()
  readonly #ofTexts = new Map<string, number>()

  /** Equal for what stands in one place of one policy. */
  numberOf({ policy, symbolic: { source } }: PlacedStatement): number {
    const ofSource = this.#ofSources.get(source) ?? new Map<string, number>()
    this.#ofSources.set(source, ofSource)
    let number = ofSource.get(policy)
    if (number === undefined) {
      const text = JSON.stringify([policy, source.sid, source.span])
      number = this.#ofTexts.get(text) ?? this.#ofTexts.size
      this.#ofTexts.set(text, number)
      ofSource.set(policy, number)
    }
    return number
  }
}
