import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/**
 * @param text `0s`, `500ms`, `30s`, `2m`, `1h`, or `0`
 * @returns milliseconds
 * @throws DiagnosticError `cli.duration`
 */
export function parseDuration(flag: string, text: string): number {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? []
  if (text === '0') return 0
  if (digits === undefined || unit === undefined)
    throw new DiagnosticError(
      errorOf({
        code: 'cli.duration',
        message: `\`${flag} ${text}\` is not a duration`,
        help: 'write a number and a unit: `0s`, `500ms`, `30s`, `2m`',
      }),
    )
  return Number(digits) * (UNITS[unit] ?? 1)
}
