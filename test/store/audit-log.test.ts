import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CHAIN_START, chained } from '../../src/iam/audit/chain.ts'
import { openWritableAudit } from '../../src/store/sqlite/audit-log.ts'
import { type AuditQuery, openAuditReader } from '../../src/store/sqlite/audit-reader.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { temporaryFolder } from './temporary-folder.ts'

const ACCOUNT = { id: '111122223333', partition: 'aws' } as const
const ALL: AuditQuery = { eventNames: [], who: null, since: null, until: null, errorsOnly: false }
const fileIn = (folder: string) => ({
  file: join(folder, 'a.db.audit'),
  shownAs: 'a.db.audit',
  account: ACCOUNT,
})

const textAt = (index: number): string =>
  JSON.stringify({
    ...(index % 3 === 0 ? { errorCode: 'AccessDenied' } : {}),
    eventName: index % 2 === 0 ? 'GetUser' : 'ListUsers',
    eventTime: `2026-01-01T00:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}Z`,
    note: 'quotes " and \u0000 and é 😀',
    userIdentity: { userName: `u${index % 10}` },
  })

async function written(folder: string, count: number) {
  const log = await openWritableAudit(fileIn(folder))
  const rows = chained(
    CHAIN_START,
    Array.from({ length: count }, (_, index) => textAt(index)),
  )
  await log.append(() => ({
    added: rows,
    head: { sequence: count, hash: rows.at(-1)?.hash ?? '', seal: 's' },
  }))
  await log.close()
  return rows
}
async function reading(folder: string) {
  const reader = await openAuditReader(fileIn(folder))
  if (reader === null) throw new Error('there is no log')
  return reader
}
const refusal = (opening: Promise<unknown>) =>
  opening.then(
    () => null,
    (error) => error.diagnostics[0].code,
  )

describe('an audit log in a file', () => {
  it('gives back what was written, in pages, either way', async () => {
    const folder = temporaryFolder()
    const rows = await written(folder, 450)
    const reader = await reading(folder)
    expect([...reader.rows()]).toEqual(rows)
    expect(reader.head()).toMatchObject({ sequence: 450, seal: 's' })
    expect([...reader.matching(ALL, 'newest', 201)]).toEqual(rows.slice(-201).reverse())
    const count = (query: Partial<AuditQuery>) =>
      [...reader.matching({ ...ALL, ...query }, 'oldest', null)].length
    expect(count({ eventNames: ['GetUser'] })).toBe(225)
    expect(count({ eventNames: ['GetUser', 'ListUsers'], errorsOnly: true })).toBe(150)
    expect(count({ who: 'u7' })).toBe(45)
    expect(count({ who: "u7' OR 1" })).toBe(0)
    expect(count({ since: '2026-01-01T00:01:00Z', until: '2026-01-01T00:01:59Z' })).toBe(60)
    expect([reader.sequenceOf(rows[9]?.hash ?? ''), reader.sequenceOf('x')]).toEqual([10, null])
    reader.close()
  })

  it('passes over what is no JSON any more, and counts it', async () => {
    const folder = temporaryFolder()
    await written(folder, 5)
    const connection = new Connection(fileIn(folder).file)
    connection.exec("UPDATE records SET text = 'x' WHERE sequence = 3")
    connection.close()
    const reader = await reading(folder)
    expect(
      [...reader.matching({ ...ALL, since: '2026' }, 'oldest', null)].map(({ sequence }) => sequence),
    ).toEqual([1, 2, 4, 5])
    expect(reader.unreadable()).toBe(1)
    reader.close()
  })

  it('is not made by reading, and refuses what is something else', async () => {
    const folder = temporaryFolder()
    const { file } = fileIn(folder)
    expect(await openAuditReader(fileIn(folder))).toBeNull()
    expect(existsSync(file)).toBe(false)
    await written(folder, 1)
    const other = { ...fileIn(folder), account: { ...ACCOUNT, id: '444455556666' } }
    for (const open of [openAuditReader, openWritableAudit])
      expect(await refusal(open(other))).toBe('audit.other-account')

    const strange = temporaryFolder()
    new Connection(fileIn(strange).file).exec('CREATE TABLE account (id TEXT); CREATE TABLE records (x TEXT)')
    const before = readFileSync(fileIn(strange).file)
    for (const open of [openAuditReader, openWritableAudit])
      expect(await refusal(open(fileIn(strange)))).toBe('audit.no-log')
    expect(readFileSync(fileIn(strange).file).equals(before)).toBe(true)
    const text = temporaryFolder()
    writeFileSync(fileIn(text).file, 'this is no database, but a text of some length\n'.repeat(10))
    for (const open of [openAuditReader, openWritableAudit])
      expect(await refusal(open(fileIn(text)))).toBe('store.not-a-database')
    const place = temporaryFolder()
    mkdirSync(fileIn(place).file)
    for (const open of [openAuditReader, openWritableAudit])
      expect(await refusal(open(fileIn(place)))).toBe('store.not-a-database')
  })

  it('is written by several at once, one after the other', async () => {
    const folder = temporaryFolder()
    const logs = await Promise.all([openWritableAudit(fileIn(folder)), openWritableAudit(fileIn(folder))])
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        logs[index % 2]?.append((_head, last) => {
          const added = chained(last ?? CHAIN_START, [textAt(index)])
          const [row] = added
          return { added, head: { sequence: row?.sequence ?? 0, hash: row?.hash ?? '', seal: '' } }
        }),
      ),
    )
    for (const log of logs) await log.close()
    const reader = await reading(folder)
    const rows = [...reader.rows()]
    expect(rows).toEqual(
      chained(
        CHAIN_START,
        rows.map(({ text }) => text),
      ),
    )
    expect(rows).toHaveLength(40)
    reader.close()
  })
})
