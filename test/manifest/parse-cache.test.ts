import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { nodeAt } from '../../src/diagnostics/index.ts'
import { decodeRoots, encodeRoots, type ParseCache, parseCached } from '../../src/manifest/parse-cache.ts'
import { parseYaml } from '../../src/manifest/yaml.ts'

class MemoryCache implements ParseCache {
  readonly entries = new Map<string, string>()
  get = (hash: string): string | null => this.entries.get(hash) ?? null
  put = (hash: string, value: string): void => {
    this.entries.set(hash, value)
  }
}

const TEXT = `a: &x { "quoted": 'it''s', plain: text, "esc\\n": "\\u0041" }
b: [*x, 1, -2.5, true, ~, ""]
c:
  <<: *x
  block: |
    two
    lines
---
second: {}
`

describe('the parse cache', () => {
  test('gives back the tree that was parsed, places included', () => {
    const { roots } = parseYaml('x.yaml', TEXT)
    expect(decodeRoots('x.yaml', TEXT, encodeRoots(TEXT, roots))).toEqual(roots)
  })

  test('property: decode undoes encode, for any YAML', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL'),
        fc.boolean(),
        (value, type, json) => {
          const text = json
            ? JSON.stringify(value, null, 2)
            : stringify(value, { defaultStringType: type as 'PLAIN' })
          const { roots, diagnostics } = parseYaml('x.yaml', text)
          fc.pre(diagnostics.length === 0)
          expect(decodeRoots('x.yaml', text, encodeRoots(text, roots))).toEqual(roots)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('keeps what is shared by aliases shared', () => {
    const { roots } = parseYaml('x.yaml', TEXT)
    const [root] = decodeRoots('x.yaml', TEXT, encodeRoots(TEXT, roots)) ?? []
    if (root === undefined) throw new Error('nothing was decoded')
    expect(nodeAt(root, ['b', 0])).toBe(nodeAt(root, ['a']))
  })

  test('is asked before a file is parsed, under a name that says nothing of the file', () => {
    const cache = new MemoryCache()
    const first = parseCached('x.yaml', TEXT, cache)
    const [hash = ''] = cache.entries.keys()
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    cache.entries.set(hash, encodeRoots(TEXT, first.roots.slice(0, 1)))
    expect(parseCached('y.yaml', TEXT, cache).roots).toHaveLength(1)
    expect(parseCached('y.yaml', TEXT, cache).roots[0]?.file).toBe('y.yaml')
  })

  test('a changed text is parsed', () => {
    const cache = new MemoryCache()
    parseCached('x.yaml', 'a: 1', cache)
    expect(parseCached('x.yaml', 'a: 2', cache)).toEqual(parseYaml('x.yaml', 'a: 2'))
  })

  test('a file with errors is not kept', () => {
    const cache = new MemoryCache()
    parseCached('x.yaml', 'a: [', cache)
    expect(cache.entries.size).toBe(0)
  })

  test('property: a broken entry is ignored', () => {
    const whole = encodeRoots(TEXT, parseYaml('x.yaml', TEXT).roots)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(decodeRoots('x.yaml', TEXT, whole.slice(0, length))).toBeNull()
      }),
    )
    for (const broken of [
      '',
      '{}',
      'null',
      '7',
      '[]',
      '[1]',
      '[1,99,0,0]',
      '[-1]',
      '[1,7,0]',
      '[1,6,0,1,"x"]',
      '[1,1,0,3,1,5,0,1]',
    ])
      expect(decodeRoots('x.yaml', TEXT, broken)).toBeNull()
    expect(parseCached('x.yaml', TEXT, { get: () => '[1,', put: () => {} })).toEqual(
      parseYaml('x.yaml', TEXT),
    )
  })
})
