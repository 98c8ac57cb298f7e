// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders

import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { nodeAt } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import type { ParseCache } from '../../src/manifest/cache/parse-cache.ts'
import { CleanNodes } from '../../src/manifest/cache/passed-checks.ts'
import { type CheckedRoots, decodeRoots, encodeRoots } from '../../src/manifest/cache/tree-encoding.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { parseYaml } from '../../src/yaml/yaml.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { BAD_INPUT } from './bad-input.ts'
import { AWS, PROJECT } from './sample.ts'

class MemoryCache implements ParseCache {
  readonly entries = new Map<string, string>()
  get = (hash: string): string | null => this.entries.get(hash) ?? null
  put = (hash: string, value: string): void => {
    this.entries.set(hash, value)
  }
}

const parseCached = (file: string, text: string, cache: ParseCache) => {
  const memory = new LoadMemory(cache)
  const parsed = memory.parse(file, text)
  memory.keep()
  return parsed
}

const unchecked = (text: string): CheckedRoots => ({
  roots: parseYaml('x.yaml', text).roots,
  clean: new CleanNodes(),
})

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
    const { roots, clean } = unchecked(TEXT)
    expect(decodeRoots('x.yaml', TEXT, encodeRoots(TEXT, { roots, clean }))?.roots).toEqual(roots)
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
          const encoded = encodeRoots(text, { roots, clean: new CleanNodes() })
          expect(decodeRoots('x.yaml', text, encoded)?.roots).toEqual(roots)
        },
      ),
      { numRuns: sampleOf(300) },
    )
  })

  test('keeps what is shared by aliases shared', () => {
    const [root] = decodeRoots('x.yaml', TEXT, encodeRoots(TEXT, unchecked(TEXT)))?.roots ?? []
    if (root === undefined) throw new Error('nothing was decoded')
    expect(nodeAt(root, ['b', 0])).toBe(nodeAt(root, ['a']))
  })

  test('is asked before a file is parsed, under a name that says nothing of the file', () => {
    const cache = new MemoryCache()
    const first = parseCached('x.yaml', TEXT, cache)
    const [hash = ''] = cache.entries.keys()
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    cache.entries.set(hash, encodeRoots(TEXT, { roots: first.roots.slice(0, 1), clean: new CleanNodes() }))
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
    const whole = encodeRoots(TEXT, unchecked(TEXT))
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
      '[1,8]',
      '[1,8,1,2,0,1]',
    ])
      expect(decodeRoots('x.yaml', TEXT, broken)).toBeNull()
    expect(parseCached('x.yaml', TEXT, { get: () => '[1,', put: () => {} })).toEqual(
      parseYaml('x.yaml', TEXT),
    )
  })
})

/** A cache that also says what was put into it last. */
class WatchedCache extends MemoryCache {
  puts = 0
  override put = (hash: string, value: string): void => {
    this.puts++
    this.entries.set(hash, value)
  }
}

const foldersOf = (manifest: string | undefined, files: Readonly<Record<string, string>> = {}) =>
  new Map(
    Object.entries({
      'iam-sync.yaml': PROJECT,
      ...files,
      ...(manifest === undefined ? {} : { 'main.yaml': manifest }),
    }),
  )

/** What a load gives, with the cache as another process left it. */
const loadWith = (files: ReadonlyMap<string, string>, cache: ParseCache | null) =>
  loadProject({ kinds: MANIFEST_KINDS, files, facts: AWS, memory: new LoadMemory(cache) }).project

const DOCUMENT =
  '{ Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "*" } }'

