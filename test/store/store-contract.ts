import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  DocumentRow,
  EntityRow,
  LinkCount,
  LinkRow,
  Page,
  Rows,
  WritableStore,
} from '../../src/iam/store-port.ts'
import { PASSWORD_POLICY_DEFAULTS } from '../../src/model/index.ts'

interface StoreSubject {
  readonly store: WritableStore
  close(): Promise<void>
}

const user = (name: string, parts: Partial<EntityRow<'user'>> = {}): EntityRow<'user'> => ({
  kind: 'user',
  id: `AIDA-${name}`,
  name,
  path: '/',
  created: 1000,
  parentId: null,
  body: {},
  ...parts,
})
const group = (name: string): EntityRow<'group'> => ({
  ...user(name),
  body: {},
  kind: 'group',
  id: `AGPA-${name}`,
})
const role = (name: string, parts: Partial<EntityRow<'role'>> = {}): EntityRow<'role'> => ({
  ...user(name),
  kind: 'role',
  id: `AROA-${name}`,
  body: { description: '', maxSessionDuration: 3600 },
  ...parts,
})
const policy = (name: string, parts: Partial<EntityRow<'policy'>> = {}): EntityRow<'policy'> => ({
  ...user(name),
  kind: 'policy',
  id: `ANPA-${name}`,
  body: { description: '', updated: 1000, defaultVersion: 1, latestVersion: 1 },
  ...parts,
})
const link = (ownerId: string, target: string, label = ''): LinkRow => ({ ownerId, target, label })

