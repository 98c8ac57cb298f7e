import type { CheckResult } from '../../checks/check-result.ts'
import {
  type Diagnostic,
  placeOf,
  renderDiagnostic,
  type SourceTexts,
  sourceJson,
} from '../../diagnostics/index.ts'
import { failureLines, requestJson } from '../decisions/test-report.ts'
import { element, xmlDocument } from '../layout/xml.ts'
import type { CheckedAccount } from '../result.ts'
import { type ByType, byType, type Format } from './format.ts'

/*
 * As CI systems read it: what doesn't hold is a failure, what could not be decided an error, so that neither is green.
 * There is no standard of it; what is common to them is described at https://github.com/testmoapp/junitxml.
 */

const DOCUMENTS: ByType<string, 'test'> = {
  test: ({ accounts }, { texts, diagnostics }) =>
    suites([
      ...accounts.flatMap((account) =>
        (['test', 'invariant'] as const).flatMap((kind) => {
          const results = account.results.filter((each) => each.kind === kind)
          return results.length === 0 ? [] : [suiteOf(account, kind, results, texts)]
        }),
      ),
      ...errorSuite(diagnostics, texts),
    ]),
  failed: (_, { texts, diagnostics }) => suites(errorSuite(diagnostics, texts)),
}

interface Suite {
  readonly name: string
  readonly cases: readonly string[]
  readonly failures: number
  readonly errors: number
}

function suites(all: readonly Suite[]): string {
  const sum = (count: (suite: Suite) => number) => all.reduce((total, suite) => total + count(suite), 0)
  return xmlDocument(
    element(
      'testsuites',
      {
        name: 'iam-sync',
        tests: sum(({ cases }) => cases.length),
        failures: sum(({ failures }) => failures),
        errors: sum(({ errors }) => errors),
      },
      all.map(({ name, cases, failures, errors }) =>
        element('testsuite', { name, tests: cases.length, failures, errors, skipped: 0 }, cases),
      ),
    ),
  )
}

function suiteOf(
  { name, id }: CheckedAccount,
  kind: CheckResult['kind'],
  results: readonly CheckResult[],
  texts: SourceTexts,
): Suite {
  const count = (wanted: CheckResult['result']) => results.filter(({ result }) => result === wanted).length
  return {
    name: `${name} (${id}): ${kind}s`,
    cases: results.map((result) => caseOf(result, `${name}.${kind}`, texts)),
    failures: count('fail'),
    errors: count('unknown'),
  }
}

function caseOf(result: CheckResult, classname: string, texts: SourceTexts): string {
  const { file, line } = sourceJson(result.span, texts)
  return element('testcase', { name: result.name, classname, file, line }, outcomeOf(result, texts))
}

function outcomeOf(result: CheckResult, texts: SourceTexts): readonly string[] {
  if (result.result === 'pass') return []
  const lines = failureLines(result, texts)
  const [tag, type] =
    result.result === 'unknown' ? (['error', 'undecided'] as const) : (['failure', 'failed'] as const)
  const more = [
    ...lines,
    ...(result.witness === null ? [] : [`request: ${JSON.stringify(requestJson(result.witness))}`]),
    `at ${placeOf(result.span, texts)}`,
  ]
  return [element(tag, { message: lines[0] ?? '', type: `${result.kind}.${type}` }, more, 'text')]
}

/** What ended it, each error as a test that could not be run. */
function errorSuite(diagnostics: readonly Diagnostic[], texts: SourceTexts): readonly Suite[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return []
  const cases = errors.map((each) => {
    const text = renderDiagnostic(each, texts).split('\n')
    const error = element('error', { message: each.message, type: each.code }, text, 'text')
    const place = each.span === null ? { file: null, line: null } : sourceJson(each.span, texts)
    return element(
      'testcase',
      { name: each.code, classname: 'iam-sync', file: place.file, line: place.line },
      [error],
    )
  })
  return [{ name: 'iam-sync', cases, failures: 0, errors: errors.length }]
}

export const junit: Format<'test'> = {
  render: (result, given) => byType(DOCUMENTS, result, given),
}
