import type { Diagnostic, SourceTexts } from '../../diagnostics/index.ts'
import type { TextOptions } from '../plans/plan-text.ts'
import type { ReportKinds } from '../report-kind.ts'
import type { Result, ResultOf, ResultType } from '../result.ts'

/** What a result is rendered with. */
export interface Rendering {
  /** Everything that is to be said beside it. */
  readonly diagnostics: readonly Diagnostic[]
  /** Those that the result says already, in words of its own; absent: none. */
  readonly shown?: ReadonlySet<Diagnostic>
  /** What is known of each kind that it may be about. */
  readonly kinds: ReportKinds
  /** What diagnostics and places point into. */
  readonly texts: SourceTexts
  /** For whoever reads standard output at a terminal; of no effect on formats for programs. */
  readonly options: TextOptions
  /** Where all of it is, for pages that leave something out; absent: that isn't known. */
  readonly wholeAt?: string | null
  /** `line`: one of a stream of documents, each on a line of its own. */
  readonly layout: 'whole' | 'line'
}

/**
 * `document`: standard output is this one document whatever happens, diagnostics included, and nothing is asked or said on the
 * way. `people`: results are said as they come, and diagnostics stand on standard error.
 */
export type FormatKind = 'document' | 'people'

/** A form that results of some types take on standard output, and that every failure takes. */
export interface Format<T extends ResultType = ResultType> {
  /** @returns without a line break at the end; null: nothing to say, or said already */
  readonly render: (result: ResultOf<T | 'failed'>, given: Rendering) => string | null
}

/** One entry for each type of result that a format is of, and for failures, so that a forgotten one is a compile error. */
export type ByType<R, T extends ResultType = ResultType> = {
  readonly [K in T | 'failed']: (result: ResultOf<K>, given: Rendering) => R
}

/** @returns what the entry for the result's own type makes of it */
export function byType<R, T extends ResultType>(
  table: ByType<R, T>,
  result: ResultOf<T | 'failed'>,
  given: Rendering,
): R {
  // The entry of a type takes results of that type; TypeScript can't follow the one to the other.
  const render = table[result.type as T | 'failed'] as (result: Result, given: Rendering) => R
  return render(result, given)
}
