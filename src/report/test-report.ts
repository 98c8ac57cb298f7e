import type { CheckResult } from '../checks/check-result.ts'
import { type Diagnostic, errorOf, placeOf, type SourceTexts, sourceJson } from '../diagnostics/index.ts'
import type { Request } from '../evaluator/decision.ts'
import { counted, painter, printable } from './paint.ts'
import type { TextOptions } from './plan-text.ts'

/** One element of `tests` in `test --json`. */
export const testJson = (result: CheckResult, texts: SourceTexts): object => ({
  kind: result.kind,
  name: result.name,
  result: result.result,
  expected: result.expected,
  actual: result.actual,
  witness: result.witness === null ? null : requestJson(result.witness),
  ...sourceJson(result.span, texts),
})

/** A request in the shape of `evaluate --batch`: a key with one value is a string, with several a list. */
export const requestJson = ({ principal, action, resource, resourceAccount, context }: Request): object => ({
  principal,
  action,
  resource,
  ...(resourceAccount === undefined ? {} : { resourceAccount }),
  context: Object.fromEntries(
    [...context].map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  ),
})

export type TestVerbosity = 'all' | 'failures'

/** Every test on its line (or only those that don't pass), the witness below a failure, and the summary. */
export function testText(
  results: readonly CheckResult[],
  texts: SourceTexts,
  { color, show }: TextOptions & { readonly show: TestVerbosity },
): string {
  const paint = painter(color)
  const lines = results
    .filter(({ result }) => show === 'all' || result !== 'pass')
    .flatMap((result) => {
      const place = paint('dim', printable(placeOf(result.span, texts)).replace(/:\d+$/, ''))
      const name = `${printable(result.name)}  ${place}`
      if (result.result === 'pass') return [`${paint('added', 'pass')}     ${name}`]
      if (result.result === 'unknown')
        return [
          `${paint('changed', 'unknown')}  ${name}`,
          `         ${printable(result.why ?? 'it could not be decided')}`,
        ]
      return [`${paint('removed', 'FAIL')}     ${name}`, `         ${failureText(result)}`]
    })
  return [...lines, testSummary(results)].join('\n')
}

export function testSummary(results: readonly CheckResult[]): string {
  if (results.length === 0) return 'no tests'
  const count = (wanted: CheckResult['result']) => results.filter(({ result }) => result === wanted).length
  const failed = count('fail')
  const unknown = count('unknown')
  return [
    `${counted(count('pass'), 'test')} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} could not be decided`] : []),
  ].join(', ')
}

/** A failing test among the diagnostics of `plan` and `apply`. */
export const testDiagnostic = (result: CheckResult): Diagnostic =>
  errorOf({
    code: result.result === 'unknown' ? 'test.undecided' : 'test.failed',
    message:
      result.result === 'unknown'
        ? `the test \`${result.name}\` could not be decided: ${result.why ?? 'unknown reason'}`
        : `the test \`${result.name}\` fails: ${failureText(result)}`,
    help:
      result.result === 'unknown'
        ? 'see `iam-sync evaluate --help` for what can be asked'
        : 'change the policies or the test; `iam-sync evaluate` says which statement decides',
    span: result.span,
  })

function failureText({ expected, actual, witness }: CheckResult): string {
  const came = actual === null ? 'nothing' : DECISIONS[actual]
  const question =
    witness === null
      ? ''
      : `: ${printable(witness.principal)} ${printable(witness.action)} ${printable(witness.resource)}`
  return `expected ${expected}, got ${came}${question}`
}

const DECISIONS = {
  allow: 'allow',
  explicit_deny: 'deny (explicit)',
  implicit_deny: 'deny (implicit)',
} as const
