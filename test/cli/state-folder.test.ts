import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { git } from '../source/real-git.ts'
import { runHere } from './in-process.ts'
import { PEOPLE, PROJECT, sandbox } from './projects.ts'

/** Commands that take the folder as a flag: the file is never looked at. */
const BY_FILE = [
  ['backup', 'none.backup', '--dir'],
  ['restore', 'none.backup', '--account', 'sandbox', '--yes', '--dir'],
]

describe('where state is kept', () => {
  const withDatabase = (database: string) =>
    sandbox(PEOPLE, PROJECT.replace('.iam-sync/sandbox.db', database))

  test('an apply makes the folder so that git passes over it; nothing else does', async () => {
    const folder = sandbox()
    for (const command of ['validate', 'plan', 'test', 'history']) await runHere(command, folder)
    expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect(readFileSync(join(folder, '.iam-sync/.gitignore'), 'utf8')).toBe('*\n')
  })

  test.each(['.iam-sync', 'state', 'state/deep'])('a link at %s is never followed', async (link) => {
    const folder = withDatabase('state/deep/a.db')
    const outside = temporaryFolder({ mail1: 'x', 'deep/mail2': 'x' })
    if (link === 'state/deep') mkdirSync(join(folder, 'state'))
    symlinkSync(outside, join(folder, link))
    for (const args of [['validate'], ['plan'], ['apply', '--yes'], ['history'], ...BY_FILE]) {
      const ran = await runHere(...args, folder)
      expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('error[store.link]')])
    }
    expect(readdirSync(outside, { recursive: true }).sort()).toEqual(['deep', 'deep/mail2', 'mail1'])
  })

  test.each([
    ['.iam-sync/cache/v1/0123', '.iam-sync/a.db'],
    ['.iam-sync/a.db', '.iam-sync/a.db'],
    ['.IAM-Sync/a.db', '.iam-sync/a.db'],
    ['.iam-sync', 'b.db'],
    ['own/a.db', 'own/a.db'],
    ['own/a.db-wal', 'own/a.db'],
    ['own/a.db.lock', './own/../own/a.db'],
  ])('what git tracks there is an error: %s for the database %s', async (tracked, database) => {
    const folder = withDatabase(database)
    git(folder, 'init -q')
    writeFiles(folder, { [tracked]: 'x' })
    git(folder, 'add -f .')
    // By the index alone: on disk it may look harmless.
    rmSync(join(folder, tracked))
    for (const args of [['validate'], ['plan'], ['apply', '--yes'], ...BY_FILE]) {
      const ran = await runHere(...args, folder)
      expect([ran.code, ran.err]).toEqual([
        1,
        expect.stringContaining(`error[store.tracked]: git tracks \`${tracked}\``),
      ])
      expect(ran.err).toMatch(/help: `git rm -r --cached /)
    }
  })

  test.each(['.git/hooks/x.db', '.GIT/x.db', 'sub/../.git/x.db', '../other/.git/x.db', 'away/x.db', '.git'])(
    'no database is in what is git’s own: %s',
    async (database) => {
      const around = temporaryFolder({ 'other/.git/HEAD': '', 'kept/.git/HEAD': '' })
      const folder = join(around, 'own')
      writeFiles(folder, {
        'iam-sync.yaml': PROJECT.replace('.iam-sync/sandbox.db', database.replace('away', '../away')),
        'people.yaml': PEOPLE,
      })
      symlinkSync(join(around, 'kept/.git'), join(around, 'away'))
      git(folder, 'init -q')
      for (const args of [['validate'], ['plan'], ['apply', '--yes'], ...BY_FILE]) {
        const ran = await runHere(...args, folder)
        expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('error[store.in-git]')])
      }
      expect(readdirSync(join(folder, '.git'))).toEqual(expect.not.arrayContaining(['x.db']))
    },
  )

  test('a database among tracked files that are not its own is none of that', async () => {
    const folder = withDatabase('state.db')
    git(folder, 'init -q', 'add .', 'commit -qm 1')
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, { '.gitignore': 'state.db*\n' })
    git(folder, 'add .')
    expect((await runHere('plan', folder)).code).toBe(0)
  })

  test('a project in a folder with a backslash in its name has one database', async () => {
    const folder = join(temporaryFolder(), 'a\\b')
    writeFiles(folder, {
      'iam-sync.yaml': PROJECT.replace('.iam-sync/sandbox.db', 'db\\prod.db'),
      'people.yaml': PEOPLE,
    })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect((await runHere('plan', folder, '--exit-code')).code).toBe(0)
    expect(readdirSync(folder)).toContain('db\\prod.db')
  })
})

describe('the parse cache', () => {
  const before = process.env.IAM_SYNC_CACHE
  let cache: string
  beforeEach(() => {
    cache = temporaryFolder()
    process.env.IAM_SYNC_CACHE = cache
  })
  afterEach(() => {
    process.env.IAM_SYNC_CACHE = before
  })

  test('is where IAM_SYNC_CACHE says, and of no effect on what comes out', async () => {
    const folder = sandbox()
    const first = await runHere('plan', folder)
    expect(readdirSync(join(cache, 'parsed-v1')).length).toBeGreaterThan(2)
    expect(await runHere('plan', folder)).toEqual(first)
  })

  test('within the project is neither read nor written', async () => {
    const folder = sandbox()
    await runHere('validate', folder)
    git(folder, 'init -q')
    mkdirSync(join(folder, 'iam'))
    for (const place of [folder, join(folder, 'iam', 'cache')]) {
      process.env.IAM_SYNC_CACHE = place
      expect((await runHere('validate', folder)).code).toBe(0)
      expect(readdirSync(folder, { recursive: true })).not.toContain('parsed-v1')
      expect(existsSync(place) && readdirSync(place).includes('parsed-v1')).toBe(false)
    }
  })

  test('of an earlier version, in the project, is neither read nor removed', async () => {
    const folder = sandbox()
    writeFiles(folder, { '.iam-sync/cache/v1/0123456789abcdef': '[]' })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect(readdirSync(join(folder, '.iam-sync/cache/v1'))).toEqual(['0123456789abcdef'])
  })
})
