// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text of a template, to be scanned
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CONDITION_OPERATORS } from '../../src/policy/operators.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { STORAGE_RULES } from '../../src/policy/storage-rules.ts'
import { rendered } from '../manifest/sample.ts'
import { codesIn, codesInSource } from './diagnostic-codes.ts'

const text = readFileSync(new URL('../../docs/diagnostics.md', import.meta.url), 'utf8')

interface Row {
  readonly code: string
  readonly severities: readonly string[]
  readonly meaning: string
  readonly help: string
}

const rows: readonly Row[] = [
  ...text.matchAll(/^\| `([a-z][a-z0-9.-]*)` \| ([a-z ]+) \| (.+?) \| (.+?) \|$/gm),
].map(([, code = '', severity = '', meaning = '', help = '']) => ({
  code,
  severities: severity.split(' or '),
  meaning,
  help,
}))

/** What a value that no operator can read is called: the codes that the source puts together. */
const VALUE_CODES = CONDITION_OPERATORS.flatMap((operator) => {
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { 'aws:x': '?!' } } },
  ]
  return parsePolicy({ Statement }, null, 'identity', 'validate').diagnostics.map(({ code }) => code)
})

const mentions = codesInSource()
const inSource = new Set([
  ...mentions.map(({ code }) => code).filter((code) => !code.includes('*')),
  ...VALUE_CODES,
])

/** Warnings that are made of errors thrown elsewhere. */
const ALSO_A_WARNING = ['git.unreadable', 'secret.env-missing', 'secret.file-empty']

/** What is refused where it is written, and a warning elsewhere. */
const REFUSED = new Set(STORAGE_RULES.map(({ code }) => code).filter((code) => !code.startsWith('manifest.')))

describe('docs/diagnostics.md', () => {
  test('lists every code of the source', () => {
    const listed = new Set(rows.map(({ code }) => code))
    const missing = mentions.filter(({ code }) => !code.includes('*') && !listed.has(code))
    expect(missing.map(({ code, place }) => `${code} (${place})`)).toEqual([])
    expect(VALUE_CODES.filter((code) => !listed.has(code))).toEqual([])
  })

  test('lists no code that the source does not have', () => {
    expect(rows.map(({ code }) => code).filter((code) => !inSource.has(code))).toEqual([])
  })

  test('lists no code twice', () => {
    const codes = rows.map(({ code }) => code)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  test('has no row that this test does not read', () => {
    const tableLines = text.split('\n').filter((line) => line.startsWith('| `'))
    expect(tableLines).toHaveLength(rows.length)
  })

  test('says whether a code is an error or a warning as the source does', () => {
    const wrong = rows.flatMap(({ code, severities }) => {
      const told = new Set(
        mentions.flatMap((mention) =>
          mention.code === code && mention.severity !== null ? [mention.severity as string] : [],
        ),
      )
      if (ALSO_A_WARNING.includes(code) || REFUSED.has(code)) told.add('warning')
      if (REFUSED.has(code)) told.add('error')
      const differs = [...told].some((severity) => !severities.includes(severity))
      const invented = told.size > 0 && severities.some((severity) => !told.has(severity))
      return differs || invented ? [`${code}: ${[...told].join(', ')}`] : []
    })
    expect(wrong).toEqual([])
  })

  test('its example is what is printed', () => {
    const manifest =
      'users:\n  ada: { groups: [enginers], tags: { team: payments } }\ngroups:\n  engineers:\n'
    expect(/^```\n(error[\s\S]*?)\n```$/m.exec(text)?.[1]).toBe(rendered({ 'access.yaml': manifest }))
  })

  test('every code that the source puts together is a known one', () => {
    expect(mentions.map(({ code }) => code).filter((code) => code.includes('*'))).toEqual(['policy.value-*'])
    expect(VALUE_CODES.length).toBeGreaterThan(5)
  })
})

describe('the scan for codes', () => {
  test('sees a property, a call and a template, each with its severity', () => {
    const source = [
      "warningOf({ code: 'a.one' })",
      "throw refuse('b.two-parts', 'x')",
      "const table = { x: ['c.three', 'Not.this', 'nor this.one'] } satisfies object",
      'doubtful(parsing, { code: `d.four-${kind}` })',
      "errorOf({ code: 'plain' })",
      "new IamError({ code: 'NoSuchEntity' })",
    ].join('\n')
    expect(codesIn('x.ts', source)).toEqual([
      { code: 'a.one', severity: 'warning', place: 'x.ts:1' },
      { code: 'b.two-parts', severity: 'error', place: 'x.ts:2' },
      { code: 'c.three', severity: null, place: 'x.ts:3' },
      { code: 'd.four-*', severity: 'warning', place: 'x.ts:4' },
      { code: 'plain', severity: 'error', place: 'x.ts:5' },
    ])
  })
})
