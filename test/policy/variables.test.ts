// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders

import { describe, expect, test } from 'vitest'
import { splitVariables, type VariablePart } from '../../src/policy/variables.ts'
import fc from '../fixed-seed.ts'

const text = (value: string): VariablePart => ({ kind: 'text', text: value })
const variable = (name: string, fallback: string | null = null): VariablePart => ({
  kind: 'variable',
  name,
  fallback,
})

describe('parts', () => {
  const cases: readonly (readonly [string, readonly VariablePart[]])[] = [
    ['', [text('')]],
    ['plain $ text {}', [text('plain $ text {}')]],
    ['${aws:username}', [variable('aws:username')]],
    ['a/${aws:username}/b', [text('a/'), variable('aws:username'), text('/b')]],
    ['${ aws:username }', [variable('aws:username')]],
    ['${aws:PrincipalTag/cost center}', [variable('aws:PrincipalTag/cost center')]],
    ["${aws:PrincipalTag/team, 'company-wide'}", [variable('aws:PrincipalTag/team', 'company-wide')]],
    ["${aws:PrincipalTag/team,''}x", [variable('aws:PrincipalTag/team', ''), text('x')]],
    ["${aws:PrincipalTag/team, 'a}, b'}", [variable('aws:PrincipalTag/team', 'a}, b')]],
    ['${a:b}${c:d}', [variable('a:b'), variable('c:d')]],
    [
      '${*}${?}${$}',
      [
        { kind: 'character', character: '*' },
        { kind: 'character', character: '?' },
        { kind: 'character', character: '$' },
      ],
    ],
    ['$${a:b}', [text('$'), variable('a:b')]],
  ]
  for (const [given, parts] of cases)
    test(`of ${JSON.stringify(given)}`, () => {
      expect(splitVariables(given)).toEqual({ parts, error: null })
    })
})

describe('errors', () => {
  const cases: readonly (readonly [given: string, problem: string, underlined: string])[] = [
    ['a${aws:username', 'unclosed', '${aws:username'],
    ['${}', 'empty', '${}'],
    ['a${ }b', 'empty', '${ }'],
    ['${aws:${aws:username}}', 'name', '${aws:${aws:username}'],
    ['${**}', 'name', '${**}'],
    ["${'x'}", 'name', "${'x'}"],
    ['${a:b, c}', 'default', '${a:b, c}'],
    ["${a:b, 'c}", 'default', "${a:b, 'c}"],
    ["${a:b, 'c' d}", 'default', "${a:b, 'c' d}"],
    ["${a:b x, y 'c'}", 'default', "${a:b x, y 'c'}"],
    ["${a:b, 'c}'", 'unclosed', "${a:b, 'c}'"],
    ["${, 'c'}", 'empty', "${, 'c'}"],
  ]
  for (const [given, problem, underlined] of cases)
    test(`${problem}: ${given}`, () => {
      const { error } = splitVariables(given)
      expect(error?.problem).toBe(problem)
      expect(error && given.slice(error.start, error.end)).toBe(underlined)
    })
})

function print(part: VariablePart): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'character':
      return `\${${part.character}}`
    case 'variable':
      return `\${${part.name}${part.fallback === null ? '' : `, '${part.fallback}'`}}`
  }
}

test('the parts, printed, are the text', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9:/_.=+@-]{1,12}$/)
  const part: fc.Arbitrary<VariablePart> = fc.oneof(
    fc
      .string({ minLength: 1 })
      .filter((value) => !value.includes('$'))
      .map(text),
    fc
      .constantFrom<'*' | '?' | '$'>('*', '?', '$')
      .map((character): VariablePart => ({ kind: 'character', character })),
    fc
      .tuple(name, fc.option(fc.string().filter((value) => !value.includes("'"))))
      .map(([key, value]) => variable(key, value)),
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const printed = parts.map(print).join('')
      const { parts: read } = splitVariables(printed)
      expect(read).not.toBeNull()
      expect(read?.map(print).join('')).toBe(printed)
      expect(read?.filter(({ kind }) => kind !== 'text')).toEqual(parts.filter(({ kind }) => kind !== 'text'))
    }),
  )
})
