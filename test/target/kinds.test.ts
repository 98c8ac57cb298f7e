import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import type { Target } from '../../src/manifest/desired.ts'
import { DECLARED_TARGETS } from '../../src/manifest/project/declared-targets.ts'
import { kindOf } from '../../src/target/kinds.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT } from '../iam/account.ts'
import { type Served, served } from '../server/http/served.ts'
import { temporaryFolder } from '../source/folders.ts'

let server: Served
beforeAll(async () => {
  server = await served({}, ACCOUNT)
})
afterAll(() => server.stop())

/** One of each kind. */
const TARGETS: { readonly [K in Target['kind']]: () => Target } = {
  local: () => ({ kind: 'local', database: 'state/a.db', quotas: {} }),
  aws: () => ({ kind: 'aws', endpoint: server.endpoint, region: 'us-east-1', quotas: {} }),
}

test('there is one here of each kind that the project file may name', () => {
  expect(Object.keys(TARGETS)).toEqual(Object.keys(DECLARED_TARGETS))
})

test.each(Object.entries(TARGETS))(
  'a target of kind %s is opened, changed, and noticed to have changed, by its entry alone',
  async (_, targetOf) => {
    const target = targetOf()
    const environment = {
      AWS_ACCESS_KEY_ID: server.root.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.root.secretAccessKey,
      AWS_SESSION_TOKEN: null,
    }
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
      environment,
      masterKey: null,
      clock: () => Date.UTC(2026, 0, 1),
      randomBytes: fixedBytes,
    })
    await writable.iam.write('CreateUser', { UserName: 'ada' })
    await writable.close()
    // null: it can't be told, so it is always read.
    if (before !== null) expect(version.current()).not.toBe(before)
    version.close()

    const readable = await kind.openReadable(account, place, { environment })
    expect((await readable.iam.read('GetUser', { UserName: 'ada' })).User?.UserName).toBe('ada')
    expect(readable.iam).not.toHaveProperty('write')
    await readable.close()
  },
)
