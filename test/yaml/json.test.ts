import { describe, expect, test } from 'vitest'
import { plainOf } from '../../src/diagnostics/index.ts'
import { parseJson } from '../../src/yaml/json.ts'
import { parseText } from '../../src/yaml/parse-text.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'
import fc from '../fixed-seed.ts'
import { pointedAt } from '../manifest/sample.ts'

const DOCUMENT = `{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*", "n": [-1.5e3, true, null, {}, []] }]
}
`

/** What is wrong, as the code after `manifest.` and the text that is underlined. */
const found = (text: string): readonly string[] =>
  parseJson('p.json', text).diagnostics.map(
    ({ code, span }) =>
      `${code.replace('manifest.', '')} ${JSON.stringify(text.slice(span?.start, span?.end))}`,
  )

describe('JSON files', () => {
  test('what is well-formed is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        // A number that can't be held exactly, or a key twice once it is written, is another test.
        const { roots, diagnostics } = parseJson('p.json', text)
        if (/\d{16}|e[+-]?\d|\u2028/i.test(text)) return
        expect(diagnostics).toEqual([])
        expect(roots.map(plainOf)).toEqual([JSON.parse(text)])
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  test('each value stands where it stands for a reader of YAML', () => {
    const [json] = parseJson('p.json', DOCUMENT).roots
    const [yaml] = parseYaml('p.json', DOCUMENT).roots
    if (json === undefined || yaml === undefined) throw new Error('not read')
    expect(pointedAt(json, DOCUMENT)).toEqual(pointedAt(yaml, DOCUMENT))
  })

  test('escapes, surrogates and a mark of byte order are read', () => {
    const [root] = parseJson('p.json', '\ufeff{"a\\n\\u0041": "\\ud83d\\ude00\\/\\\\"}').roots
    expect(root === undefined ? null : plainOf(root)).toEqual({ 'a\nA': '\u{1f600}/\\' })
  })

  test('an empty file holds nothing, and that is said by who needs something', () => {
    expect(parseJson('p.json', ' \n')).toEqual({ roots: [], diagnostics: [] })
  })

  test('the name of the file decides which language it is in', () => {
    const text = '{ a: 1 } # yaml\n'
    expect(parseText('p.yaml', text).diagnostics).toEqual([])
    expect(parseText('p', text).diagnostics).toEqual([])
    expect(parseText('P.JSON', text).diagnostics).not.toEqual([])
  })

  const BAD: readonly (readonly [name: string, text: string, ...found: string[]])[] = [
    ['a comma between members', '{"a": "x" "b": 1}', 'json-missing-comma " "'],
    ['a comma at the end of a line', '{\n  "a": 1\n  "b": 2\n}', 'json-missing-comma "\\n"'],
    ['a comma between items', '["a" "b", 1 2]', 'json-missing-comma " "', 'json-missing-comma " "'],
    ['a comma between statements', '[{} {}]', 'json-missing-comma " "'],
    ['a comma between lists without a space', '[[]{}]', 'json-missing-comma "{"'],
    ['a comma before a bracket', '{"a": [1, 2,],}', 'json-extra-comma ","', 'json-extra-comma ","'],
    ['two commas', '[1,, 2]', 'json-extra-comma ","'],
    ['a comma first', '[, 1]', 'json-extra-comma ","'],
    ['a missing colon', '{"a" 1, "b": 2}', 'json-missing-colon " "'],
    ['an equals sign for a colon', '{"a" = 1}', 'json-missing-colon " "', 'json-unexpected "="'],
    ['a missing value', '{"a": , "b": }', 'json-missing-value "\\"a\\""', 'json-missing-value "\\"b\\""'],
    ['a bracket at the end', '{"a": [1, 2]', 'json-unclosed "{"'],
    ['the other bracket', '{"a": [1, 2}', 'json-unclosed "["'],
    ['a text to the end of its line', '{"a": "b,\n"c": 1}', 'json-unclosed "\\""'],
    ['a tab in a text', '{"a": "b\tc"}', 'json-control-character "\\t"'],
    ['a backslash too many', '{"a": "\\d+"}', 'json-bad-escape "\\\\d"'],
    ['comments, said once', '{"a": 1, // one\n# two\n "b": 2 /* three */}', 'json-comment "//"'],
    ['single quotes, said once', "{'a': 'b', 'c': 'd'}", 'json-quotes "\'a\'"'],
    ['typographic quotes', '{“a”: “b”}', 'json-quotes "“a”"'],
    ['a key without quotes', '{Effect: "Allow"}', 'json-unquoted "Effect"'],
    ['a text without quotes', '{"Action": s3:Get*, "b": 1}', 'json-unquoted "s3:Get*"'],
    ['words of Python', '{"a": True, "b": None}', 'json-unquoted "True"', 'json-unquoted "None"'],
    [
      'numbers of other languages',
      '[0x1f, +1, .5, NaN]',
      ...['0x1f', '+1', '.5', 'NaN'].map((word) => `json-unquoted "${word}"`),
    ],
    ['a leading zero', '[012]', 'json-unquoted "012"'],
    ['a number that can not be held', '[123456789012345678901]', 'yaml-number "123456789012345678901"'],
    ['a key twice', '{"a": 1, "a": 2}', 'yaml-duplicate-key "\\"a\\""'],
    ['two documents', '{"a": 1} {"b": 2}', 'json-more "{"'],
    ['a bracket too many', '{"a": 1}}', 'json-more "}"'],
    ['YAML', 'Version: "2012-10-17"\nStatement: []\n', 'json-not-json "V"'],
    ['a URL-encoded document', '%7B%22Version%22%3A%20%222012-10-17%22%7D', 'url-encoded "%7B"'],
    [
      'a merge conflict',
      '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}',
      'merge-conflict "<<<<<<< HEAD"',
    ],
    ['a variable outside of quotes', '{"a": {{ variables.x }}}', 'unquoted-variable "{{ variables.x }}"'],
    ['a map as a key', '{{"a": 1}: 2}', 'json-key-not-text "{"'],
    ['keys in a list', '["a": 1]', 'json-unexpected ":"'],
    ['a thing that is nothing', '[@]', 'json-unexpected "@"'],
    ['brackets nested ten thousand deep', '['.repeat(10_000), 'yaml-too-deep "["'],
    [
      'several problems in one run',
      '{"a": 1 "b": True, "c": [1,],\n // x\n "d": "y"}',
      'json-missing-comma " "',
      'json-unquoted "True"',
      'json-extra-comma ","',
      'json-comment "//"',
    ],
  ]
  test.each(BAD)('what is wrong is said in the words of JSON, at its place: %s', (_, text, ...expected) => {
    expect(found(text)).toEqual(expected)
    // Whatever is no JSON, and nothing else, is refused.
    for (const { help, message } of parseJson('p.json', text).diagnostics) {
      expect(help).not.toBeNull()
      expect(message).not.toMatch(/[.]$|token|scalar/)
    }
  })

  test('what JSON.parse refuses is refused, for texts that are nearly JSON', () => {
    fc.assert(
      fc.property(
        fc.nat(DOCUMENT.length - 1),
        fc.constantFrom('', ',', '"', '}', '{', '[', ':', "'", 'x', ' '),
        (at, put) => {
          const text = DOCUMENT.slice(0, at) + put + DOCUMENT.slice(at + 1)
          let isJson = true
          try {
            JSON.parse(text)
          } catch {
            isJson = false
          }
          const { roots, diagnostics } = parseJson('p.json', text)
          if (!isJson) expect(diagnostics).not.toEqual([])
          else if (diagnostics.every(({ code }) => code !== 'manifest.yaml-duplicate-key'))
            expect(roots.map(plainOf)).toEqual([JSON.parse(text)])
        },
      ),
      { seed: 11, numRuns: 2000 },
    )
  })
})
