import { describe, expect, test } from 'vitest'
import { nodesOf, ProjectSize } from '../../src/manifest/project/project-size.ts'
import { addAll } from '../../src/yaml/add-all.ts'
import { parseJson } from '../../src/yaml/json.ts'
import { MOST_NODES, tooManyNodes } from '../../src/yaml/node-bounds.ts'
import { parseText } from '../../src/yaml/parse-text.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'

const MOST = { nodes: 1000, tokens: 8000 }
const MORE = MOST.nodes + 10
const refused = (text: string) => tooManyNodes('a.yaml', text, MOST)

describe('a file of too many nodes is refused before a tree is built of it', () => {
  test.each([
    ['brackets', `users: {a: [${'[],'.repeat(MORE)}[]]}`],
    ['nothing in lists', '-\n'.repeat(MORE)],
    ['nothing in maps', Array.from({ length: MORE }, (_, number) => `${number.toString(36)}:\n`).join('')],
    ['nothing in brackets', `[${','.repeat(MORE)}]`],
    ['aliases', `a: &a 1\nb: [${'*a,'.repeat(MORE)}]`],
    ['texts', `a: [${'"",'.repeat(MORE)}]`],
    ['lists in lists', '- - x\n'.repeat(MORE / 2)],
  ])('%s', (_, text) => {
    expect(refused(text)?.code).toBe('manifest.too-many-nodes')
  })

  test('empty lines are no nodes, and have a bound of their own', () => {
    expect(refused('\n'.repeat(MOST.tokens - 10))).toBeNull()
    expect(refused('\n'.repeat(MOST.tokens + 10))?.message).toMatch(/words, signs and line ends$/)
  })

  test('it shows where the first one stands that is too many', () => {
    // The outer list is one, each `[],` another.
    const start = 1 + 3 * (MOST.nodes - 1)
    expect(refused(`[${'[],'.repeat(MORE)}[]]`)?.span).toEqual({ file: 'a.yaml', start, end: start + 1 })
    const plain = 'key: value\n'
    const at = refused(plain.repeat(MORE))?.span?.start ?? 0
    expect(plain.repeat(MORE).slice(at, at + 3)).toBe('key')
    expect(at).toBe((MOST.nodes / 2) * plain.length)
  })

  test('a long text of few nodes is read', () => {
    expect(refused(`a: ${'x'.repeat(2 * MOST.nodes)}`)).toBeNull()
    expect(refused(`${'# a comment\n'.repeat(500)}a: b`)).toBeNull()
  })

  test('in YAML and JSON, 500,000', () => {
    const text = `[${'[],'.repeat(MOST_NODES.file)}[]]`
    for (const parsed of [
      parseYaml('a.yaml', text),
      parseJson('a.json', text),
      parseJson('a.json', `[${','.repeat(MOST_NODES.file)}]`),
    ])
      expect(parsed.diagnostics.at(-1)?.message).toBe(
        'the file has more than 500,000 keys, values, lists and maps',
      )
  })
})

test.each([
  ['a.json', `{${'"a":1,'.repeat(150_000)}"a":1}`],
  ['a.yaml', 'a: {}\n'.repeat(12_000)],
])('of the problems of one file, %s, ten thousand are kept, and how many more there are', (file, text) => {
  const { diagnostics } = parseText(file, text)
  expect(diagnostics).toHaveLength(10_001)
  expect(diagnostics.at(-1)?.code).toBe('manifest.too-many-problems')
})

test('one list of any number of items is added to another', () => {
  const list = [0]
  addAll(
    list,
    Array.from({ length: 300_000 }, () => 1),
  )
  expect(list).toHaveLength(300_001)
})

describe('the nodes of a project', () => {
  const rootsOf = (text: string) => parseYaml('a.yaml', text).roots

  test('are keys and values; what aliases share counts once', () => {
    expect(nodesOf(rootsOf('a: 1'))).toBe(3)
    expect(nodesOf(rootsOf('[a, [b], {c: d}]'))).toBe(7)
    expect(nodesOf(rootsOf('- &x [a, b]\n- *x\n- *x'))).toBe(4)
  })

  test('are counted where the length of the texts doesn’t rule it out', () => {
    const size = new ProjectSize(20)
    const text = 'a: 123456789'
    expect(size.add('a', text, rootsOf(text))).toBe(true)
    // 24 characters, but 6 nodes.
    expect(size.add('b', text, rootsOf(text))).toBe(true)
    expect(
      size.add('c', '[1,2,3,4,5,6,7,8,9,10,11,12,13,14]', rootsOf('[1,2,3,4,5,6,7,8,9,10,11,12,13,14]')),
    ).toBe(false)
    // What is refused takes no place; what goes away frees its own.
    expect(size.add('d', text, rootsOf(text))).toBe(true)
    size.remove('d')
    expect(size.add('e', '[1,2,3,4]', rootsOf('[1,2,3,4]'))).toBe(true)
    // The same file again is in its own place.
    expect(size.add('e', '[1,2,3,4]', rootsOf('[1,2,3,4]'))).toBe(true)
  })
})
