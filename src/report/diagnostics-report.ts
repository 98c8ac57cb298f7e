import {
  type Diagnostic,
  diagnosticJson,
  FORMAT_VERSION,
  renderDiagnostic,
  type SourceTexts,
} from '../diagnostics/index.ts'
import { counted } from './paint.ts'
import type { TextOptions } from './plan-text.ts'

/**
 * A whole document of `--json`: the version first, the diagnostics last.
 * @param body the keys of the command's own; empty for `validate`
 */
export const jsonDocument = (
  body: object,
  diagnostics: readonly Diagnostic[],
  texts: SourceTexts,
): object => ({
  formatVersion: FORMAT_VERSION,
  ...body,
  diagnostics: diagnostics.map((diagnostic) => diagnosticJson(diagnostic, texts)),
})

/** All problems, one after the other, and how many there are, unless that is said elsewhere. */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  texts: SourceTexts,
  options: TextOptions & { readonly count?: 'elsewhere' } = { color: false },
): string {
  const blocks = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, texts, options))
  const counts = (['error', 'warning'] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return count > 0 ? [counted(count, severity)] : []
  })
  return [
    ...blocks,
    ...(diagnostics.length > 1 && counts.length > 0 && options.count !== 'elsewhere'
      ? [counts.join(', ')]
      : []),
  ].join('\n\n')
}
