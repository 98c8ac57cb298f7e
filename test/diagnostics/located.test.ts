import { describe, expect, test } from 'vitest'
import { entryOf, nodeAt, plainOf, spanAt, spanOf } from '../../src/diagnostics/index.ts'
import fc from '../fixed-seed.ts'
import { locatedJson } from '../policy/located-json.ts'

const text = '{ "users": { "alice": { "groups": ["a", "b"] } }, "n": 1 }'
const tree = locatedJson(text)
const shown = (path: readonly PropertyKey[]) => {
  const { start, end } = spanAt(tree, path)
  return text.slice(start, end)
}

test('the plain value is what JSON says', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value)
      expect(plainOf(locatedJson(json))).toEqual(JSON.parse(json))
    }),
  )
})

test('a key named __proto__ is a property like any other', () => {
  const plain = plainOf(locatedJson('{ "__proto__": { "admin": true } }'))
  expect(Object.keys(plain as object)).toEqual(['__proto__'])
  expect((plain as { admin?: boolean }).admin).toBeUndefined()
})

test('of entries with one key the last stands', () => {
  expect(plainOf(locatedJson('{ "a": 1, "a": 2 }'))).toEqual({ a: 2 })
})

describe('a path', () => {
  test('leads to a node', () => {
    expect(nodeAt(tree, ['users', 'alice', 'groups', 1])).toMatchObject({ kind: 'scalar', value: 'b' })
    expect(nodeAt(tree, [])).toBe(tree)
  })

  test('that leaves the tree leads nowhere', () => {
    for (const path of [['bob'], ['users', 'bob'], ['n', 'x'], ['users', 'alice', 'groups', 2]])
      expect(nodeAt(tree, path)).toBeNull()
    expect(entryOf(nodeAt(tree, ['n']), 'x')).toBeNull()
    expect(entryOf(null, 'x')).toBeNull()
  })

  test('underlines its node, or the deepest one on the way', () => {
    expect(shown(['users', 'alice', 'groups', 1])).toBe('"b"')
    expect(shown(['users', 'alice', 'groups', 7])).toBe('["a", "b"]')
    expect(shown(['users', 'bob', 'groups'])).toBe('{ "alice": { "groups": ["a", "b"] } }')
    expect(shown([])).toBe(text)
  })
})

test('a span is the place alone', () => {
  expect(spanOf(tree)).toEqual({ file: 'policy.json', start: 0, end: text.length })
})
