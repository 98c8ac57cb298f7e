import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { circlesIn } from './house/circles.ts'
import { readFile } from './house/reading.ts'
import { allowedFor, judgeFile, roomOf, targetOf } from './house/rules.ts'
import { HOUSE } from './house/table.ts'

const root = new URL('../', import.meta.url)
const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8')
/** What a package imports is there with it, or known to be missing. */
const { dependencies: installed, peerDependencies } = JSON.parse(textOf('package.json'))
const dependencies = new Set(Object.keys({ ...installed, ...peerDependencies }))

const filesIn = (...folders: readonly string[]): readonly string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .filter((path) => path.endsWith('.ts'))
    .sort()

const sourceFiles = filesIn('src', 'assembly')

const judge = (path: string, text: string): readonly string[] =>
  judgeFile(path, readFile(path, text), dependencies)

describe('the house', () => {
  it('every import stands in the table, and core rooms leave the world alone', () => {
    expect(sourceFiles.flatMap((path) => judge(path, textOf(path)))).toEqual([])
  })

  it('no file imports itself by way of others, be it for types only', () => {
    const files = [...sourceFiles, ...filesIn('test', 'bench')]
    const importsOf = (path: string): readonly string[] =>
      readFile(path, textOf(path), path.startsWith('src/') ? 'refused' : 'left out')
        .mentions.filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => targetOf(path, specifier))
    expect(circlesIn(new Map(files.map((path) => [path, importsOf(path)])))).toEqual([])
  })

  it('every room is described in docs/architecture.md', () => {
    const described = new Set(
      [...textOf('docs/architecture.md').matchAll(/^\| `([^`]+?)\/?` \|/gm)].map(([, room]) => room),
    )
    const inhabited = new Set(
      sourceFiles.map((path) => roomOf(path)?.replace('src/target/local', 'src/target')),
    )
    expect([...inhabited].filter((room) => !described.has(room))).toEqual([])
  })

  it('names only rooms in the table, and no room may import itself in a circle', () => {
    for (const [room, { mayImport }] of Object.entries(HOUSE)) {
      if (mayImport === 'everything') continue
      for (const entry of mayImport) {
        expect(roomOf(entry), `${room} → ${entry}`).not.toBeNull()
        expect(allowedFor(entry).has(room), `${entry} → ${room}`).toBe(false)
      }
    }
  })
})

describe('the house test itself', () => {
  it('finds circles of two, of more, and of one', () => {
    const graph = (imports: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(imports))
    expect(circlesIn(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual([])
    expect(circlesIn(graph({ a: ['b'], b: ['a'], c: ['c'] }))).toEqual([['a', 'b'], ['c']])
    expect(circlesIn(graph({ d: ['a'], a: ['b'], b: ['c'], c: ['a', 'e'], e: [] }))).toEqual([
      ['a', 'b', 'c'],
    ])
  })

  it.each([
    ['an import', "import { planChanges } from '../plan/plan.ts'"],
    ['a type import', "import type { Plan } from '../plan/plan.ts'"],
    ['a re-export', "export * from '../plan/plan.ts'"],
    ['a named re-export', "export type { Plan } from '../plan/plan.ts'"],
    ['a dynamic import', "const plan = await import('../plan/plan.ts')"],
    ['a type in place', "type P = import('../plan/plan.ts').Plan"],
    ['a require', "const plan = require('../plan/plan.ts')"],
  ])('sees %s', (_, text) => {
    expect(judge('src/policy/x.ts', text)).toEqual([
      'src/policy/x.ts:1: src/policy may not import src/plan (src/plan/plan.ts)',
    ])
  })

  it('reads the table transitively, single files excepted', () => {
    expect(judge('src/plan/x.ts', "import '../policy/parse.ts'")).toEqual([])
    expect(judge('src/store/x.ts', "import type { S } from '../iam/store-port.ts'")).toEqual([])
    expect(judge('src/store/x.ts', "import type { O } from '../iam/trust.ts'")).toHaveLength(1)
    expect(judge('src/store/x.ts', "import '../policy/parse.ts'")).toHaveLength(1)
    expect(judge('src/plan/x.ts', "import { WIRE } from '../../assembly/wire.ts'")).toEqual([])
    expect(judge('src/evaluator/x.ts', "import '../../assembly/match/glob.ts'")).toHaveLength(1)
    expect(judge('src/target/ports.ts', "import '../store/database.ts'")).toHaveLength(1)
    expect(judge('src/target/local/x.ts', "import '../../store/database.ts'")).toEqual([])
  })

  it('a file about one kind sees what its room sees, and no more', () => {
    expect(judge('src/kinds/user/store.ts', "import '../../store/store-kind.ts'")).toEqual([])
    expect(judge('src/kinds/user/store.ts', "import '../../store/sqlite/open.ts'")).toEqual([])
    expect(judge('src/kinds/user/store.ts', "import './iam.ts'")).toHaveLength(1)
    expect(judge('src/kinds/user/store.ts', "import '../../iam/lookup.ts'")).toHaveLength(1)
    expect(judge('src/kinds/user/iam.ts', "import '../../iam/lookup.ts'\nimport '../group/iam.ts'")).toEqual(
      [],
    )
    expect(judge('src/kinds/user/iam.ts', "import './store.ts'")).toHaveLength(1)
    expect(judge('src/kinds/user/kind.ts', "import type * as sdk from '#generated/iam-api'")).toEqual([])
    expect(judge('src/kinds/user/plan.ts', "import type * as sdk from '#generated/iam-api'")).toHaveLength(1)
    expect(judge('src/kinds/user/other.ts', '')).toHaveLength(1)
    expect(judge('src/kinds/user/deep/iam.ts', '')).toHaveLength(1)
  })

  it('no attribute knows who asks it: a plan, a manifest, the account', () => {
    for (const asker of ['plan/planning.ts', 'manifest/manifest-kind.ts', 'reconcile/observe-kind.ts'])
      expect(judge('src/kinds/attributes/x.ts', `import '../../${asker}'`), asker).toHaveLength(1)
    expect(judge('src/kinds/user/plan.ts', "import '../attributes/tags.ts'")).toEqual([])
  })

  it('none but who puts everything together imports a list of all kinds', () => {
    expect(judge('src/store/x.ts', "import '../kinds/store.ts'")).toHaveLength(1)
    expect(judge('src/kinds/user/iam.ts', "import '../iam.ts'")).toHaveLength(1)
    expect(judge('src/cli/x.ts', "import '../kinds/store.ts'")).toEqual([])
    expect(judge('src/target/local/x.ts', "import '../../kinds/store.ts'")).toEqual([])
    expect(judge('src/kinds/store.ts', "import './user/store.ts'")).toEqual([])
  })

  it('a file about one kind belongs to the room that its name says', () => {
    expect(judge('src/kinds/user/kind.ts', "import '../../model/entity.ts'")).toEqual([])
    expect(judge('src/kinds/kind.ts', "import './user/kind.ts'")).toEqual([])
    expect(judge('src/kinds/user/kind.ts', "import '../../policy/parse.ts'")).toHaveLength(1)
    expect(judge('src/policy/x.ts', "import '../kinds/kind.ts'")).toEqual([])
    expect(judge('src/kinds/user/details.ts', '')).toEqual([
      'src/kinds/user/details.ts: is in no room of the table',
    ])
  })

  it('nothing may import the command line but itself', () => {
    expect(judge('src/index.ts', "import './cli/main.ts'")).toHaveLength(1)
    expect(judge('src/cli/x.ts', "import '../index.ts'\nimport './y.ts'")).toEqual([])
  })

  it('a room or a target that no table knows is a breach', () => {
    expect(judge('src/attic/x.ts', '')).toEqual(['src/attic/x.ts: is in no room of the table'])
    expect(judge('src/policy/x.ts', "import '../../scripts/y.ts'")).toHaveLength(1)
    expect(judge('src/policy/x.ts', "import '../attic/y.ts'")).toHaveLength(1)
  })

  it.each([
    'process.env.HOME',
    'Date.now()',
    'new Date()',
    'Math.random()',
    'performance.now()',
    'setTimeout(() => {}, 1)',
    "fetch('x')",
    'crypto.randomUUID()',
    'console.log(1)',
    "import { readFileSync } from 'node:fs'",
    "import 'node:http'",
    "import { randomBytes } from 'node:crypto'",
    "await import('node:child_process')",
  ])('a core room may not say `%s`; an outer room may', (text) => {
    expect(judge('src/plan/x.ts', text)).toHaveLength(1)
    expect(judge('src/cli/x.ts', text)).toEqual([])
  })

  it('a core room may hash, unpack, and read a time that it was given', () => {
    const text =
      "import { createHash } from 'node:crypto'\nimport { brotliDecompressSync } from 'node:zlib'\nnew Date(1)\nDate.UTC(2026)"
    expect(judge('src/plan/x.ts', text)).toEqual([])
  })

  it('the SDK is types only outside the aws target', () => {
    expect(judge('src/iam/x.ts', "import type * as sdk from '@aws-sdk/client-iam'")).toEqual([])
    expect(judge('src/iam/x.ts', "import { type User } from '@aws-sdk/client-iam'")).toEqual([])
    expect(judge('src/iam/x.ts', "import { IAMClient } from '@aws-sdk/client-iam'")).toHaveLength(1)
  })

  it('a package that does I/O stays in its room, and what ships must be a dependency', () => {
    expect(judge('src/iam/x.ts', "import Database from 'libsql'")).toHaveLength(1)
    expect(judge('src/store/x.ts', "import Database from 'libsql'")).toEqual([])
    expect(judge('src/policy/x.ts', "import fc from 'fast-check'")).toHaveLength(1)
  })

  it('a generated module belongs to its room', () => {
    expect(judge('src/catalog/x.ts', "await import('#generated/actions')")).toEqual([])
    expect(judge('src/policy/x.ts', "await import('#generated/actions')")).toHaveLength(1)
    expect(judge('src/catalog/x.ts', "await import('#generated/none')")).toHaveLength(1)
  })
})

const hasRepository = existsSync(new URL('.git', root))

describe.skipIf(!hasRepository)('what is committed (needs a git checkout)', () => {
  const tracked = hasRepository
    ? execFileSync('git', ['ls-files', '-z'], { cwd: fileURLToPath(root), encoding: 'utf8' })
        .split('\0')
        .filter((path) => path !== '' && existsSync(new URL(path, root)))
    : []
  /** Written so that the patterns don't find themselves. */
  const MACHINE_PATH = /(?<![\w.$}~-])\/(?:home|root|Users|work|mnt|workspace)\/[\w.-]+/
  const REGISTRY = /https?:\/\/[\w.:@-]*(?:registry|npm|verdaccio|artifactory|nexus)[\w.:-]*\//i

  it('has no path of the machine on which it was written, and no host of a package registry', () => {
    const found = tracked.flatMap((path) => {
      const text = textOf(path)
      const line = text.split('\n').findIndex((row) => MACHINE_PATH.test(row) || REGISTRY.test(row))
      return line < 0 ? [] : [`${path}:${line + 1}`]
    })
    expect(found).toEqual([])
  })

  it('recognises what it looks for', () => {
    expect(MACHINE_PATH.test(`see ${'/'}home/alice/x`)).toBe(true)
    expect(MACHINE_PATH.test(`"${'/'}work/main"`)).toBe(true)
    expect(MACHINE_PATH.test('arn:aws:iam::111122223333:user/work/main')).toBe(false)
    expect(REGISTRY.test(`https${':'}//npm.example.com/x`)).toBe(true)
    expect(REGISTRY.test(`http${':'}//localhost:4873/registry`)).toBe(false)
  })
})
