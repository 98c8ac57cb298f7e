import { expect, test } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import type { Target } from '../../src/manifest/desired.ts'
import { DECLARED_TARGETS } from '../../src/manifest/project/declared-targets.ts'
import { kindOf } from '../../src/target/kinds.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT } from '../iam/account.ts'
import { temporaryFolder } from '../source/folders.ts'

/** One of each kind. */
const TARGETS: { readonly [K in Target['kind']]: Target } = {
  local: { kind: 'local', database: 'state/a.db', quotas: {} },
}

test('there is one here of each kind that the project file may name', () => {
  expect(Object.keys(TARGETS)).toEqual(Object.keys(DECLARED_TARGETS))
})

test.each(Object.values(TARGETS))(
  'a target of kind $kind is opened, changed, and noticed to have changed, by its entry alone',
  async (target) => {
    const place = {
      folder: temporaryFolder(),
      facts: await loadManagedPolicies(),
      project: { accounts: [] },
    }
    const kind = kindOf(target)
    const account = { account: ACCOUNT, target }
    const version = kind.version(target, place.folder)
    const before = version.current()
    expect(version.current()).toBe(before)

    const writable = await kind.openWritable(account, place, {
      masterKey: null,
      clock: () => Date.UTC(2026, 0, 1),
      randomBytes: fixedBytes,
    })
    await writable.iam.write('CreateUser', { UserName: 'ada' })
    await writable.close()
    expect(version.current()).not.toBe(before)
    version.close()

    const readable = await kind.openReadable(account, place)
    expect((await readable.iam.read('GetUser', { UserName: 'ada' })).User?.UserName).toBe('ada')
    expect(readable.iam).not.toHaveProperty('write')
    await readable.close()
  },
)
