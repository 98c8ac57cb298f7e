import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { applyAccount } from '../../src/reconcile/apply-account.ts'
import { planAccount } from '../../src/reconcile/plan-account.ts'
import { openReadable, openWritable } from '../../src/target/local/open-local-target.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { type Blueprint, desiredOf, TIGHT_QUOTAS } from '../arbitraries/state.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { FACTS, intentOf } from '../reconcile/world.ts'
import { ENTRY } from './journal-entry.ts'
import { mountedDisk } from './mounted-disk.ts'

const disk = mountedDisk(2)
afterAll(() => disk?.unmount())

const document = (index: number) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow' as const,
      Action: 's3:GetObject',
      Resource: Array.from({ length: 90 }, (_, at) => `arn:aws:s3:::some-bucket-${index}/folder-${at}/*`),
    },
  ],
})
/** More than the disk has room for. */
const LARGE: Blueprint = {
  policies: Object.fromEntries(
    Array.from({ length: 700 }, (_, index) => [`policy-${index}`, { path: '/', document: document(index) }]),
  ),
  groups: {},
  roles: {},
  users: {},
}

describe.skipIf(disk === null)('an apply on a disk that gets full (needs the right to mount one)', () => {
  it('ends with the step under way, reports it, says so in history, and goes on once there is room', async () => {
    const database = join(disk?.folder ?? '', 'a.db')
    const parts = {
      database,
      account: ACCOUNT,
      facts: FACTS,
      clock: () => Date.UTC(2026, 0, 1),
      randomBytes: fixedBytes,
    }
    const intent = intentOf(desiredOf(LARGE))
    const target = await openWritable({ ...parts, quotas: { ...TIGHT_QUOTAS } })
    const outcome = await applyAccount(
      {
        intent,
        target,
        consented: (await planAccount(intent, target)).plan,
        entry: { id: 'full', commit: null, dirty: null, actor: 'alice@laptop' },
        process: { pid: process.pid, host: hostname() },
        lockTimeout: 0,
      },
      {
        signal: new AbortController().signal,
        clock: () => Date.UTC(2026, 0, 1),
        random: () => 0,
        sleep: async () => {},
      },
    )
    expect(outcome).toMatchObject({ type: 'applied', outcome: 'partial', summary: { failed: 1 } })
    if (outcome.type !== 'applied') return
    expect(outcome.results.find(({ status }) => status === 'failed')?.error?.code).toBe('store.disk-full')
    await target.close()

    const reader = await openReadable(parts)
    expect(await reader.journal.history()).toMatchObject([
      { outcome: 'partial', reason: 'store.disk-full', summary: outcome.summary },
    ])
    expect(await reader.journal.holder()).toBeNull()
    const { Policies } = await reader.iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
    expect(Policies?.length).toBe(outcome.summary.done)
    await reader.close()
    expect(readdirSync(disk?.folder ?? '')).not.toContain('a.db-reserve')

    disk?.resize(12)
    const again = await openWritable({ ...parts, quotas: { ...TIGHT_QUOTAS } })
    expect((await planAccount(intent, again)).plan.steps).toHaveLength(700 - outcome.summary.done)
    await again.close()
  })

  it('that has no room to say how it will end is refused before its first step', async () => {
    disk?.resize(12)
    const database = join(disk?.folder ?? '', 'b.db')
    const target = await openWritable({
      database,
      account: ACCOUNT,
      facts: FACTS,
      clock: () => Date.UTC(2026, 0, 1),
      randomBytes: fixedBytes,
    })
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk?.folder ?? '', 'filler')}`, 'bs=4096'])
    const begun = target.journal.begin(ENTRY)
    const error = await begun.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error instanceof DiagnosticError && error.diagnostics[0]?.code).toBe('store.disk-full')
    expect(await target.journal.history()).toEqual([])
    await target.close()
  })
})
