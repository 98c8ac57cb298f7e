import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  GroupRow,
  Page,
  PolicyRow,
  RoleRow,
  Rows,
  UserRow,
  WritableStore,
} from '../../src/iam/store-port.ts'

interface StoreSubject {
  readonly store: WritableStore
  close(): Promise<void>
}

const user = (name: string, parts: Partial<UserRow> = {}): UserRow => ({
  kind: 'user',
  id: `AIDA-${name}`,
  name,
  path: '/',
  created: 1000,
  boundary: null,
  ...parts,
})
const group = (name: string): GroupRow => ({
  kind: 'group',
  id: `AGPA-${name}`,
  name,
  path: '/',
  created: 1000,
})
const role = (name: string, parts: Partial<RoleRow> = {}): RoleRow => ({
  kind: 'role',
  id: `AROA-${name}`,
  name,
  path: '/',
  created: 1000,
  boundary: null,
  description: '',
  maxSessionDuration: 3600,
  trustPolicy: '{}',
  ...parts,
})
const policy = (name: string, parts: Partial<PolicyRow> = {}): PolicyRow => ({
  id: `ANPA-${name}`,
  name,
  path: '/',
  description: '',
  created: 1000,
  updated: 1000,
  defaultVersion: 1,
  latestVersion: 1,
  ...parts,
})

const ALL: Page = { after: null, limit: 1000, pathPrefix: '/' }
const names = (rows: readonly { readonly name: string }[]): readonly string[] => rows.map(({ name }) => name)

