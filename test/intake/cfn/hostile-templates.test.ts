// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { DiagnosticError, SourceTexts } from '../../../src/diagnostics/index.ts'
import fc from '../../fixed-seed.ts'
import { mutated, placesIn } from '../tfplan/mutations.ts'
import { times } from '../times.ts'
import { accountIn, readTemplate } from './read-template.ts'
import { ODD, RICH, withRole } from './rich-template.ts'

/** The codes and lines of what a template is refused for. */
function refusal(text: string, file = 'template.yaml'): readonly (readonly [string, number | null])[] {
  const texts = new SourceTexts()
  try {
    readTemplate(text, { texts, file })
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    return error.diagnostics.map(({ code, span }) => [
      code,
      span == null ? null : (texts.positionAt(span.file, span.start)?.line ?? null),
    ])
  }
  throw new Error('it is read')
}

describe('what is no template', () => {
  it.each([
    ['', [['intake.empty', null]]],
    ['{}', [['intake.not-a-template', 1]]],
    ['[1]', [['intake.not-a-template', 1]]],
    ['text', [['intake.not-a-template', 1]]],
    ['# nothing', [['intake.not-a-template', null]]],
    ['Resources: []', [['intake.not-a-template', 1]]],
    ['{"Resources": {"A": }}', [['manifest.json-missing-value', 1]]],
    ['{"Resources": {"A": {}}', [['manifest.json-unclosed', 1]]],
    ['Resources:\n  A: [', [['manifest.yaml-unclosed', 2]]],
    ['Resources:\n  A: !What x\n', [['manifest.yaml-unknown-tag', 2]]],
    ['Resources:\n  A: {}\n  A: {}\n', [['manifest.yaml-duplicate-key', 3]]],
    ['Resources:\n  A: *nobody\n', [['manifest.yaml-unknown-alias', 2]]],
  ] as const)('is refused with a code, at its place: %j', (text, expected) =>
    expect(refusal(text)).toEqual(expected),
  )

  it('is refused where it is larger than any', () =>
    expect(refusal(`Resources: {} # ${'x'.repeat(10_000_000)}`)).toEqual([
      ['intake.template-too-large', null],
    ]))

  it('is refused where aliases stand for too much', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((each) => [...each]))
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(',')}]`)
    expect(refusal(`${bomb.join('\n')}\nResources: {}\n`).map(([code]) => code)).toContain(
      'manifest.yaml-alias-bomb',
    )
  })

  it('is refused where it is nested too deeply', () => {
    for (const text of [`Resources: ${'['.repeat(5000)}`, `{"Resources":${'{"a":'.repeat(5000)}`])
      expect(refusal(text).map(([code]) => code)).toEqual(['manifest.yaml-too-deep'])
  })
})

const policyOf = (template: object) =>
  accountIn(readTemplate(template).estate).entities.role.get('r')?.inlinePolicies.get('p')

describe('a template that grows without bound', () => {
  it('by names in names comes to an end, as unknown', () => {
    const buckets = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `B${at}`,
        {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: { 'Fn::Sub': `\${B${at + 1}}\${B${at + 1}}` } },
        },
      ]),
    )
    expect(policyOf(withRole({ Ref: 'B0' }, buckets))).toMatchObject({ unknown: 'not-yet' })
  })

  it('by a chain of thousands of names, and of conditions', () => {
    const buckets = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [
        `B${at}`,
        { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: `B${at + 1}` } } },
      ]),
    )
    expect(policyOf(withRole({ Ref: 'B0' }, buckets))).toBeDefined()
    const conditions = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`C${at}`, { 'Fn::Not': [{ Condition: `C${at + 1}` }] }]),
    )
    expect(policyOf(withRole({ 'Fn::If': ['C0', 'a', 'b'] }, {}, { Conditions: conditions }))).toMatchObject({
      unknown: 'not-yet',
    })
  })

  it('by long lists and texts many times over', () => {
    const long = Array.from({ length: 20_000 }, (_, at) => `a${at}`).join(',')
    const list = { L: { Type: 'CommaDelimitedList', Default: long } }
    const many = Array.from({ length: 4000 }, () => ({ Ref: 'L' }))
    expect(policyOf(withRole(many, {}, { Parameters: list }))).toMatchObject({ unknown: 'not-yet' })
  })
})

describe('a template with something else at some place', () => {
  it('is read or refused with a code, whatever stands there', () => {
    let read = 0
    for (const [at, path] of placesIn(JSON.parse(RICH)).entries())
      for (const [nth, odd] of ODD.entries()) {
        // Each at each place takes long: another share of them at each place.
        if ((at + nth) % 6 !== 0) continue
        try {
          readTemplate(mutated(RICH, path, odd))
          read++
        } catch (error) {
          if (!(error instanceof DiagnosticError))
            throw new Error(`${path.join('.')} = ${JSON.stringify(odd)}`, { cause: error })
        }
      }
    expect(read).toBeGreaterThan(300)
  })

  it('is refused with a code wherever it is cut, or a character is another one', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: RICH.length }),
        fc.constantFrom('', '"', '{', '!', '*', '&', '\u0000', '\t'),
        (at, put) => {
          for (const text of [RICH.slice(0, at) + put, RICH.slice(0, at) + put + RICH.slice(at + 1)])
            try {
              readTemplate(text)
            } catch (error) {
              expect(error).toBeInstanceOf(DiagnosticError)
            }
        },
      ),
      { numRuns: times(80) },
    ))
})
