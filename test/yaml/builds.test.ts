import { readdirSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import * as commonJs from 'yaml'

/** The build of the same sources that the command's bundle has. */
const BUNDLED = new URL('../../node_modules/yaml/browser/index.js', import.meta.url).href
// Typed by the package, whose declarations name one of its builds.
const modules = (await import(BUNDLED)) as typeof commonJs

const examples = new URL('../../examples/', import.meta.url)
const texts = [
  ...readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => readFileSync(new URL(path, examples), 'utf8')),
  'a: [1, 2\nb: }',
  'a: &x { b: "\\u00e9\\q" }\nc: *x\nd: *y\n<<: *x',
  '- |2-\n   text\n  more\n- >+\n folded\n\n---\n!!binary aGVsbG8=\n...\n%YAML 1.1\n---\nyes: 0o17',
  'a:\n\t- tab\n? complex\n: value\n"a": twice\na: 3\n',
  `\uFEFFkey: 'quoted ''twice''' # comment\r\nother: ~\r\n`,
  `${'['.repeat(200)}${']'.repeat(200)}`,
]

/** Values with their places, tokens and problems. */
function readBy({ parseAllDocuments, Lexer }: typeof commonJs, text: string): string {
  // As `parseYaml` has it: of known tags, the two make different values (`!!binary`).
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    merge: false,
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const read = 'empty' in documents ? [] : documents
  // Where in the package it was noticed is no part of it.
  for (const { errors, warnings } of read) for (const problem of [...errors, ...warnings]) problem.stack = ''
  const whole = { depth: null, maxArrayLength: null, maxStringLength: null } as const
  return inspect([read, [...new Lexer().lex(text)].length], whole)
}

test('both builds of the package `yaml` read everything alike: tests run one, the bundle has the other', () => {
  expect(texts.length).toBeGreaterThan(20)
  for (const text of texts) expect(readBy(modules, text) === readBy(commonJs, text), text).toBe(true)
  expect(readBy(modules, 'a: 1')).not.toBe(readBy(modules, 'a: 2'))
})
