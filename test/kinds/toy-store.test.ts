import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openIam } from '../../src/iam/embedded-iam.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import type { StoredSettings } from '../../src/kinds/kind.ts'
import { STORE_KINDS } from '../../src/kinds/store.ts'
import type { ReadOperations, WriteOperations } from '../../src/model/operations.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { openWritableSqlite } from '../../src/store/sqlite/open.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES, refusal } from '../iam/account.ts'
import { openReadable } from '../store/open-sqlite.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { type ToyReads, type ToyWrites, toy as toyOfIam } from './toy/iam.ts'
import type { Toys } from './toy/kind.ts'
import { toy as toyOfStore } from './toy/store.ts'

type Reads = ReadOperations & ToyReads
type Writes = WriteOperations & ToyWrites

const openStore = (file: string) =>
  openWritableSqlite<Toys, StoredSettings>({
    file,
    account: ACCOUNT,
    kinds: { ...STORE_KINDS, toy: toyOfStore },
  })

async function openToys(file: string) {
  const { iam: store, damage, close } = await openStore(file)
  const iam = openIam<Reads, Writes, Toys, StoredSettings>({
    account: ACCOUNT,
    kinds: { ...IAM_KINDS, toy: toyOfIam },
    store,
    awsPolicies: AWS_POLICIES,
    clock: () => Date.UTC(2026, 0, 1),
    randomBytes: fixedBytes,
  })
  return { iam, damage, close }
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
})

/** A database with a toy that has a role and a tag. */
async function databaseWithToy(): Promise<string> {
  const file = join(temporaryFolder(), 'a.db')
  const { iam, close } = await openToys(file)
  await iam.write('CreateRole', { RoleName: 'web', AssumeRolePolicyDocument: TRUST })
  await iam.write('CreateToy', { ToyName: 'Web', Path: '/x/' })
  await iam.write('AddRoleToToy', { ToyName: 'Web', RoleName: 'web' })
  await iam.write('TagToy', {
    ToyName: 'Web',
    Tags: [{ Key: 'team', Value: 'a' }],
  })
  await close()
  return file
}

describe('a kind that only a test knows', () => {
  it('is kept, found and listed by the embedded IAM over SQLite', async () => {
    const { iam, damage, close } = await openToys(await databaseWithToy())
    const { Toys } = await iam.read('ListToys', {})
    expect(Toys).toMatchObject([
      {
        ToyName: 'Web',
        Path: '/x/',
        Roles: [{ RoleName: 'web' }],
        Tags: [{ Key: 'team', Value: 'a' }],
      },
    ])
    expect(Toys[0]?.ToyId).toMatch(/^ATOY[A-Z2-7]{17}$/)
    expect((await iam.read('ListRoles', {})).Roles).toHaveLength(1)
    expect(damage()).toBeNull()
    await close()
  })

  it('is refused as others are, in the same words and order', async () => {
    const { iam, close } = await openToys(await databaseWithToy())
    const messages = [
      iam.write('CreateToy', { ToyName: 'WEB' }),
      iam.write('CreateToy', { ToyName: 'a b' }),
      iam.write('DeleteToy', { ToyName: 'Web' }),
      iam.write('DeleteToy', { ToyName: 'none' }),
    ].map(async (call) => {
      const { code, message } = await refusal(call)
      return `${code}: ${message}`
    })
    expect(await Promise.all(messages)).toEqual([
      'EntityAlreadyExists: Toy Web already exists.',
      'ValidationError: The specified value for toyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
      'DeleteConflict: Cannot delete entity, must remove roles from toy first.',
      'NoSuchEntity: The toy with name none cannot be found.',
    ])
    await close()
  })

  it('goes with what belongs to it, and its links with whom they lead to', async () => {
    const { iam, close } = await openToys(await databaseWithToy())
    await iam.write('DeleteRole', { RoleName: 'web' })
    expect((await iam.read('ListToys', {})).Toys).toMatchObject([{ Roles: [] }])
    await iam.write('DeleteToy', { ToyName: 'Web' })
    expect((await iam.read('ListToys', {})).Toys).toEqual([])
    await close()
  })

  it.each([
    [`UPDATE entities SET body = '{}' WHERE kind = 'toy'`, 'entities'],
    [`UPDATE entities SET name = 'a b', name_key = 'a b' WHERE kind = 'toy'`, 'entities'],
    [`UPDATE links SET relation = 'group' WHERE relation = 'role'`, 'links'],
    [`UPDATE links SET target = owner_id, target_id = owner_id WHERE relation = 'role'`, 'links'],
    [
      `INSERT INTO documents SELECT id, 'inline', 'x', '{"Statement":[]}', 1, NULL FROM entities WHERE kind = 'toy'`,
      'documents',
    ],
  ])('is damaged as others are: %s', async (sql, table) => {
    const file = await databaseWithToy()
    const connection = new Connection(file)
    connection.exec(sql)
    connection.close()
    const open = async () => {
      const { iam, close } = await openToys(file)
      try {
        await iam.read('ListToys', {})
      } finally {
        await close()
      }
    }
    await expect(open()).rejects.toThrow(`a row of its table \`${table}\` makes no sense`)
  })

  it('is no kind of a store that is not given it', async () => {
    const file = await databaseWithToy()
    await expect(openReadable({ file, account: ACCOUNT })).rejects.toThrow(
      'a row of its table `entities` makes no sense',
    )
  })
})
