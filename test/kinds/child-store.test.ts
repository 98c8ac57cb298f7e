import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EntityRow } from '../../src/iam/store-port.ts'
import type { StoredEntities, StoredSettings } from '../../src/kinds/kind.ts'
import { STORE_KINDS } from '../../src/kinds/store.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { openWritableSqlite } from '../../src/store/sqlite/open.ts'
import type { EntityStore } from '../../src/store/store-kind.ts'
import { ACCOUNT } from '../iam/account.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'

/** What is named under a user. */
interface Badge {
  readonly worn: boolean
}

interface WithBadges extends StoredEntities {
  readonly badge: Badge
}

const badge: EntityStore<Badge> = {
  family: 'entity',
  longestName: 32,
  parent: 'user',
  links: {},
  documents: {},
  readBody: (json) => (typeof (json as Partial<Badge> | null)?.worn === 'boolean' ? (json as Badge) : null),
}

const open = (file: string) =>
  openWritableSqlite<WithBadges, StoredSettings>({
    file,
    account: ACCOUNT,
    kinds: { ...STORE_KINDS, badge },
  })

const user = (name: string): EntityRow<'user', WithBadges> => ({
  kind: 'user',
  id: `AIDA-${name}`,
  name,
  path: '/',
  created: 0,
  parentId: null,
  body: {},
})
const badgeOf = (owner: string, name: string): EntityRow<'badge', WithBadges> => ({
  kind: 'badge',
  id: `${owner}-${name}`,
  name,
  path: '/',
  created: 0,
  parentId: `AIDA-${owner}`,
  body: { worn: true },
})

async function databaseOf(file = join(temporaryFolder(), 'a.db')): Promise<string> {
  const { iam, close } = await open(file)
  await iam.write(async (rows) => {
    for (const name of ['ada', 'bob']) await rows.insert(user(name))
    for (const [owner, name] of [
      ['ada', 'b'],
      ['ada', 'A'],
      ['bob', 'a'],
    ] as const)
      await rows.insert(badgeOf(owner, name))
  })
  await close()
  return file
}

describe('a kind that is named under another', () => {
  it('has names of its own under each parent, whatever their case', async () => {
    const { iam, close } = await open(await databaseOf())
    await iam.read(async (rows) => {
      expect(await rows.entity('badge', 'A', 'AIDA-ada')).toEqual(badgeOf('ada', 'A'))
      expect(await rows.entity('badge', 'a', 'AIDA-ada')).toBeNull()
      expect(await rows.entity('badge', 'a')).toBeNull()
      expect(await rows.takenName('badge', 'a', 'AIDA-ada')).toBe('A')
      expect(await rows.takenName('badge', 'b', 'AIDA-bob')).toBeNull()
    })
    await expect(iam.write((rows) => rows.insert({ ...badgeOf('ada', 'a'), id: 'other' }))).rejects.toThrow()
    await close()
  })

  it('is listed and counted by parent, and goes with it', async () => {
    const { iam, close } = await open(await databaseOf())
    const namesOf = (...owners: readonly string[]) =>
      iam.read(async (rows) => (await rows.children('badge', owners)).map(({ name }) => name))
    expect(await namesOf('AIDA-ada')).toEqual(['A', 'b'])
    expect(await namesOf('AIDA-ada', 'AIDA-bob')).toHaveLength(3)
    expect(await iam.read((rows) => rows.count('badge', 'AIDA-ada'))).toBe(2)
    await iam.write((rows) => rows.delete('AIDA-ada'))
    expect(await namesOf('AIDA-ada', 'AIDA-bob')).toEqual(['a'])
    await expect(iam.write((rows) => rows.insert(badgeOf('nobody', 'x')))).rejects.toThrow()
    await close()
  })

  it.each([
    ['without a parent', `UPDATE entities SET parent_id = NULL WHERE id = 'ada-b'`],
    ['under another kind', `UPDATE entities SET parent_id = 'ada-A' WHERE id = 'ada-b'`],
    ['and a parent of what has none', `UPDATE entities SET parent_id = 'AIDA-bob' WHERE id = 'AIDA-ada'`],
  ])('is damaged %s', async (_, sql) => {
    const file = await databaseOf()
    const connection = new Connection(file)
    connection.exec(sql)
    connection.close()
    await expect(open(file)).rejects.toThrow('a row of its table `entities` makes no sense')
  })
})