const inline = (name: string, text: string): DocumentRow => ({
  ownerId: 'AIDA-alice',
  name,
  text,
  size: 3,
  created: null,
})
const version = (number: number): DocumentRow => ({
  ownerId: 'ANPA-reader',
  name: String(number),
  text: `"${number}"`,
  size: null,
  created: number,
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
        await write((rows) => rows.insert(user('alice')))
        const failing = write(async (rows) => {
          await rows.insert(user('bob'))
          await rows.delete('AIDA-alice')
          throw new RangeError('no')
        })
        await expect(failing).rejects.toThrow(RangeError)
        expect(names(await subject.store.read((rows) => rows.entities('user', ALL)))).toEqual(['alice'])
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
          write((rows) => rows.putSetting('accountAlias', 'a')),
        ])
        expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
        expect(await subject.store.read((rows) => rows.setting('accountAlias'))).toBe('a')
      })

      it('nothing is left open by a call that is refused in the middle of a batch', async () => {
        await write((rows) => rows.insert(user('alice')))
        await expect(write((rows) => rows.insert(user('ALICE')))).rejects.toThrow()
        await write((rows) => rows.insert(user('bob')))
        expect(await subject.store.read((rows) => rows.count('user'))).toBe(2)
      })
    })

    describe('identities and policies', () => {
      it('rows come back as they went in', async () => {
        const rows = [
          user('alice', { path: '/a/b/', created: 1_767_225_600_000 }),
          group('developers'),
          role('deploy', { body: { description: "it's “quoted”\n\\ 😀", maxSessionDuration: 43200 } }),
        ]
        const stored = policy('reader', {
          body: { description: 'd', updated: 2000, defaultVersion: 3, latestVersion: 7 },
        })
        await write(async (store) => {
          for (const row of rows) await store.insert(row)
          await store.insert(stored)
        })
        await subject.store.read(async (store) => {
          expect(await store.entity('user', 'alice')).toEqual(rows[0])
          expect(await store.entity('group', 'developers')).toEqual(rows[1])
          expect(await store.entity('role', 'deploy')).toEqual(rows[2])
          const { body: _, ...known } = role('deploy')
          expect(await store.entityById('AROA-deploy')).toEqual(known)
          expect(await store.entity('policy', 'reader')).toEqual(stored)
        })
      })

      it('names are unique per kind whatever their case, and found by exact case', async () => {
        await write(async (rows) => {
          await rows.insert(user('Alice'))
          await rows.insert(role('Alice'))
          await rows.insert(policy('Alice'))
        })
        await expect(write((rows) => rows.insert(user('aLICE')))).rejects.toThrow()
        await expect(write((rows) => rows.insert(policy('aLICE')))).rejects.toThrow()
        await subject.store.read(async (rows) => {
          expect(await rows.takenName('user', 'ALICE')).toBe('Alice')
          expect(await rows.takenName('role', 'alice')).toBe('Alice')
          expect(await rows.takenName('policy', 'alice')).toBe('Alice')
          expect(await rows.takenName('group', 'Alice')).toBeNull()
          expect(await rows.entity('user', 'alice')).toBeNull()
          expect(await rows.entity('policy', 'alice')).toBeNull()
          expect(await rows.entity('group', 'Alice')).toBeNull()
        })
      })

      it('an update replaces everything but the id and the kind', async () => {
        await write(async (rows) => {
          await rows.insert(role('a'))
          await rows.insert(policy('p'))
        })
        const changed = role('b', {
          id: 'AROA-a',
          path: '/x/',
          created: 2000,
          body: { description: 'd', maxSessionDuration: 7200 },
        })
        const changedPolicy = policy('q', {
          id: 'ANPA-p',
          path: '/y/',
          body: { description: 'e', updated: 2000, defaultVersion: 1, latestVersion: 2 },
        })
        await write(async (rows) => {
          await rows.update(changed)
          await rows.update(changedPolicy)
        })
        await subject.store.read(async (rows) => {
          expect(await rows.entity('role', 'b')).toEqual(changed)
          expect(await rows.entity('role', 'a')).toBeNull()
          expect(await rows.entity('policy', 'q')).toEqual(changedPolicy)
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
            await rows.insert(user(name, { path }))
            await rows.insert(policy(name, { path }))
          }
        })
        await subject.store.read(async (rows) => {
          expect(names(await rows.entities('user', ALL))).toEqual(['alpha', 'Bravo', 'Charlie', 'delta'])
          expect(names(await rows.entities('policy', { ...ALL, after: 'BRAVO', limit: 1 }))).toEqual([
            'Charlie',
          ])
          expect(names(await rows.entities('user', { ...ALL, pathPrefix: '/x' }))).toEqual([
            'Bravo',
            'Charlie',
            'delta',
          ])
          expect(names(await rows.entities('policy', { ...ALL, pathPrefix: '/x/' }))).toEqual([
            'Bravo',
            'delta',
          ])
          expect(await rows.entities('user', { ...ALL, limit: 0 })).toEqual([])
          expect(await rows.entities('role', ALL)).toEqual([])
          expect([await rows.count('user'), await rows.count('policy'), await rows.count('role')]).toEqual([
            4, 4, 0,
          ])
        })
      })
    })

    describe('what belongs to rows', () => {
      const populate = () =>
        write(async (rows) => {
          await rows.insert(user('alice'))
          await rows.insert(user('bob'))
          await rows.insert(group('Developers'))
          await rows.insert(group('admins'))
          await rows.insert(role('deploy'))
          await rows.insert(policy('reader'))
          for (const ownerId of ['AIDA-alice', 'AGPA-admins', 'AROA-deploy'])
            for (const arn of ['arn:b', 'arn:a']) await rows.putLink('policy', link(ownerId, arn))
          await rows.putLink('policy', link('AIDA-alice', 'arn:a'))
          for (const ownerId of ['AIDA-alice', 'AROA-deploy'])
            await rows.replaceLinks(ownerId, 'boundary', [{ target: 'arn:edge', label: '' }])
          for (const name of ['z', 'a']) await rows.putDocument('inline', inline(name, `"${name}"`))
          for (const groupId of ['AGPA-Developers', 'AGPA-admins', 'AGPA-admins'])
            await rows.putLink('group', link('AIDA-alice', groupId))
          await rows.putLink('group', link('AIDA-bob', 'AGPA-admins'))
          await rows.putTags([
            { ownerId: 'AIDA-alice', key: 'b', value: '1' },
            { ownerId: 'AIDA-alice', key: 'a', value: '' },
            { ownerId: 'ANPA-reader', key: 'B', value: '2' },
            { ownerId: 'ANPA-reader', key: 'b', value: '3' },
          ])
          for (const number of [2, 1]) await rows.putDocument('version', version(number))
          await rows.replaceLinks('AROA-deploy', 'trust', [
            { target: 'AIDA-alice', label: 'arn:alice' },
            { target: 'AIDA-alice', label: 'AIDA-alice' },
            { target: 'AROA-deploy', label: 'arn:deploy' },
          ])
        })

      it('comes back for one owner and for many, by name', async () => {
        await populate()
        await subject.store.read(async (rows) => {
          expect(await rows.links(['AIDA-alice'], 'policy', 'boundary')).toEqual([
            { ownerId: 'AIDA-alice', relation: 'boundary', target: 'arn:edge' },
            { ownerId: 'AIDA-alice', relation: 'policy', target: 'arn:a' },
            { ownerId: 'AIDA-alice', relation: 'policy', target: 'arn:b' },
          ])
          expect(await rows.links(['AIDA-alice', 'AROA-deploy', 'AIDA-bob'], 'policy')).toHaveLength(4)
          expect(await rows.links([], 'policy')).toEqual([])
          expect(names(await rows.documents(['AIDA-bob', 'AIDA-alice'], 'inline'))).toEqual(['a', 'z'])
          expect(await rows.resolvedLinks(['AIDA-alice'], 'group')).toEqual([
            {
              ...link('AIDA-alice', 'AGPA-Developers'),
              to: { kind: 'group', path: '/', name: 'Developers' },
            },
            {
              ...link('AIDA-alice', 'AGPA-admins'),
              to: { kind: 'group', path: '/', name: 'admins' },
            },
          ])
          const members = (page: Page) => rows.linkedTo('user', 'group', 'AGPA-admins', page)
          expect(names(await members(ALL))).toEqual(['alice', 'bob'])
          expect(names(await members({ ...ALL, after: 'alice' }))).toEqual(['bob'])
          expect(await rows.linkedTo('role', 'group', 'AGPA-admins', ALL)).toEqual([])
          expect((await rows.tags(['AIDA-alice'])).map(({ key, value }) => [key, value])).toEqual([
            ['a', ''],
            ['b', '1'],
          ])
          expect(await rows.tags(['ANPA-reader', 'AIDA-bob'])).toHaveLength(2)
          expect(await rows.documents(['ANPA-reader'], 'version')).toEqual([version(1), version(2)])
        })
      })

      it('links to a target are counted by their sort', async () => {
        await populate()
        await subject.store.read(async (rows) => {
          const byTarget = (all: readonly LinkCount[]) =>
            [...all].sort((a, b) => (a.target < b.target ? -1 : 1))
          const both = ['policy', 'boundary']
          expect(byTarget(await rows.linkCounts(both, 'all'))).toEqual([
            { relation: 'policy', target: 'arn:a', count: 3 },
            { relation: 'policy', target: 'arn:b', count: 3 },
            { relation: 'boundary', target: 'arn:edge', count: 2 },
          ])
          expect(byTarget(await rows.linkCounts(both, ['arn:edge', 'arn:a', 'arn:none']))).toHaveLength(2)
          expect(await rows.linkCounts(both, ['arn:none'])).toEqual([])
          expect(await rows.linkCounts(['group'], ['AGPA-admins'])).toEqual([
            { relation: 'group', target: 'AGPA-admins', count: 2 },
          ])
        })
      })

      it('is removed and replaced one by one, and says whether it was there', async () => {
        await populate()
        await write(async (rows) => {
          const attachment = link('AIDA-alice', 'arn:a')
          expect([
            await rows.deleteLink('policy', attachment),
            await rows.deleteLink('policy', attachment),
          ]).toEqual([true, false])
          expect([
            await rows.deleteDocument('inline', { ownerId: 'AIDA-alice', name: 'a' }),
            await rows.deleteDocument('inline', { ownerId: 'AIDA-alice', name: 'a' }),
          ]).toEqual([true, false])
          await rows.replaceLinks('AIDA-alice', 'boundary', [])
          await rows.putDocument('inline', { ...inline('z', '"new"'), size: 5 })
          await rows.putTags([{ ownerId: 'AIDA-alice', key: 'a', value: 'new' }])
          await rows.deleteTags('AIDA-alice', ['b', 'not there'])
          await rows.deleteDocument('version', { ownerId: 'ANPA-reader', name: '1' })
          await rows.putSetting('passwordPolicy', PASSWORD_POLICY_DEFAULTS)
          expect(await rows.setting('passwordPolicy')).toEqual(PASSWORD_POLICY_DEFAULTS)
          await rows.putSetting('passwordPolicy', null)
        })
        await subject.store.read(async (rows) => {
          expect(await rows.documents(['AIDA-alice'], 'inline')).toEqual([
            { ...inline('z', '"new"'), size: 5 },
          ])
          expect(await rows.links(['AIDA-alice'], 'boundary')).toEqual([])
          expect(await rows.tags(['AIDA-alice'])).toEqual([{ ownerId: 'AIDA-alice', key: 'a', value: 'new' }])
          expect(names(await rows.documents(['ANPA-reader'], 'version'))).toEqual(['2'])
          expect(await rows.setting('passwordPolicy')).toBeNull()
        })
      })

      it('goes with its row', async () => {
        await populate()
        await write(async (rows) => {
          await rows.delete('AIDA-alice')
          await rows.delete('AGPA-admins')
          await rows.delete('ANPA-reader')
        })
        await subject.store.read(async (rows) => {
          for (const relation of ['policy', 'group', 'boundary'])
            expect(await rows.links(['AIDA-alice', 'AGPA-admins', 'AIDA-bob'], relation)).toEqual([])
          expect(await rows.documents(['AIDA-alice'], 'inline')).toEqual([])
          expect(await rows.tags(['AIDA-alice', 'ANPA-reader'])).toEqual([])
          expect(await rows.documents(['ANPA-reader'], 'version')).toEqual([])
          expect(await rows.linkCounts(['boundary'], ['arn:edge'])).toEqual([
            { relation: 'boundary', target: 'arn:edge', count: 1 },
          ])
        })
      })

      it('a trust outlives the principal that it names, not its role', async () => {
        await populate()
        const trusts = () => subject.store.read((rows) => rows.resolvedLinks(['AROA-deploy'], 'trust'))
        expect((await trusts()).map(({ label, to }) => [label, to])).toEqual([
          ['AIDA-alice', { kind: 'user', path: '/', name: 'alice' }],
          ['arn:alice', { kind: 'user', path: '/', name: 'alice' }],
          ['arn:deploy', { kind: 'role', path: '/', name: 'deploy' }],
        ])
        await write(async (rows) => {
          await rows.delete('AIDA-alice')
          await rows.insert(user('alice', { id: 'AIDA-other' }))
        })
        expect((await trusts())[1]).toEqual({
          ...link('AROA-deploy', 'AIDA-alice', 'arn:alice'),
          to: null,
        })
        await write((rows) => rows.delete('AROA-deploy'))
        expect(await trusts()).toEqual([])
      })

      it('has an owner', async () => {
        await populate()
        await expect(write((rows) => rows.putLink('policy', link('AIDA-nobody', 'arn:a')))).rejects.toThrow()
        await expect(
          write((rows) => rows.putLink('group', link('AIDA-alice', 'AGPA-nothing'))),
        ).rejects.toThrow()
        await expect(
          write((rows) => rows.putDocument('version', { ...version(1), ownerId: 'ANPA-none' })),
        ).rejects.toThrow()
        await expect(
          write((rows) => rows.putTags([{ ownerId: 'AIDA-nobody', key: 'a', value: '' }])),
        ).rejects.toThrow()
      })
    })
  })
}
