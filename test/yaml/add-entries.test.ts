import { describe, expect, it } from 'vitest'
import type { PlainValue } from '../../src/diagnostics/index.ts'
import { plainOf } from '../../src/diagnostics/index.ts'
import { addEntries } from '../../src/yaml/add-entries.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'
import fc from '../fixed-seed.ts'

const LIST: readonly (readonly [string, PlainValue])[] = [['managedPolicies', ['a', 'b']]]
const added = (text: string, key = 'alice', entries = LIST) =>
  addEntries(text, [{ at: text.search(new RegExp(`"?${key}`)), entries }])

const read = (text: string): PlainValue => {
  const { roots, diagnostics } = parseYaml('a.yaml', text)
  expect(diagnostics, text).toEqual([])
  const [root] = roots
  return root === undefined ? null : plainOf(root)
}

describe('entries are added to a map', () => {
  const cases: readonly (readonly [name: string, before: string, after: string])[] = [
    [
      'of lines, below the last of them, whatever follows',
      'users:\n  alice: # she\n    path: /x/ # there\n    # to come\n\n  bob: {}\n',
      'users:\n  alice: # she\n    path: /x/ # there\n    managedPolicies: [a, b]\n    # to come\n\n  bob: {}\n',
    ],
    [
      'that ends in other lines',
      'users:\n    alice:\n        tags:\n            a: b\n    bob:\n',
      'users:\n    alice:\n        tags:\n            a: b\n        managedPolicies: [a, b]\n    bob:\n',
    ],
    [
      'that ends in a text of lines, and empty ones',
      'alice:\n  text: |\n    one\n\n    two\n\n\nbob:\n',
      'alice:\n  text: |\n    one\n\n    two\n  managedPolicies: [a, b]\n\n\nbob:\n',
    ],
    [
      'whose last text keeps its empty lines',
      'alice:\n  text: |+\n    one\n\n\nbob:\n',
      'alice:\n  text: |+\n    one\n\n\n  managedPolicies: [a, b]\nbob:\n',
    ],
    ['that ends in nothing', 'alice:\n  path:\nbob:\n', 'alice:\n  path:\n  managedPolicies: [a, b]\nbob:\n'],
    [
      'at the end of a file without a line break',
      'alice:\n  a: b',
      'alice:\n  a: b\n  managedPolicies: [a, b]\n',
    ],
    [
      'where there was nothing',
      'users:\n  alice: # she\n  bob:\n',
      'users:\n  alice: # she\n    managedPolicies: [a, b]\n  bob:\n',
    ],
    ['where there was `~`', 'alice: ~ # she\n', 'alice: { managedPolicies: [a, b] } # she\n'],
    ['in braces that are empty', 'alice: {}\n', 'alice: { managedPolicies: [a, b] }\n'],
    ['in braces', 'alice: { path: /x/ }\n', 'alice: { managedPolicies: [a, b], path: /x/ }\n'],
    ['in narrow braces', 'alice: {path: /x/}\n', 'alice: {managedPolicies: [a, b], path: /x/}\n'],
    [
      'in braces over several lines',
      'alice: { # she\n    path: /x/ # there\n  }\n',
      'alice: { # she\n    managedPolicies: [a, b],\n    path: /x/ # there\n  }\n',
    ],
    [
      'in JSON',
      '{\n  "users": {\n    "alice": {\n      "path": "/x/"\n    }\n  }\n}\n',
      '{\n  "users": {\n    "alice": {\n      "managedPolicies": ["a","b"],\n      "path": "/x/"\n    }\n  }\n}\n',
    ],
    [
      'in braces, where there was nothing',
      '{ alice, bob: }\n',
      '{ alice: { managedPolicies: [a, b] }, bob: }\n',
    ],
    [
      'with the line breaks of Windows',
      'alice:\r\n  a: b\r\nbob:\r\n',
      'alice:\r\n  a: b\r\n  managedPolicies: [a, b]\r\nbob:\r\n',
    ],
    [
      'with a merge',
      'x: &x { a: b }\nalice:\n  <<: *x\n  tags: *x\n',
      'x: &x { a: b }\nalice:\n  <<: *x\n  tags: *x\n  managedPolicies: [a, b]\n',
    ],
    [
      'of a second document',
      'bob: {}\n---\nalice:\n  a: b\n...\n',
      'bob: {}\n---\nalice:\n  a: b\n  managedPolicies: [a, b]\n...\n',
    ],
  ]

  it.each(cases)('%s', (_, before, after) => {
    const result = added(before)
    expect('text' in result ? result.text : result).toBe(after)
    if ('text' in result) parseYaml('a.yaml', result.text)
  })

  it('and not where others would have them too', () => {
    expect(added('alice: *b\nb: &b {}\n')).toMatchObject({ unaddable: 'alias' })
    expect(added('alice: &a { path: / }\nbob: *a\n')).toMatchObject({ unaddable: 'shared' })
    expect(added('base: &a\n  alice: { path: / }\nusers: { <<: *a }\n')).toMatchObject({
      unaddable: 'shared',
    })
    expect(added('alice: [a]\n')).toMatchObject({ unaddable: 'not-a-map' })
  })

  it('of several maps of a text', () => {
    const text = 'alice:\n  a: b\nbob: {}\n'
    expect(
      addEntries(text, [
        { at: 0, entries: LIST },
        { at: text.indexOf('bob'), entries: LIST },
      ]),
    ).toEqual({
      text: expect.stringMatching(
        /^alice:\n {2}a: b\n {2}managedPolicies: .*\nbob: \{ managedPolicies: .* \}\n$/,
      ),
    })
  })
})

describe('what is added', () => {
  const value: fc.Arbitrary<PlainValue> = fc.letrec<{ value: PlainValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.constantFrom(
        '*',
        '2012-10-17',
        '{{ x }}',
        'true',
        '~',
        '- a',
        'a: b',
        '# x',
        'a\nb',
        ' a ',
        `\${aws:username}`,
      ),
      fc.boolean(),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[A-Za-z:{}]{1,8}$/), tie('value'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  })).value

  /** As `{{{{` stands for `{{` where variables are put in. */
  const substituted = (read: PlainValue): PlainValue =>
    JSON.parse(JSON.stringify(read).replaceAll('{{{{', '{{')) as PlainValue

  it('is read again as what it was, beside all that was there', () => {
    const texts = [
      'alice:\n  path: /x/ # there\n# end\n',
      'alice: { path: /x/ }\n',
      'alice: {\n  "path": "/x/"\n}\n',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...texts), value, (text, what) => {
        const result = added(text, 'alice', [['document', what]])
        if (!('text' in result)) throw new Error('refused')
        expect(substituted(read(result.text))).toEqual({ alice: { path: '/x/', document: what } })
        const lines = result.text.split('\n')
        if (!text.includes('{ path')) for (const line of text.split('\n')) expect(lines).toContain(line)
      }),
      { numRuns: 300 },
    )
  })
})
