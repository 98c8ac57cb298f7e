import type { Diagnostic } from '../diagnostics/index.ts'
import { PROJECT_FILE } from '../model/project-file.ts'

/** Sorted by file (the project file first) and place. What two accounts share is said once. */
export function diagnosticsInOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  const unique = diagnostics.filter(({ code, message, span }) => {
    const key = JSON.stringify([code, message, span?.file, span?.start, span?.end])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
  const fileOrder = ({ span }: Diagnostic): string =>
    span === null ? '' : span.file === PROJECT_FILE ? ' ' : `!${span.file}`
  return unique.sort((a, b) => {
    const left = fileOrder(a)
    const right = fileOrder(b)
    if (left !== right) return left < right ? -1 : 1
    return (a.span?.start ?? 0) - (b.span?.start ?? 0)
  })
}
