import { describe, expect, it } from 'vitest'
import { DiagnosticError } from '../../../src/diagnostics/index.ts'
import fc from '../../fixed-seed.ts'
import { times } from '../times.ts'
import { mutated, ODD, placesIn, RICH } from './mutations.ts'
import { type Planned, planBytes, planJson } from './plan-json.ts'
import { readBytes, roleOf } from './read-plan.ts'

const text = (value: string) => new TextEncoder().encode(value)
const ROLE: Planned = roleOf('deploy')
const PLAN = planJson([ROLE])

/** The code with which something is refused; null: it is read. */
function refusalOf(bytes: Uint8Array): { readonly code: string; readonly help: string } | null {
  try {
    readBytes(bytes)
    return null
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [first] = error.diagnostics
    return { code: first?.code ?? '', help: first?.help ?? '' }
  }
}

describe('what is no plan is told by a code and a way out', () => {
  it.each([
    ['an empty file', text(''), 'intake.empty'],
    ['a binary plan', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), 'intake.tfplan-binary'],
    ['a plan that was cut', planBytes(PLAN).slice(0, 500), 'intake.truncated'],
    ['a text', text('Terraform will perform the following actions:'), 'intake.not-json'],
    ['a list', text('[1]'), 'intake.not-a-plan'],
    ['another document', text('{"Version":"2012-10-17","Statement":[]}'), 'intake.not-a-plan'],
    [
      'the log of `plan -json`',
      text('{"@level":"info","@message":"x"}\n{"@level":"info"}'),
      'intake.not-a-plan',
    ],
    ['a state file', text('{"version":4,"serial":3,"lineage":"x","resources":[]}'), 'intake.tfplan-state'],
    ['a state as JSON', text('{"format_version":"1.0","values":{"root_module":{}}}'), 'intake.tfplan-state'],
    ['another major version', planBytes({ ...PLAN, format_version: '2.0' }), 'intake.tfplan-version'],
    ['an older version', planBytes({ ...PLAN, format_version: '0.1' }), 'intake.tfplan-version'],
    ['a change without an action', planBytes({ ...PLAN, resource_changes: [{}] }), 'intake.malformed-plan'],
    ['half a character', Uint8Array.from([0xff, 0xfe, 0x7b]), 'intake.encoding'],
  ])('%s', (_, bytes, code) => {
    const refusal = refusalOf(bytes)
    expect(refusal?.code).toBe(code)
    expect(refusal?.help).not.toBe('')
  })

  it('says how a state or a binary plan becomes a plan', () => {
    for (const bytes of [text('{"serial":1,"lineage":"x"}'), Uint8Array.from([0x50, 0x4b, 3, 4])])
      expect(refusalOf(bytes)?.help).toContain('terraform show -json')
  })
})

describe('a plan is read', () => {
  const roles = (bytes: Uint8Array) => [...(readBytes(bytes).estate.accounts[0]?.entities.role.keys() ?? [])]
  const utf16 = (value: string, isLittle: boolean) =>
    Uint8Array.from(
      [...value].flatMap((each) => {
        const code = each.charCodeAt(0)
        return isLittle ? [code & 0xff, code >> 8] : [code >> 8, code & 0xff]
      }),
    )
  const json = JSON.stringify(PLAN)

  it.each([
    ['UTF-8', text(json)],
    ['UTF-8 with a mark', text(`\ufeff${json}`)],
    ['UTF-16, little end first, with a mark', utf16(`\ufeff${json}`, true)],
    ['UTF-16, little end first', utf16(json, true)],
    ['UTF-16, big end first, with a mark', utf16(`\ufeff${json}`, false)],
    ['UTF-16, big end first', utf16(json, false)],
  ])('in %s', (_, bytes) => expect(roles(bytes)).toEqual(['deploy']))

  it.each(['0.2', '1.0', '1.1', '1.2', '1.99'])('of format version %s', (version) =>
    expect(roles(planBytes({ ...PLAN, format_version: version }))).toEqual(['deploy']),
  )
})

describe('hostile plans', () => {
  it('of which anything is missing, or of another form, end in a code or are read', () => {
    const whole = JSON.stringify(planJson(RICH))
    const paths = placesIn(JSON.parse(whole))
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.constantFrom(...ODD), (path, value) => {
        const json = mutated(whole, path, value)
        for (const side of ['before', null] as const)
          try {
            readBytes(planBytes(json), side)
          } catch (error) {
            expect(error).toBeInstanceOf(DiagnosticError)
          }
      }),
      { numRuns: times(400) },
    )
  })

  it('that are cut anywhere end in a code', () => {
    const bytes = planBytes(PLAN)
    for (let length = 0; length < bytes.length; length += 37)
      expect(refusalOf(bytes.slice(0, length))?.code).toMatch(/^intake\./)
  })

  it('nested without end are refused', () => {
    const nested = (depth: number): string =>
      `{"format_version":"1.0","resource_changes":[],"planned_values":{"root_module":${'{"child_modules":['.repeat(depth)}{}${']}'.repeat(depth)}}}`
    expect(refusalOf(text(nested(100_000)))?.code).toBe('intake.too-deep')
    expect(refusalOf(text(nested(150)))?.code).toBe('intake.malformed-plan')
  })
})
