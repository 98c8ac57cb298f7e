import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { DatabaseVersion } from '../../src/target/local/database-version.ts'
import { temporaryFolder } from '../source/folders.ts'

test('changes with every commit of another connection, and with nothing else', () => {
  const file = join(temporaryFolder(), 'x.db')
  const version = new DatabaseVersion(file)
  expect(version.current()).toBe('missing')
  const writer = new Connection(file)
  writer.pragma('journal_mode = WAL')
  writer.exec('CREATE TABLE t (x)')
  const created = version.current()
  expect(created).not.toBe('missing')
  expect(version.current()).toBe(created)
  writer.all('SELECT * FROM t')
  expect(version.current()).toBe(created)
  writer.exec('INSERT INTO t VALUES (1)')
  const written = version.current()
  expect(written).not.toBe(created)
  writer.pragma('wal_checkpoint(TRUNCATE)')
  const merged = version.current()
  writer.exec('INSERT INTO t VALUES (2)')
  expect(version.current()).not.toBe(merged)
  writer.close()
  version.close()
})

test('a database that is deleted and made again is another one', () => {
  const folder = temporaryFolder()
  const file = join(folder, 'x.db')
  const make = () => {
    const writer = new Connection(file)
    writer.exec('CREATE TABLE t (x)')
    writer.close()
  }
  make()
  const version = new DatabaseVersion(file)
  expect(version.current()).not.toBe('missing')
  rmSync(file)
  expect(version.current()).toBe('missing')
  make()
  expect(version.current()).not.toBe('missing')
  version.close()
})

test('what is no database can’t tell', () => {
  const folder = temporaryFolder({
    'x.db': 'not a database, but long enough to be mistaken for one'.repeat(10),
  })
  const version = new DatabaseVersion(join(folder, 'x.db'))
  expect(version.current()).toBeNull()
  version.close()
})
