import { describe, expect, test } from 'vitest'
import { type Located, type LocatedMap, nodeAt, plainOf } from '../../src/diagnostics/index.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'
import { pointedAt } from '../manifest/sample.ts'

const only = (text: string): Located => {
  const { roots, diagnostics } = parseYaml('x.yaml', text)
  expect(diagnostics).toEqual([])
  const [root] = roots
  if (root === undefined) throw new Error('nothing was parsed')
  return root
}
const plain = (text: string) => plainOf(only(text))
const partAt = (text: string, ...path: (string | number)[]): string | null => {
  const node = nodeAt(only(text), path)
  return node === null ? null : text.slice(node.start, node.end)
}

describe('YAML 1.2', () => {
  test('reads no booleans out of yes and no, and no dates out of dates', () => {
    expect(plain('[yes, no, on, 2012-10-17, true, ~, 0x10, 1e3]')).toEqual([
      'yes',
      'no',
      'on',
      '2012-10-17',
      true,
      null,
      16,
      1000,
    ])
  })

  test('keys are text, whatever they look like', () => {
    expect(plain('{ 111122223333: a, true: b, null: c, 007: d }')).toEqual({
      111122223333: 'a',
      true: 'b',
      null: 'c',
      '007': 'd',
    })
  })

  test('a key called __proto__ is a key', () => {
    expect(Object.keys(plain('{ __proto__: 1, constructor: 2 }') as object)).toEqual([
      '__proto__',
      'constructor',
    ])
  })

  test('an empty file, or one of comments, has no documents', () => {
    expect(parseYaml('x.yaml', '')).toEqual({ roots: [], diagnostics: [] })
    expect(parseYaml('x.yaml', '# later\n---\n---\n')).toEqual({ roots: [], diagnostics: [] })
  })

  test('a file may hold several documents', () => {
    expect(parseYaml('x.yaml', 'a: 1\n---\nb: 2\n').roots.map(plainOf)).toEqual([{ a: 1 }, { b: 2 }])
  })

  test('a byte order mark and CRLF change no places', () => {
    const text = '\ufeffa: 1\r\nb:\r\n  - "x y"\r\n'
    expect(partAt(text, 'a')).toBe('1')
    expect(partAt(text, 'b', 0)).toBe('"x y"')
  })

  test('JSON is read as it is, tabs and escapes included', () => {
    const text = '{\n\t"a": [1, true, null, "\\u00e9\\ud83d\\ude00\\/\\""],\n\t"b": {}\n}\n'
    expect(plain(text)).toEqual(JSON.parse(text))
  })
})

describe('places', () => {
  const text = `users:
  alice:
    groups: [developers, "on call"]
    note: |
      two
      lines
    tags: { team: 'pay''roll' }
    empty:
`
  test('are those of the values as they are written', () => {
    expect(partAt(text, 'users', 'alice', 'groups', 0)).toBe('developers')
    expect(partAt(text, 'users', 'alice', 'groups', 1)).toBe('"on call"')
    expect(partAt(text, 'users', 'alice', 'groups')).toBe('[developers, "on call"]')
    expect(partAt(text, 'users', 'alice', 'note')).toBe('|\n      two\n      lines')
    expect(partAt(text, 'users', 'alice', 'tags', 'team')).toBe("'pay''roll'")
    expect(partAt(text, 'users', 'alice', 'empty')).toBe('')
  })

  test('a block scalar and quotes count as quoted', () => {
    expect(nodeAt(only(text), ['users', 'alice', 'note'])).toMatchObject({
      quoted: true,
      value: 'two\nlines\n',
    })
    expect(nodeAt(only(text), ['users', 'alice', 'groups', 0])).toMatchObject({ quoted: false })
  })
})

describe('anchors', () => {
  test('an alias is the node of its anchor, so its errors show where the text stands', () => {
    const root = only('a: &x { k: v }\nb: *x\n')
    expect(nodeAt(root, ['b'])).toBe(nodeAt(root, ['a']))
  })

  test('an anchor that is set again stands for its latest value', () => {
    expect(plain('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 })
  })

  test('a merge key gives what the map does not have itself', () => {
    const root = only('base: &b { path: /x/, tags: { a: b } }\nalice: { <<: *b, path: /y/ }\n')
    expect(plainOf(root)).toEqual({
      base: { path: '/x/', tags: { a: 'b' } },
      alice: { tags: { a: 'b' }, path: '/y/' },
    })
  })

  test('of several merged maps the first one wins', () => {
    expect(plain('a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nc: { <<: [*a, *b], z: 3 }\n')).toMatchObject({
      c: { x: 1, y: 2, z: 3 },
    })
  })

  test('two merge keys in one map both count, the first one first', () => {
    expect(plain('a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nc:\n  <<: *a\n  <<: *b\n')).toMatchObject({
      c: { x: 1, y: 2 },
    })
  })

  test('a quoted << is a key like any other', () => {
    const { entries } = only('"<<": 1\n') as LocatedMap
    expect(entries.map(({ key }) => key)).toEqual(['<<'])
  })

  test('many aliases of small values are no bomb', () => {
    const text = `a: &a { x: 1 }\nb: [${Array(5000).fill('*a').join(', ')}]\n`
    expect(nodeAt(only(text), ['b', 4999, 'x'])).toMatchObject({ value: 1 })
  })
})

test('a map of ten thousand keys has them all', () => {
  const text = Array.from({ length: 10_000 }, (_, index) => `user-${index}: {}`).join('\n')
  expect((only(text) as LocatedMap).entries).toHaveLength(10_000)
})

test('a tree shows its parts', () => {
  expect(pointedAt(only('a: [1]'), 'a: [1]')).toEqual({
    part: 'a: [1]',
    entries: [['a', 'a', { part: '[1]', items: [{ part: '1', value: 1, quoted: false }] }]],
  })
})
