import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { tryOsLock } from '../../src/store/sqlite/files/os-lock.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PROJECT, sandbox } from './projects.ts'
import { jsonOf } from './run.ts'

const PEOPLE = 'users: { alice: { tags: { team: a } }, bob: {} }\n'
const MORE = 'users: { alice: { tags: { team: b } }, bob: {}, carol: {} }\n'

const databaseOf = (folder: string) => join(folder, '.iam-sync', 'sandbox.db')
const plan = async (folder: string) => jsonOf(await runHere('plan', folder, '--json')).plans[0].summary
const codesOf = (ran: { readonly out: string }) =>
  (JSON.parse(ran.out).diagnostics as readonly { readonly code: string }[]).map(({ code }) => code)

/** A project that was applied. */
async function applied(people = PEOPLE): Promise<string> {
  const folder = sandbox(people)
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  return folder
}

const backedUp = async (folder: string, file = join(temporaryFolder(), 'a.backup')): Promise<string> => {
  expect(await runHere('backup', file, '--dir', folder)).toMatchObject({ code: 0, err: '' })
  return file
}
const restoring = (file: string, folder: string, ...more: readonly string[]) =>
  runHere('restore', file, '--account', 'sandbox', '--dir', folder, '--json', ...more)

describe('backup', () => {
  test('is one file, its owner’s alone, with all that was committed, while the database is in use', async () => {
    const folder = await applied()
    const busy = new Connection(databaseOf(folder))
    busy.exec('BEGIN IMMEDIATE; DELETE FROM tags')
    const target = temporaryFolder()
    const file = await backedUp(folder, join(target, 'a.backup'))
    busy.exec('ROLLBACK')
    busy.close()
    expect(readdirSync(target)).toEqual(['a.backup'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const copy = new Connection(file)
    expect(copy.pragma('integrity_check')).toBe('ok')
    expect(copy.first('SELECT count(*) AS tags FROM tags')).toMatchObject({ tags: 1 })
    expect(copy.first('SELECT count(*) AS entries FROM journal')).toMatchObject({ entries: 1 })
    copy.close()
  })

  test('says what it made', async () => {
    const folder = await applied()
    const file = join(temporaryFolder(), 'a.backup')
    const ran = await runHere('backup', file, '--dir', folder, '--json')
    expect(jsonOf({ ...ran })).toMatchObject({
      backup: { account: { id: '111122223333', name: 'sandbox' }, file, bytes: statSync(file).size },
    })
    rmSync(file)
    const text = await runHere('backup', file, '--dir', folder)
    expect(text.out).toMatch(/^sandbox: backed up to .*a\.backup \(\d+ KiB, last apply \d{4}-.*Z\)\n$/)
  })

  test('overwrites nothing, and leaves nothing where it can’t be made', async () => {
    const folder = await applied()
    const target = temporaryFolder()
    writeFileSync(join(target, 'there'), 'mine')
    symlinkSync('nowhere', join(target, 'link'))
    for (const [name, code] of [
      ['there', 'store.exists'],
      ['link', 'store.exists'],
      ['no/such/folder', 'store.cannot-open'],
    ] as const)
      expect(codesOf(await runHere('backup', join(target, name), '--dir', folder, '--json'))).toEqual([code])
    expect(readFileSync(join(target, 'there'), 'utf8')).toBe('mine')
    expect(readdirSync(target).sort()).toEqual(['link', 'there'])
    const never = await runHere('backup', join(target, 'b'), '--dir', sandbox(PEOPLE), '--json')
    expect(codesOf(never)).toEqual(['store.nothing-applied'])
  })

  test('of another account than the project file says is none', async () => {
    const folder = await applied()
    writeFiles(folder, {
      'iam-sync.yaml': PROJECT.replace(/\d{12}/, '444455556666').replace('sandbox.db', './sandbox.db'),
    })
    const target = temporaryFolder()
    const ran = await runHere('backup', join(target, 'a.backup'), '--dir', folder, '--json')
    expect([ran.code, codesOf(ran)]).toEqual([1, ['store.other-account']])
    expect(readdirSync(target)).toEqual([])
  })

  test('of several accounts one is named; of manifests with errors it takes no notice', async () => {
    const folder = await applied()
    writeFiles(folder, { 'people.yaml': 'users: { alice: { groups: [nobody] } }\n' })
    await backedUp(folder)
    writeFiles(folder, {
      'iam-sync.yaml': 'version: 1\naccounts: { a: { id: "111122223333" }, b: { id: "444455556666" } }\n',
    })
    const file = join(temporaryFolder(), 'x')
    expect(codesOf(await runHere('backup', file, '--dir', folder, '--json'))).toEqual(['cli.one-account'])
    const both = await runHere('backup', file, '--dir', folder, '--account', 'a', '--account', 'b', '--json')
    expect(jsonOf(both).diagnostics).toMatchObject([
      {
        code: 'cli.one-account',
        message: 'more than one account is named',
        help: 'name one with `--account`: `a`, `b`',
      },
    ])
    // One that is named twice is one account.
    const twice = await runHere('backup', file, '--dir', folder, '--account', 'a', '--account', 'a', '--json')
    expect(codesOf(twice)).toEqual(['store.nothing-applied'])
  })
})

describe('restore', () => {
  test('puts the backup in place, and keeps what was there with what stood in its log', async () => {
    const folder = await applied()
    const file = await backedUp(folder)
    writeFiles(folder, { 'people.yaml': MORE })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    const ran = await restoring(file, folder, '--yes')
    expect(jsonOf(ran)).toMatchObject({ restored: { kept: '.iam-sync/sandbox.db.before-restore' } })
    expect(ran.code).toBe(0)
    expect(await plan(folder)).toMatchObject({ create: 1, update: 1 })
    expect(jsonOf(await runHere('history', folder, '--json')).entries).toHaveLength(1)
    expect(statSync(databaseOf(folder)).mode & 0o777).toBe(0o600)

    // And back: what was kept is itself a backup.
    const again = await restoring(`${databaseOf(folder)}.before-restore`, folder, '--yes')
    expect(jsonOf(again)).toMatchObject({ restored: { kept: '.iam-sync/sandbox.db.before-restore-2' } })
    expect(await plan(folder)).toMatchObject({ create: 0, update: 0 })
    expect(readdirSync(join(folder, '.iam-sync')).filter((name) => name.includes('restoring'))).toEqual([])
  })

  test('asks: without an answer nothing is touched', async () => {
    const folder = await applied()
    const file = await backedUp(folder)
    const before = readFileSync(databaseOf(folder))
    expect(codesOf(await restoring(file, folder))).toEqual(['restore.no-consent'])
    const ran = await runHere('restore', file, '--account', 'sandbox', '--dir', folder)
    expect(ran.err).toContain(
      'error[restore.no-consent]: nothing was restored: there is no terminal to ask on',
    )
    expect(readFileSync(databaseOf(folder)).equals(before)).toBe(true)
    expect(existsSync(`${databaseOf(folder)}.before-restore`)).toBe(false)
  })

  test('waits for no apply: under its lock nothing is touched, exit 5', async () => {
    const folder = await applied()
    const file = await backedUp(folder)
    const lock = tryOsLock(databaseOf(folder))
    const ran = await restoring(file, folder, '--yes')
    lock?.release()
    expect([ran.code, ...codesOf(ran)]).toEqual([5, 'apply.locked'])
    expect(existsSync(`${databaseOf(folder)}.before-restore`)).toBe(false)
  })

  test.each([
    ['of another account', "UPDATE account SET id = '444455556666'", 'store.other-account'],
    ['of a newer version', 'UPDATE schema_version SET version = 99', 'store.newer-schema'],
    ['with a table missing', 'DROP TABLE tags', 'store.corrupt'],
    ['with a row that makes no sense', "UPDATE journal SET declared = '{'", 'store.corrupt'],
  ])('a backup %s is refused, and the database stays', async (_, sql, code) => {
    const folder = await applied()
    const file = await backedUp(folder)
    const connection = new Connection(file)
    connection.exec(sql)
    connection.close()
    const before = readFileSync(databaseOf(folder))
    expect(codesOf(await restoring(file, folder, '--yes'))).toEqual([code])
    expect(readFileSync(databaseOf(folder)).equals(before)).toBe(true)
  })

  test('what is no database, or not there, is refused', async () => {
    const folder = await applied()
    const target = temporaryFolder({ text: 'not a database, but long enough to be looked at'.repeat(20) })
    for (const [name, code] of [
      ['text', 'store.not-a-database'],
      ['nowhere', 'store.cannot-open'],
      ['.', 'store.not-a-database'],
    ] as const)
      expect(codesOf(await restoring(join(target, name), folder, '--yes'))).toEqual([code])
  })

  test('what is wrong with the file of the argument is mended by another file, not in the project file', async () => {
    const folder = await applied()
    const target = temporaryFolder({
      text: 'not a database, but long enough to be looked at'.repeat(20),
      bit: 'x',
    })
    const ours = join(target, 'ours')
    const foreign = new Connection(ours)
    foreign.exec('CREATE TABLE places (url TEXT)')
    foreign.close()
    for (const file of [join(target, 'text'), join(target, 'bit'), target, ours]) {
      const [found] = JSON.parse((await restoring(file, folder, '--yes')).out).diagnostics
      expect(found.help).toBe('name a file that `backup` made')
    }
  })

  test('takes the place of a database that is damaged, or gone, and nothing of its log', async () => {
    const folder = await applied()
    const file = await backedUp(folder)
    const database = databaseOf(folder)
    writeFileSync(database, Buffer.alloc(8192, 0xa5))
    writeFileSync(`${database}-wal`, Buffer.alloc(5000, 0x5a))
    expect((await restoring(file, folder, '--yes')).code).toBe(0)
    expect(await plan(folder)).toMatchObject({ create: 0, update: 0, unchanged: 2 })
    expect(readFileSync(`${database}.before-restore`).equals(Buffer.alloc(8192, 0xa5))).toBe(true)

    rmSync(join(folder, '.iam-sync'), { recursive: true })
    expect(jsonOf(await restoring(file, folder, '--yes'))).toMatchObject({ restored: { kept: null } })
    expect(await plan(folder)).toMatchObject({ create: 0, update: 0, unchanged: 2 })
  })

  test('a database that was backed up by an earlier version is migrated by the next apply', async () => {
    const folder = await applied('users: {}\n')
    const file = join(temporaryFolder(), 'a.backup')
    const connection = new Connection(file)
    connection.exec(readFileSync(new URL('../store/fixtures/schema-2.sql', import.meta.url), 'utf8'))
    connection.close()
    expect((await restoring(file, folder, '--yes')).code).toBe(0)
    const declaredOnly = PROJECT.replace(/^scope:.*\n/m, '')
    writeFiles(folder, { 'iam-sync.yaml': declaredOnly, 'people.yaml': 'users: { zoe: {} }\n' })
    expect(await runHere('apply', folder, '--yes')).toMatchObject({ code: 0 })
    expect(await plan(folder)).toMatchObject({ create: 0, update: 0 })
  })

  test('the account is named', async () => {
    const folder = await applied()
    const file = await backedUp(folder)
    const ran = await runHere('restore', file, '--dir', folder, '--yes', '--json')
    expect(codesOf(ran)).toEqual(['cli.one-account'])
  })

  test.each([
    ['a text', 'export PATH=/bin\n', 'store.not-a-database'],
    ['a database of another program', 'CREATE TABLE places (url TEXT)', 'store.not-ours'],
    ['that of another account', "UPDATE account SET id = '444455556666'", 'store.other-account'],
  ])('%s that the project file names is left as it is, with nothing beside it', async (_, content, code) => {
    const own = await applied()
    const file = await backedUp(own)
    const outside = temporaryFolder()
    const victim = join(outside, 'victim')
    if (code === 'store.not-a-database') writeFileSync(victim, content)
    else {
      if (code === 'store.other-account') copyFileSync(file, victim)
      const connection = new Connection(victim)
      connection.exec(content)
      connection.close()
    }
    const before = readFileSync(victim)
    const folder = sandbox(PEOPLE, PROJECT.replace('.iam-sync/sandbox.db', victim))
    expect(codesOf(await restoring(file, folder, '--yes'))).toEqual([code])
    mkdirSync(join(folder, '.iam-sync'))
    symlinkSync(victim, join(folder, '.iam-sync/a.db'))
    writeFiles(folder, { 'iam-sync.yaml': PROJECT.replace('sandbox.db', 'a.db') })
    expect(codesOf(await restoring(file, folder, '--yes'))).toEqual([code])
    expect(readFileSync(victim).equals(before)).toBe(true)
    expect(readdirSync(outside)).toEqual(['victim'])
  })

  test('takes the place of a damaged database outside of the project that begins as one', async () => {
    const file = await backedUp(await applied())
    const victim = join(temporaryFolder(), 'a.db')
    writeFileSync(victim, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192, 0xa5)]))
    const folder = sandbox(PEOPLE, PROJECT.replace('.iam-sync/sandbox.db', victim))
    expect((await restoring(file, folder, '--yes')).code).toBe(0)
    expect(await plan(folder)).toMatchObject({ create: 0, update: 0, unchanged: 2 })
  })
})

test('a file that can’t be there has a code, for both', async () => {
  const folder = await applied()
  const file = await backedUp(folder)
  const below = join(file, 'x')
  const long = join(temporaryFolder(), 'x'.repeat(300))
  for (const odd of [below, long]) {
    expect(codesOf(await runHere('backup', odd, '--dir', folder, '--json'))).toEqual(['store.cannot-open'])
    expect(codesOf(await restoring(odd, folder, '--yes'))).toEqual(['store.cannot-open'])
  }
  mkdirSync(`${databaseOf(folder)}.restoring`)
  expect(codesOf(await restoring(file, folder, '--yes'))).toEqual(['store.cannot-open'])
  rmSync(join(folder, '.iam-sync'), { recursive: true })
  writeFileSync(join(folder, '.iam-sync'), '')
  expect(codesOf(await restoring(file, folder, '--yes'))).toEqual(['store.cannot-open'])
  expect(codesOf(await runHere('backup', `${file}2`, '--dir', folder, '--json'))).toEqual([
    'store.cannot-open',
  ])
})