describe('what was found to be in order', () => {
  test('is not checked again, and nothing is written again', () => {
    const cache = new WatchedCache()
    const files = foldersOf(
      `policies: { p: { document: ${DOCUMENT} } }\nusers: { a: { tags: { x: y } }, b: , c: {} }\n`,
    )
    const first = loadWith(files, cache)
    expect(first.diagnostics).toEqual([])
    expect(cache.puts).toBe(2)
    expect(loadWith(files, cache)).toEqual(first)
    expect(cache.puts).toBe(2)
    const passed = [...cache.entries.values()].map((entry) => (JSON.parse(entry) as unknown[]).includes(8))
    expect(passed).toContain(true)
  })

  test('belongs to what it was checked as: as a role, a clean user is another thing', () => {
    const cache = new WatchedCache()
    const users = 'users: { a: &a { groups: [] } }\n'
    loadWith(foldersOf(users), cache)
    const both = foldersOf(`${users}roles: { a: *a }\n`)
    expect(loadWith(both, cache)).toEqual(loadWith(both, null))
    expect(loadWith(both, cache).diagnostics.map(({ code }) => code)).toContain('manifest.unknown-key')
    expect(loadWith(both, cache)).toEqual(loadWith(both, null))
  })

  test('belongs to the use of a document: a clean identity policy is no trust policy', () => {
    const cache = new WatchedCache()
    const file = { 'd.json': JSON.stringify({ Version: '2012-10-17', Statement: [] }), 'e.yaml': DOCUMENT }
    const asIdentity = foldersOf('policies: { p: { document: { file: e.yaml } } }\n', file)
    const asTrust = foldersOf('roles: { r: { trustPolicy: { file: e.yaml } } }\n', file)
    for (const files of [asIdentity, asTrust, asIdentity, asTrust])
      expect(loadWith(files, cache)).toEqual(loadWith(files, null))
  })

  test('is not known of a file with variables: they may have other values the next time', () => {
    const cache = new WatchedCache()
    const manifest = 'users: { a: { path: "/{{ variables.team }}/" } }\n'
    const withTeam = (team: string) =>
      new Map([
        [
          'iam-sync.yaml',
          `version: 1\naccounts: { a: { id: "111122223333", variables: { team: "${team}" } } }\n`,
        ],
        ['main.yaml', manifest],
      ])
    for (const team of ['blue', 'no good path', 'blue'])
      expect(loadWith(withTeam(team), cache)).toEqual(loadWith(withTeam(team), null))
    expect(loadWith(withTeam('no good path'), cache).diagnostics.map(({ code }) => code)).toEqual([
      'manifest.bad-path',
    ])
  })

  test('errors and warnings are the same with a cache, however often', () => {
    const cache = new WatchedCache()
    for (let run = 0; run < 3; run++)
      for (const { manifest, files } of BAD_INPUT) {
        const folder = foldersOf(manifest, files)
        expect(loadWith(folder, cache)).toEqual(loadWith(folder, null))
      }
  })

  const piece = fc.constantFrom(
    DOCUMENT,
    '{ Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObjekt", Resource: "*" } }',
    '{ Version: "2012-10-17", Statement: { Effect: Allow, Action: [], Resource: "*" } }',
    '{ Version: "2008-10-17", Statement: { Effect: Allow, Action: "*", Resource: "${aws:username}" } }',
    '{ Version: "2012-10-17", Statement: { Effect: Allow, Principal: "*", Action: "sts:AssumeRole" } }',
    '{ Statement: 7 }',
    '{ file: d.yaml }',
  )
  const entity = fc
    .record(
      {
        path: fc.constantFrom('/', '/x/', 'x', '7'),
        managedPolicies: fc.constantFrom('[]', '[ReadOnlyAccess]', '[nobody]', 'null', '3'),
        tags: fc.constantFrom('{}', '{ a: b }', '{ a: b, A: c }', '{ "aws:x": y }'),
        inlinePolicies: piece.map((document) => `{ i: ${document} }`),
        trustPolicy: piece,
        document: piece,
        description: fc.constantFrom('x', 'null', '"{{ account.name }}"'),
      },
      { requiredKeys: [] },
    )
    .map(
      (keys) =>
        `{ ${Object.entries(keys)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', ')} }`,
    )
  const manifests = fc
    .record({
      users: fc.array(entity, { maxLength: 3 }),
      groups: fc.array(entity, { maxLength: 2 }),
      roles: fc.array(entity, { maxLength: 3 }),
      policies: fc.array(entity, { maxLength: 3 }),
    })
    .map((sections) =>
      Object.entries(sections)
        .map(([section, all]) => `${section}: { ${all.map((each, at) => `n${at}: ${each}`).join(', ')} }\n`)
        .join(''),
    )

  test('property: with the cache of any earlier loads, a load gives the same', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(manifests, piece), { minLength: 1, maxLength: 3 }), (versions) => {
        const cache = new WatchedCache()
        const folders = versions.map(([manifest, document]) => foldersOf(manifest, { 'd.yaml': document }))
        for (const files of [...folders, ...folders])
          expect(loadWith(files, cache)).toEqual(loadWith(files, null))
      }),
      { numRuns: sampleOf(150) },
    )
  })
})
