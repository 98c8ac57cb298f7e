import { expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import type { ParseCache } from '../../src/manifest/cache/parse-cache.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { AWS } from '../manifest/sample.ts'
import { collectGarbage } from './collect.ts'

/** Bytes for each character of the files, above what the texts themselves take. On Node 20 12 where
 * files are parsed, 13.5 from the cache; it is 18 and 19 where each list has room to grow and each text is a string of its own. */
const MOST_PER_CHARACTER = 16

const PROJECT = `version: 1
accounts:
  big:
    id: "111122223333"
    target: { kind: local, database: big.db }
`
const userText = (nth: number): string => `  user-${nth}:
    path: /team-${nth % 7}/
    groups: [group-${nth % 20}, group-${(nth * 3) % 20}]
    tags: { team: team-${nth % 9}, employee: "${nth}" }
    inlinePolicies:
      own:
        Version: "2012-10-17"
        Statement:
          - Sid: S1
            Effect: Allow
            Action: [s3:GetObject, s3:PutObject]
            Resource: ["arn:aws:s3:::bucket-${nth % 30}/*"]
`
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, nth) => nth)
const files: ReadonlyMap<string, string> = new Map([
  ['iam-sync.yaml', PROJECT],
  [
    'groups.yaml',
    `groups:\n${numbers(20)
      .map((nth) => `  group-${nth}: {}\n`)
      .join('')}`,
  ],
  ...numbers(8).map(
    (file) =>
      [
        `users-${file}.yaml`,
        `users:\n${numbers(250)
          .map((nth) => userText(250 * file + nth))
          .join('')}`,
      ] as const,
  ),
])
const characters = [...files.values()].reduce((sum, text) => sum + text.length, 0)

const load = (memory: LoadMemory) => loadProject({ kinds: MANIFEST_KINDS, files, facts: AWS, memory })

/** @param cache as it is filled by an earlier load; null: every file is parsed */
async function keptPerCharacter(cache: ParseCache | null): Promise<number> {
  await collectGarbage()
  const before = process.memoryUsage().heapUsed
  const loaded = load(new LoadMemory(cache))
  await collectGarbage()
  const kept = process.memoryUsage().heapUsed - before
  // Still in use.
  expect(loaded.project.accounts).toHaveLength(1)
  return kept / characters
}

/** Other tests of the same thread may leave something behind, or let something go, meanwhile. */
async function leastKept(cache: ParseCache | null): Promise<number> {
  const tries: number[] = []
  for (let nth = 0; nth < 3; nth++) tries.push(await keptPerCharacter(cache))
  return tries.toSorted((a, b) => a - b)[1] ?? Number.POSITIVE_INFINITY
}

test('a loaded project keeps few bytes for each character of its files, parsed or from the cache', async () => {
  const entries = new Map<string, string>()
  const cache: ParseCache = {
    get: (hash) => entries.get(hash) ?? null,
    put: (hash, value) => {
      entries.set(hash, value)
    },
  }
  load(new LoadMemory(cache))
  const parsed = await leastKept(null)
  const cached = await leastKept(cache)
  expect(parsed).toBeLessThan(MOST_PER_CHARACTER)
  expect(cached).toBeLessThan(MOST_PER_CHARACTER)
})

test('whoever loads is told of each file that was parsed, and of none that the cache had', () => {
  const entries = new Map<string, string>()
  const cache: ParseCache = {
    get: (hash) => entries.get(hash) ?? null,
    put: (hash, value) => {
      entries.set(hash, value)
    },
  }
  const parsedBy = () => {
    let parsed = 0
    load(
      new LoadMemory(cache, () => {
        parsed++
      }),
    )
    return parsed
  }
  expect(parsedBy()).toBe(files.size)
  expect(parsedBy()).toBe(0)
})