/** What the embedded IAM relies on, for every store. Each test starts with an empty one. */
export function describeStoreContract(dialect: string, open: () => Promise<StoreSubject>): void {
  describe(`store contract: ${dialect}`, () => {
    let subject: StoreSubject
    beforeEach(async () => {
      subject = await open()
    })
    afterEach(() => subject.close())

    const write = <T>(work: (rows: Rows) => Promise<T>): Promise<T> => subject.store.write(work)

    describe('transactions', () => {
      it('a rejection undoes everything and is passed on', async () => {
        await write((rows) => rows.insertIdentity(user('alice')))
        const failing = write(async (rows) => {
          await rows.insertIdentity(user('bob'))
          await rows.deleteIdentity('AIDA-alice')
          throw new RangeError('no')
        })
        await expect(failing).rejects.toThrow(RangeError)
        expect(names(await subject.store.read((rows) => rows.identities('user', ALL)))).toEqual(['alice'])
      })

      it('several at once happen one after the other, also when they wait in between', async () => {
        const count = () =>
          write(async (rows) => {
            const before = Number((await rows.setting('accountAlias')) ?? '0')
            await new Promise((resolve) => setTimeout(resolve, 1))
            await rows.putSetting('accountAlias', String(before + 1))
          })
        await Promise.all(Array.from({ length: 20 }, count))
        expect(await subject.store.read((rows) => rows.setting('accountAlias'))).toBe('20')
      })

      it('a failed one does not stop those that were asked for after it', async () => {
        const results = await Promise.allSettled([
          write(() => Promise.reject(new Error('no'))),
          write((rows) => rows.putSetting('accountAlias', '"a"')),
        ])
        expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
        expect(await subject.store.read((rows) => rows.setting('accountAlias'))).toBe('"a"')
      })

      it('nothing is left open by a call that is refused in the middle of a batch', async () => {
        await write((rows) => rows.insertIdentity(user('alice')))
        await expect(write((rows) => rows.insertIdentity(user('ALICE')))).rejects.toThrow()
        await write((rows) => rows.insertIdentity(user('bob')))
        expect(await subject.store.read((rows) => rows.count('user'))).toBe(2)
      })
    })

    describe('identities and policies', () => {
      it('rows come back as they went in', async () => {
        const rows = [
          user('alice', { path: '/a/b/', boundary: 'arn:x', created: 1_767_225_600_000 }),
          group('developers'),
          role('deploy', {
            description: "it's “quoted”\n😀",
            maxSessionDuration: 43200,
            trustPolicy: '{"a":"é\u0000"}'.replace('\u0000', ''),
          }),
        ]
        const stored = policy('reader', {
          description: 'd',
          updated: 2000,
          defaultVersion: 3,
          latestVersion: 7,
        })
        await write(async (store) => {
          for (const row of rows) await store.insertIdentity(row)
          await store.insertPolicy(stored)
        })
        await subject.store.read(async (store) => {
          expect(await store.identity('user', 'alice')).toEqual(rows[0])
          expect(await store.identity('group', 'developers')).toEqual(rows[1])
          expect(await store.identity('role', 'deploy')).toEqual(rows[2])
          expect(await store.identityById('AROA-deploy')).toEqual(rows[2])
          expect(await store.policy('reader')).toEqual(stored)
        })
      })

      it('names are unique per kind whatever their case, and found by exact case', async () => {
        await write(async (rows) => {
          await rows.insertIdentity(user('Alice'))
          await rows.insertIdentity(role('Alice'))
          await rows.insertPolicy(policy('Alice'))
        })
        await expect(write((rows) => rows.insertIdentity(user('aLICE')))).rejects.toThrow()
        await expect(write((rows) => rows.insertPolicy(policy('aLICE')))).rejects.toThrow()
        await subject.store.read(async (rows) => {
          expect(await rows.takenName('user', 'ALICE')).toBe('Alice')
          expect(await rows.takenName('role', 'alice')).toBe('Alice')
          expect(await rows.takenName('policy', 'alice')).toBe('Alice')
          expect(await rows.takenName('group', 'Alice')).toBeNull()
          expect(await rows.identity('user', 'alice')).toBeNull()
          expect(await rows.policy('alice')).toBeNull()
          expect(await rows.identity('group', 'Alice')).toBeNull()
        })
      })

      it('an update replaces every column but the id and the kind', async () => {
        await write(async (rows) => {
          await rows.insertIdentity(role('a'))
          await rows.insertPolicy(policy('p'))
        })
        const changed = role('b', {
          id: 'AROA-a',
          path: '/x/',
          boundary: 'arn:b',
          description: 'd',
          maxSessionDuration: 7200,
          trustPolicy: '[]',
        })
        const changedPolicy = policy('q', { id: 'ANPA-p', path: '/y/', description: 'e', latestVersion: 2 })
        await write(async (rows) => {
          await rows.updateIdentity(changed)
          await rows.updatePolicy(changedPolicy)
        })
        await subject.store.read(async (rows) => {
          expect(await rows.identity('role', 'b')).toEqual(changed)
          expect(await rows.identity('role', 'a')).toBeNull()
          expect(await rows.policy('q')).toEqual(changedPolicy)
        })
      })

      it('lists are sorted by name whatever its case, cut by page and by path', async () => {
        await write(async (rows) => {
          for (const [name, path] of [
            ['delta', '/x/'],
            ['Bravo', '/x/y/'],
            ['alpha', '/'],
            ['Charlie', '/xy/'],
          ] as const) {
            await rows.insertIdentity(user(name, { path }))
            await rows.insertPolicy(policy(name, { path }))
          }
        })
        await subject.store.read(async (rows) => {
          expect(names(await rows.identities('user', ALL))).toEqual(['alpha', 'Bravo', 'Charlie', 'delta'])
          expect(names(await rows.policies({ ...ALL, after: 'BRAVO', limit: 1 }))).toEqual(['Charlie'])
          expect(names(await rows.identities('user', { ...ALL, pathPrefix: '/x' }))).toEqual([
            'Bravo',
            'Charlie',
            'delta',
          ])
          expect(names(await rows.policies({ ...ALL, pathPrefix: '/x/' }))).toEqual(['Bravo', 'delta'])
          expect(await rows.identities('user', { ...ALL, limit: 0 })).toEqual([])
          expect(await rows.identities('role', ALL)).toEqual([])
          expect([await rows.count('user'), await rows.count('policy'), await rows.count('role')]).toEqual([
            4, 4, 0,
          ])
        })
      })
    })

    describe('what belongs to rows', () => {
      const populate = () =>
        write(async (rows) => {
          await rows.insertIdentity(user('alice', { boundary: 'arn:edge' }))
          await rows.insertIdentity(user('bob'))
          await rows.insertIdentity(group('Developers'))
          await rows.insertIdentity(group('admins'))
          await rows.insertIdentity(role('deploy', { boundary: 'arn:edge' }))
          await rows.insertPolicy(policy('reader'))
          for (const ownerId of ['AIDA-alice', 'AGPA-admins', 'AROA-deploy'])
            for (const policyArn of ['arn:b', 'arn:a']) await rows.attach({ ownerId, policyArn })
          await rows.attach({ ownerId: 'AIDA-alice', policyArn: 'arn:a' })
          for (const name of ['z', 'a'])
            await rows.putInlinePolicy({ ownerId: 'AIDA-alice', name, document: `"${name}"`, size: 3 })
          for (const groupId of ['AGPA-Developers', 'AGPA-admins', 'AGPA-admins'])
            await rows.addMember('AIDA-alice', groupId)
          await rows.addMember('AIDA-bob', 'AGPA-admins')
          await rows.putTags([
            { ownerId: 'AIDA-alice', key: 'b', value: '1' },
            { ownerId: 'AIDA-alice', key: 'a', value: '' },
            { ownerId: 'ANPA-reader', key: 'B', value: '2' },
            { ownerId: 'ANPA-reader', key: 'b', value: '3' },
          ])
          for (const version of [2, 1])
            await rows.insertVersion({
              policyId: 'ANPA-reader',
              version,
              document: `"${version}"`,
              created: version,
            })
          await rows.replaceTrusts('AROA-deploy', [
            { roleId: 'AROA-deploy', written: 'arn:alice', principalId: 'AIDA-alice' },
            { roleId: 'AROA-deploy', written: 'arn:deploy', principalId: 'AROA-deploy' },
          ])
        })

      it('comes back for one owner and for many, by name', async () => {
        await populate()
        await subject.store.read(async (rows) => {
          expect(await rows.attachments(['AIDA-alice'])).toEqual([
            { ownerId: 'AIDA-alice', policyArn: 'arn:a' },
            { ownerId: 'AIDA-alice', policyArn: 'arn:b' },
          ])
          expect(await rows.attachments(['AIDA-alice', 'AROA-deploy', 'AIDA-bob'])).toHaveLength(4)
          expect(await rows.attachments([])).toEqual([])
          expect(names(await rows.inlinePolicies(['AIDA-bob', 'AIDA-alice']))).toEqual(['a', 'z'])
          expect(await rows.memberships(['AIDA-alice'])).toEqual([
            { userId: 'AIDA-alice', groupId: 'AGPA-admins', groupName: 'admins' },
            { userId: 'AIDA-alice', groupId: 'AGPA-Developers', groupName: 'Developers' },
          ])
          expect(names(await rows.members('AGPA-admins', ALL))).toEqual(['alice', 'bob'])
          expect(names(await rows.members('AGPA-admins', { ...ALL, after: 'alice' }))).toEqual(['bob'])
          expect((await rows.tags(['AIDA-alice'])).map(({ key, value }) => [key, value])).toEqual([
            ['a', ''],
            ['b', '1'],
          ])
          expect(await rows.tags(['ANPA-reader', 'AIDA-bob'])).toHaveLength(2)
          expect(await rows.versions(['ANPA-reader'])).toEqual([
            { policyId: 'ANPA-reader', version: 1, document: '"1"', created: 1 },
            { policyId: 'ANPA-reader', version: 2, document: '"2"', created: 2 },
          ])
        })
      })

      it('uses of policies count attachments and boundaries apart', async () => {
        await populate()
        await subject.store.read(async (rows) => {
          const byArn = (all: readonly { readonly policyArn: string }[]) =>
            [...all].sort((a, b) => (a.policyArn < b.policyArn ? -1 : 1))
          expect(byArn(await rows.policyUses('all'))).toEqual([
            { policyArn: 'arn:a', attachments: 3, boundaries: 0 },
            { policyArn: 'arn:b', attachments: 3, boundaries: 0 },
            { policyArn: 'arn:edge', attachments: 0, boundaries: 2 },
          ])
          expect(byArn(await rows.policyUses(['arn:edge', 'arn:a', 'arn:none']))).toHaveLength(2)
          expect(await rows.policyUses(['arn:none'])).toEqual([])
        })
      })

      it('is removed and replaced one by one, and says whether it was there', async () => {
        await populate()
        await write(async (rows) => {
          const attachment = { ownerId: 'AIDA-alice', policyArn: 'arn:a' }
          expect([await rows.detach(attachment), await rows.detach(attachment)]).toEqual([true, false])
          expect([
            await rows.deleteInlinePolicy('AIDA-alice', 'a'),
            await rows.deleteInlinePolicy('AIDA-alice', 'a'),
          ]).toEqual([true, false])
          expect([
            await rows.removeMember('AIDA-alice', 'AGPA-admins'),
            await rows.removeMember('AIDA-alice', 'AGPA-admins'),
          ]).toEqual([true, false])
          await rows.putInlinePolicy({ ownerId: 'AIDA-alice', name: 'z', document: '"new"', size: 5 })
          await rows.putTags([{ ownerId: 'AIDA-alice', key: 'a', value: 'new' }])
          await rows.deleteTags('AIDA-alice', ['b', 'not there'])
          await rows.deleteVersion('ANPA-reader', 1)
          await rows.putSetting('passwordPolicy', '{}')
          await rows.putSetting('passwordPolicy', null)
        })
        await subject.store.read(async (rows) => {
          expect(await rows.inlinePolicies(['AIDA-alice'])).toEqual([
            { ownerId: 'AIDA-alice', name: 'z', document: '"new"', size: 5 },
          ])
          expect(await rows.tags(['AIDA-alice'])).toEqual([{ ownerId: 'AIDA-alice', key: 'a', value: 'new' }])
          expect((await rows.versions(['ANPA-reader'])).map(({ version }) => version)).toEqual([2])
          expect(await rows.setting('passwordPolicy')).toBeNull()
        })
      })

      it('goes with its row', async () => {
        await populate()
        await write(async (rows) => {
          await rows.deleteIdentity('AIDA-alice')
          await rows.deleteIdentity('AGPA-admins')
          await rows.deletePolicy('ANPA-reader')
        })
        await subject.store.read(async (rows) => {
          expect(await rows.attachments(['AIDA-alice', 'AGPA-admins'])).toEqual([])
          expect(await rows.inlinePolicies(['AIDA-alice'])).toEqual([])
          expect(await rows.memberships(['AIDA-alice', 'AIDA-bob'])).toEqual([])
          expect(await rows.tags(['AIDA-alice', 'ANPA-reader'])).toEqual([])
          expect(await rows.versions(['ANPA-reader'])).toEqual([])
          expect(await rows.policyUses(['arn:edge'])).toEqual([
            { policyArn: 'arn:edge', attachments: 0, boundaries: 1 },
          ])
        })
      })

      it('a trust outlives the principal that it names, not its role', async () => {
        await populate()
        const trusts = () => subject.store.read((rows) => rows.trusts(['AROA-deploy']))
        expect((await trusts()).map(({ written, current }) => [written, current])).toEqual([
          ['arn:alice', { kind: 'user', path: '/', name: 'alice' }],
          ['arn:deploy', { kind: 'role', path: '/', name: 'deploy' }],
        ])
        await write(async (rows) => {
          await rows.deleteIdentity('AIDA-alice')
          await rows.insertIdentity(user('alice', { id: 'AIDA-other' }))
        })
        expect((await trusts())[0]).toEqual({
          roleId: 'AROA-deploy',
          written: 'arn:alice',
          principalId: 'AIDA-alice',
          current: null,
        })
        await write((rows) => rows.deleteIdentity('AROA-deploy'))
        expect(await trusts()).toEqual([])
      })

      it('has an owner', async () => {
        await populate()
        await expect(
          write((rows) => rows.attach({ ownerId: 'AIDA-nobody', policyArn: 'arn:a' })),
        ).rejects.toThrow()
        await expect(write((rows) => rows.addMember('AIDA-alice', 'AGPA-nothing'))).rejects.toThrow()
        await expect(
          write((rows) =>
            rows.insertVersion({ policyId: 'ANPA-none', version: 1, document: '{}', created: 0 }),
          ),
        ).rejects.toThrow()
      })
    })
  })
}
