import { describe, expect, test } from 'vitest'
import { type Diagnostic, errorOf, SourceTexts, warningOf } from '../../src/diagnostics/index.ts'
import { diagnosticsText, jsonDocument } from '../../src/report/diagnostics-report.ts'
import { pickDiagnostics } from '../../src/report/most-diagnostics.ts'

const errors = (code: string, count: number): readonly Diagnostic[] =>
  Array.from({ length: count }, (_, nth) => errorOf({ code, message: `${code} ${nth}` }))
const warnings = (code: string, count: number): readonly Diagnostic[] =>
  Array.from({ length: count }, (_, nth) => warningOf({ code, message: `${code} ${nth}` }))
const NO_TEXTS = new SourceTexts()

describe('of very many problems', () => {
  test('all are shown as long as there are not too many', () => {
    const all = [...warnings('a.w', 3), ...errors('a.e', 2)]
    expect(pickDiagnostics(all, 5)).toEqual({ shown: all, left: [] })
  })

  test('errors are shown before warnings, one of each code before others of the same, all in their order', () => {
    const all = [...warnings('a.w', 3), ...errors('a.e', 5), ...errors('a.rare', 1), ...warnings('a.v', 1)]
    const { shown, left } = pickDiagnostics(all, 4)
    expect(shown.map(({ message }) => message)).toEqual(['a.e 0', 'a.e 1', 'a.e 2', 'a.rare 0'])
    expect(left).toEqual([
      { severity: 'error', code: 'a.e', count: 2 },
      { severity: 'warning', code: 'a.w', count: 3 },
      { severity: 'warning', code: 'a.v', count: 1 },
    ])
  })

  test('text shows 100 in full, then a line per code with its count, and counts all', () => {
    const blocks = diagnosticsText([...errors('a.many', 20_000), ...warnings('a.w', 7)], NO_TEXTS).split(
      '\n\n',
    )
    expect(blocks).toHaveLength(102)
    expect(blocks.slice(-3)).toEqual([
      'error[a.many]: a.many 99',
      [
        'and not shown (`--json` has up to 10,000):',
        '  19,900 more error[a.many]',
        '       7 more warning[a.w]',
      ].join('\n'),
      '20000 errors, 7 warnings',
    ])
  })

  test('JSON has 10,000, and says how many of each code are left out', () => {
    const document = jsonDocument(
      {},
      [...errors('a.many', 9999), ...warnings('a.many', 2), ...warnings('__proto__', 2)],
      NO_TEXTS,
    )
    expect(document).toHaveProperty('diagnostics.length', 10_000)
    expect(JSON.stringify(document)).toMatch(/"diagnosticsTruncated":\{"a\.many":1,"__proto__":2\}\}$/)
    expect(jsonDocument({}, errors('a.many', 10_000), NO_TEXTS)).not.toHaveProperty('diagnosticsTruncated')
  })
})
