import { expect, test } from 'vitest'
import { endedStatements } from '../../../src/access/entries/ended-statements.ts'
import { SourceTexts } from '../../../src/diagnostics/index.ts'
import type { PolicyDocument } from '../../../src/model/index.ts'
import { parseYaml } from '../../../src/yaml/yaml.ts'
import { NOW } from '../diff/estate-diffs.ts'

/** What is said of a statement with some conditions, and the line underlined. */
function warned(conditions: object, effect = 'Allow'): readonly (readonly [string, string | null])[] {
  const json: PolicyDocument = JSON.parse(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: effect, Action: 's3:GetObject', Resource: '*', Condition: conditions }],
    }),
  )
  const text = JSON.stringify(json, null, 2)
  const texts = new SourceTexts([['a.json', text]])
  const [located = null] = parseYaml('a.json', text).roots
  return endedStatements([{ document: { json, located }, use: 'identity', holder: null }], NOW).map(
    ({ message, span }) => {
      const line = span === null ? null : texts.positionAt(span.file, span.start)?.line
      return [message, line == null ? null : (texts.line('a.json', line)?.trim() ?? null)]
    },
  )
}

const AT = 'aws:CurrentTime'

test.each([
  ['before a time that is past', { DateLessThan: { [AT]: '2020-01-01T00:00:00Z' } }],
  ['until a time that is past', { DateLessThanEquals: { [AT]: '2020-01-01' } }],
  ['at a time that is past', { DateEquals: { [AT]: '2020-01-01T00:00:00Z' } }],
  ['by seconds', { NumericLessThan: { 'aws:EpochTime': '1577836800' } }],
  [
    'by one of two conditions',
    { DateGreaterThan: { [AT]: '2019-01-01' }, DateLessThan: { [AT]: '2020-01-01' } },
  ],
])('a statement that holds %s is warned of', (_, conditions) => {
  const [[message, line] = [], ...others] = warned(conditions)
  expect(others).toEqual([])
  expect(message).toMatch(
    /^`aws:(?:CurrentTime|EpochTime)` was over at 2020-01-01T00:00:00Z: the statement grants nothing any more$/,
  )
  expect(line).toMatch(/^"aws:(?:CurrentTime|EpochTime)": /)
})

test('a deny denies nothing any more', () => {
  expect(warned({ DateLessThan: { [AT]: '2020-01-01' } }, 'Deny')[0]?.[0]).toContain(
    'denies nothing any more',
  )
})

test.each([
  ['from a time that is past', { DateGreaterThan: { [AT]: '2020-01-01' } }],
  ['until a time to come', { DateLessThan: { [AT]: '2030-01-01' } }],
  ['until one of two times', { DateLessThan: { [AT]: ['2020-01-01', '2030-01-01'] } }],
  ['not at a time', { DateNotEquals: { [AT]: '2020-01-01' } }],
  ['by when credentials were issued', { DateLessThan: { 'aws:TokenIssueTime': '2020-01-01' } }],
])('a statement that holds %s is not', (_, conditions) => {
  expect(warned(conditions)).toEqual([])
})
