import type { Diagnostic, Severity } from '../diagnostics/index.ts'

/** A run says every problem; so many of them in full, since one slip can be the fault of a hundred thousand. */
export const MOST_DIAGNOSTICS = { text: 100, json: 10_000 } as const

/** Problems of one kind that are only counted. */
export interface CountedOnly {
  readonly severity: Severity
  readonly code: string
  readonly count: number
}

interface PickedDiagnostics {
  /** In their order. */
  readonly shown: readonly Diagnostic[]
  /** By severity, then in the order of their first. */
  readonly left: readonly CountedOnly[]
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

/**
 * Which problems are shown where there are too many: errors before warnings, one of each code before others of the same, so
 * that no kind is left out for the number of another; what comes first otherwise.
 */
export function pickDiagnostics(diagnostics: readonly Diagnostic[], most: number): PickedDiagnostics {
  if (diagnostics.length <= most) return { shown: diagnostics, left: [] }
  const picked = new Set<Diagnostic>()
  const left: CountedOnly[] = []
  for (const severity of SEVERITIES) {
    const alike = diagnostics.filter((each) => each.severity === severity)
    const firsts = new Map<string, Diagnostic>()
    for (const each of alike) if (!firsts.has(each.code)) firsts.set(each.code, each)
    for (const each of [...firsts.values(), ...alike]) if (picked.size < most) picked.add(each)
    const counts = new Map<string, number>()
    for (const { code } of alike.filter((each) => !picked.has(each)))
      counts.set(code, (counts.get(code) ?? 0) + 1)
    for (const [code, count] of counts) left.push({ severity, code, count })
  }
  return { shown: diagnostics.filter((each) => picked.has(each)), left }
}
