import type { CheckResult } from '../../checks/check-result.ts'
import { type Diagnostic, errorOf, placeOf, type SourceTexts, sourceJson } from '../../diagnostics/index.ts'
import type { Request } from '../../evaluator/decision.ts'
import { counted, painter, printable } from '../layout/paint.ts'
import type { TextOptions } from '../plans/plan-text.ts'

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

type TestVerbosity = 'all' | 'failures'

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
      return [
        result.result === 'unknown'
          ? `${paint('changed', 'unknown')}  ${name}`
          : `${paint('removed', 'FAIL')}     ${name}`,
        ...failureLines(result, texts).map((line) => `         ${line}`),
      ]
    })
  return [...lines, testSummary(results)].join('\n')
}

function testSummary(results: readonly CheckResult[]): string {
  if (results.length === 0) return 'no tests'
  const count = (wanted: CheckResult['result'], kind?: CheckResult['kind']) =>
    results.filter((each) => each.result === wanted && (kind ?? each.kind) === each.kind).length
  const ofKind = (kind: CheckResult['kind']) =>
    results.some((each) => each.kind === kind) ? [counted(count('pass', kind), kind)] : []
  const failed = count('fail')
  const unknown = count('unknown')
  return [
    `${[...ofKind('test'), ...ofKind('invariant')].join(' and ')} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} could not be decided`] : []),
  ].join(', ')
}

/** A test or invariant that doesn't pass among the diagnostics of `plan` and `apply`. */
export function testDiagnostic(result: CheckResult): Diagnostic {
  const { kind, name, why, span } = result
  const undecided = `the ${kind} \`${name}\` could not be decided: ${why ?? 'unknown reason'}`
  if (kind === 'invariant')
    return errorOf(
      result.result === 'unknown'
        ? {
            code: 'test.invariant-undecided',
            message: undecided,
            help: 'make the invariant narrower, or the policies that it depends on simpler',
            span,
          }
        : {
            code: 'test.invariant-broken',
            message: `the invariant \`${name}\` is broken: ${failureText(result)}`,
            help: 'change the policies or the invariant; `iam-sync evaluate` says which statement decides',
            span,
          },
    )
  return errorOf(
    result.result === 'unknown'
      ? {
          code: 'test.undecided',
          message: undecided,
          help: 'see `iam-sync evaluate --help` for what can be asked',
          span,
        }
      : {
          code: 'test.failed',
          message: `the test \`${name}\` fails: ${failureText(result)}`,
          help: 'change the policies or the test; `iam-sync evaluate` says which statement decides',
          span,
        },
  )
}

/** Violations of an invariant that are shown; there may be one for each principal. */
const MOST_VIOLATIONS = 5

/** What a test or invariant that doesn't pass came to: a line, or one for each request that an invariant forbids. */
export function failureLines(result: CheckResult, texts: SourceTexts): readonly string[] {
  if (result.result === 'unknown') return [printable(result.why ?? 'it could not be decided')]
  if (result.kind === 'test') return [failureText(result)]
  const lines = result.violations.slice(0, MOST_VIOLATIONS).map(({ witness, source }) => {
    const place = source === null ? '' : `  from ${printable(placeOf(source, texts)).replace(/:\d+$/, '')}`
    return `allowed: ${requestText(witness)}${place}`
  })
  const more = result.violations.length - lines.length
  return more > 0 ? [...lines, `… and ${more} more`] : lines
}

function failureText({ expected, actual, witness }: CheckResult): string {
  const came = actual === null ? 'nothing' : DECISIONS[actual]
  return `expected ${expected}, got ${came}${witness === null ? '' : `: ${requestText(witness)}`}`
}

const requestText = ({ principal, action, resource }: Request): string =>
  `${printable(principal)} ${printable(action)} ${printable(resource)}`

const DECISIONS = {
  allow: 'allow',
  explicit_deny: 'deny (explicit)',
  implicit_deny: 'deny (implicit)',
} as const
