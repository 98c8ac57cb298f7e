import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../src/checks/check-result.ts'
import { errorOf } from '../../src/diagnostics/index.ts'
import { REPORT_KINDS } from '../../src/kinds/report.ts'
import { junit } from '../../src/report/formats/junit.ts'
import type { CheckedAccount } from '../../src/report/result.ts'
import fc from '../fixed-seed.ts'
import { type PageElement, parsePage } from './html/parsed-page.ts'
import { spanOf, texts } from './samples.ts'

const result = (over: Partial<CheckResult>): CheckResult => ({
  kind: 'test',
  name: 'nobody deletes production data',
  result: 'pass',
  expected: 'deny',
  actual: 'implicit_deny',
  witness: null,
  violations: [],
  why: null,
  span: spanOf('nobody deletes'),
  ...over,
})

const witness = {
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:DeleteObject',
  resource: 'arn:aws:s3:::production-data/x',
  context: new Map([['aws:SourceIp', ['10.0.0.1']]]),
}
const FAILED = result({ name: 'a failing one', result: 'fail', actual: 'allow', witness })
const UNKNOWN = result({
  kind: 'invariant',
  name: 'an open one',
  result: 'unknown',
  actual: null,
  why: 'the search took too long',
})

const document = (
  accounts: readonly CheckedAccount[],
  diagnostics: Parameters<typeof junit.render>[1]['diagnostics'] = [],
) =>
  junit.render(
    { type: 'test', results: accounts.flatMap(({ results }) => results), accounts },
    { diagnostics, kinds: REPORT_KINDS, texts, options: { color: false }, layout: 'whole' },
  ) ?? ''

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** Read by something stricter than XML asks for. */
function parsed(text: string): PageElement {
  expect(text.startsWith(HEAD)).toBe(true)
  // XML 1.0, production 2: Char.
  expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
  expect(text).not.toContain(']]>')
  const root = parsePage(text.replace(HEAD, '<!doctype html>\n'))
  return elementsOf(root)[0] as PageElement
}

const elementsOf = ({ children }: PageElement): readonly PageElement[] =>
  children.filter((child) => typeof child !== 'string')
const textOf = ({ children }: PageElement) => children.filter((child) => typeof child === 'string').join('')

describe('tests as JUnit', () => {
  test('a suite for each account and kind; what fails with its witness, what is not decided as an error', async () => {
    const account = { id: '111122223333', name: 'production' }
    const text = document([
      { ...account, results: [result({}), FAILED, UNKNOWN] },
      { id: '444455556666', name: 'empty', results: [] },
    ])
    await expect(text).toMatchFileSnapshot('golden/tests.junit.xml')
    const root = parsed(text)
    expect(Object.fromEntries(root.attributes)).toMatchObject({ tests: '3', failures: '1', errors: '1' })
    expect(elementsOf(root).map(({ attributes }) => attributes.get('name'))).toEqual([
      'production (111122223333): tests',
      'production (111122223333): invariants',
    ])
    const [, failing] = elementsOf(elementsOf(root)[0] as PageElement)
    const [failure] = elementsOf(failing as PageElement)
    expect(failure?.name).toBe('failure')
    expect(textOf(failure as PageElement)).toContain('"context":{"aws:SourceIp":"10.0.0.1"}')
  })

  test('without tests it is a document all the same', () => {
    expect(parsed(document([])).attributes.get('tests')).toBe('0')
  })

  test('what failed before anything was tested is an error, and so is an error beside tests', () => {
    const error = errorOf({
      code: 'manifest.unknown-key',
      message: 'no <key> `a&b`',
      span: spanOf('mallory'),
    })
    const failed = junit.render(
      { type: 'failed', empty: {} },
      { diagnostics: [error], kinds: REPORT_KINDS, texts, options: { color: false }, layout: 'whole' },
    )
    for (const text of [failed ?? '', document([], [error])]) {
      const root = parsed(text)
      expect(root.attributes.get('errors')).toBe('1')
      const [testcase] = elementsOf(elementsOf(root)[0] as PageElement)
      const [told] = elementsOf(testcase as PageElement)
      expect([told?.name, told?.attributes.get('message')]).toEqual(['error', 'no <key> `a&b`'])
      expect(textOf(told as PageElement)).toContain('--> team/people.yaml:4')
    }
  })

  test('is well formed, and says the same names, whatever they are', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        ']]>',
        '<!--',
        '"/>',
        '&amp;',
        '\u0000\u001b[31m',
        '\ufffe\uffff',
        '\ud800',
        '</failure>',
        "it's",
        '\u202e',
        'a\nb',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, why, account) => {
        const results = [
          result({ name }),
          { ...UNKNOWN, name, why },
          { ...FAILED, name, witness: { ...witness, resource: why } },
        ]
        const root = parsed(document([{ id: '1', name: account, results }]))
        const cases = elementsOf(root).flatMap(elementsOf)
        expect(cases).toHaveLength(3)
        if (/^[ -~]*$/.test(name)) for (const each of cases) expect(each.attributes.get('name')).toBe(name)
      }),
      { numRuns: 60 },
    )
  })
})
