import type { Diagnostic, Severity } from './diagnostic.ts'
import type { Position, SourceTexts, Span } from './span.ts'

/** The version of every JSON document that the command line prints; additive within a major version. */
export const FORMAT_VERSION = '1.0'

export interface DiagnosticJson {
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly help: string | null
  readonly file: string | null
  readonly start: Position | null
  readonly end: Position | null
  readonly related: readonly {
    readonly message: string
    readonly file: string
    readonly line: number | null
  }[]
}

/** A diagnostic as `--json` prints it. Lines and columns start at 1. */
export function diagnosticJson(diagnostic: Diagnostic, texts: SourceTexts): DiagnosticJson {
  const { span } = diagnostic
  return {
    severity: diagnostic.severity,
    code: diagnostic.code,
    message: diagnostic.message,
    help: diagnostic.help,
    file: span?.file ?? null,
    start: span === null ? null : texts.positionAt(span.file, span.start),
    end: span === null ? null : texts.positionAt(span.file, span.end),
    related: diagnostic.related.map(({ message, span: place }) => ({ message, ...sourceJson(place, texts) })),
  }
}

/** Where something is declared, as JSON output names it. */
export function sourceJson(
  span: Span,
  texts: SourceTexts,
): { readonly file: string; readonly line: number | null } {
  return { file: span.file, line: texts.positionAt(span.file, span.start)?.line ?? null }
}
