import type { Span } from './span.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A second place that explains the first: the other declaration of a duplicate, the file that includes another. */
export interface Related {
  readonly message: string
  readonly span: Span
}

/**
 * One problem with what the user gave. Bad input is data: it is collected and all of it is reported in one run.
 * `code` is stable, lowercase and dotted (`manifest.unknown-key`); `message` has no final period and quotes
 * the user's own text in backticks; `help` is one line that says how to mend it.
 */
export interface Diagnostic {
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly help: string | null
  readonly span: Span | null
  readonly related: readonly Related[]
  /** Places where a secret may stand: no excerpt of any diagnostic shows what is there. Absent: none. */
  readonly hides?: readonly Span[]
}

export interface DiagnosticParts {
  readonly code: string
  readonly message: string
  readonly help?: string | null
  readonly span?: Span | null
  readonly related?: readonly Related[]
}

const make = (severity: Severity, parts: DiagnosticParts): Diagnostic => ({
  severity,
  code: parts.code,
  message: parts.message,
  help: parts.help ?? null,
  span: parts.span ?? null,
  related: parts.related ?? [],
})

export const errorOf = (parts: DiagnosticParts): Diagnostic => make('error', parts)
export const warningOf = (parts: DiagnosticParts): Diagnostic => make('warning', parts)
export const infoOf = (parts: DiagnosticParts): Diagnostic => make('info', parts)

/** The same, where it stops nothing. */
export const asWarning = (diagnostic: Diagnostic): Diagnostic => ({ ...diagnostic, severity: 'warning' })

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some((diagnostic) => diagnostic.severity === 'error')

/**
 * Carries diagnostics through code that can't go on without what failed (a store that is corrupt,
 * a ref that doesn't exist). Caught once, at the edge, and printed like any other diagnostic.
 */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[] | Diagnostic) {
    const all = Array.isArray(diagnostics) ? diagnostics : [diagnostics as Diagnostic]
    super(all.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`).join('; '))
    this.name = 'DiagnosticError'
    this.diagnostics = all
  }
}

/** A broken promise of our own code, never the user's fault. */
export class InvariantError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InvariantError'
  }
}
