import {
  type Diagnostic,
  diagnosticJson,
  FORMAT_VERSION,
  renderDiagnostic,
  type SourceTexts,
} from '../diagnostics/index.ts'
import { counted } from './layout/paint.ts'
import { type CountedOnly, MOST_DIAGNOSTICS, pickDiagnostics } from './most-diagnostics.ts'
import type { TextOptions } from './plans/plan-text.ts'

/**
 * A whole document of `--json`: the version first, the diagnostics last, and after them how many of each code are left out,
 * if any are.
 * @param body the keys of the command's own; empty for `validate`
 */
export function jsonDocument(body: object, diagnostics: readonly Diagnostic[], texts: SourceTexts): object {
  const { shown, left } = pickDiagnostics(diagnostics, MOST_DIAGNOSTICS.json)
  const truncated = new Map<string, number>()
  for (const { code, count } of left) truncated.set(code, (truncated.get(code) ?? 0) + count)
  return {
    formatVersion: FORMAT_VERSION,
    ...body,
    diagnostics: shown.map((diagnostic) => diagnosticJson(diagnostic, texts)),
    ...(truncated.size > 0 ? { diagnosticsTruncated: Object.fromEntries(truncated) } : {}),
  }
}

/**
 * Problems, one after the other; of very many those that are left out, counted by code; and how many there are in all, unless
 * that is said elsewhere.
 */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  texts: SourceTexts,
  options: TextOptions & { readonly count?: 'elsewhere' } = { color: false },
): string {
  const { shown, left } = pickDiagnostics(diagnostics, MOST_DIAGNOSTICS.text)
  const blocks = shown.map((diagnostic) => renderDiagnostic(diagnostic, texts, options))
  const counts = (['error', 'warning'] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return count > 0 ? [counted(count, severity)] : []
  })
  return [
    ...blocks,
    ...(left.length > 0 ? [leftText(left)] : []),
    ...(diagnostics.length > 1 && counts.length > 0 && options.count !== 'elsewhere'
      ? [counts.join(', ')]
      : []),
  ].join('\n\n')
}

function leftText(left: readonly CountedOnly[]): string {
  const counts = left.map(({ count }) => count.toLocaleString('en'))
  const width = Math.max(...counts.map((count) => count.length))
  return [
    `and not shown (\`--json\` has up to ${MOST_DIAGNOSTICS.json.toLocaleString('en')}):`,
    ...left.map(
      ({ severity, code }, nth) => `  ${(counts[nth] ?? '').padStart(width)} more ${severity}[${code}]`,
    ),
  ].join('\n')
}
