import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PROJECT, sandbox, TWO_ACCOUNTS, usersYaml } from './projects.ts'
import { finished, iamSync, jsonOf, start } from './run.ts'

const plan = (folder: string, ...args: string[]) => runHere('plan', folder, ...args)
const apply = (folder: string, ...args: string[]) => runHere('apply', folder, ...args)
const codesOf = (document: { diagnostics: { code: string }[] }) =>
  document.diagnostics.map(({ code }) => code)

describe('apply', () => {
  test('shows the plan, applies, verifies; a second run says that there are no changes', async () => {
    const folder = sandbox()
    const first = await apply(folder, '--yes')
    expect([first.code, first.err]).toEqual([0, ''])
    expect(first.out).toContain('+ user alice  people.yaml:2')
    expect(first.out).toMatch(/\nsandbox: \d+ steps done; verified: a second plan is empty\n$/)
    const second = await apply(folder)
    expect(second).toEqual({ code: 0, out: 'sandbox: no changes; 3 unchanged\n', err: '' })
    const json = jsonOf(await apply(folder, '--json'))
    expect(json.results).toMatchObject([
      { steps: [], summary: { done: 0, failed: 0, skipped: 0 }, verified: true, commit: null, dirty: null },
    ])
  })

  test('without a terminal and without --yes refuses, says how, and writes nothing', async () => {
    const folder = sandbox()
    const piped = await iamSync(['apply', folder], { input: 'y\n' })
    expect(piped.code).toBe(1)
    expect(piped.err).toContain('error[apply.no-consent]')
    expect(piped.err).toContain('--yes')
    expect(codesOf(jsonOf(await apply(folder, '--json')))).toEqual(['apply.no-consent'])
    expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(false)
  })

  test('what has come to be declared without a change is deleted once it is no longer declared', async () => {
    const project = PROJECT.replace('scope: { users: all, groups: all }\n', '').replace(
      'minimumExisting: 4',
      'minimumExisting: 100',
    )
    const folder = sandbox('users: { alice: {}, bob: {} }\n', project)
    await apply(folder, '--yes')
    writeFiles(folder, { 'people.yaml': 'users: { alice: {} }\n' })
    expect(jsonOf(await plan(folder, '--json')).plans[0].summary.delete).toBe(1)
    expect((await apply(folder, '--yes')).code).toBe(0)
    expect((await apply(folder, '--yes')).out).toBe('sandbox: no changes; 1 unchanged\n')
  })

  test('what the guard refuses is done when its digest is agreed to, and only while it is the plan', async () => {
    const folder = sandbox('users: { alice: {}, bob: {} }\n')
    await apply(folder, '--yes')
    writeFiles(folder, {
      'iam-sync.yaml': `${PROJECT}\n`.replace('[user/keeper]', '[user/bob]'),
      'people.yaml': 'users: { alice: {} }\n',
    })
    const refused = await apply(folder, '--yes')
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('exit 3: the guard refused')])
    const { digest } = jsonOf(await plan(folder, '--json')).plans[0]
    const other = await apply(folder, '--yes', '--override-guard', `sha256:${'0'.repeat(64)}`)
    expect([other.code, other.err]).toEqual([5, expect.stringContaining('error[apply.stale]')])
    expect((await apply(folder, '--yes', '--override-guard', 'sha256:1')).err).toContain('cli.invalid-value')
    const done = await apply(folder, '--yes', '--override-guard', digest)
    expect([done.code, done.err]).toEqual([0, ''])
    expect((await apply(folder)).out).toBe('sandbox: no changes; 1 unchanged\n')
  })

  test('accounts in which the same changes are told once, and done each', async () => {
    const people = `users:\n  alice: { inlinePolicies: { own: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] } } }\n`
    const folder = sandbox(people, TWO_ACCOUNTS)
    const { out } = await apply(folder, '--yes')
    expect(out.match(/^\+ user alice/gm)).toHaveLength(1)
    expect(out).toMatch(
      /\nthe same, but for ids and places, of second \(444455556666\), third \(777788889999\)\n\nfirst: /,
    )
    expect(out.match(/: 2 steps done; verified/g)).toHaveLength(3)
    expect((await apply(folder)).out).toBe(
      'first: no changes; 1 unchanged\nsecond: no changes; 1 unchanged\nthird: no changes; 1 unchanged\n',
    )
  })

  test('a lock held by another process is exit 5 and names the holder; --lock-timeout waits for it', async () => {
    const folder = sandbox()
    const target = await openWritable({
      database: join(folder, '.iam-sync/sandbox.db'),
      account: { id: '111122223333', partition: 'aws' },
      facts: await loadManagedPolicies(),
      clock: () => 0,
      randomBytes: (count) => new Uint8Array(count),
    })
    const held = await target.journal.tryLock({
      pid: process.pid,
      host: 'build-7',
      start: '2026-01-01T00:00:00.000Z',
      commit: 'c'.repeat(40),
    })
    if (!('lock' in held)) throw new Error('the lock is not free')
    const refused = await apply(folder, '--yes')
    expect(refused.code).toBe(5)
    expect(refused.err).toContain(
      `error[apply.locked]: the lock is held by another apply (process ${process.pid} on build-7, since 2026-01-01T00:00:00.000Z, of commit cccccccccccc)`,
    )
    const json = await apply(folder, '--yes', '--json')
    expect([json.code, codesOf(jsonOf(json))]).toEqual([5, ['apply.locked']])
    const waiting = start(['apply', folder, '--yes', '--lock-timeout', '60s'])
    const waited = finished(waiting)
    // Until it says so, it may still be on its way to the lock.
    await new Promise<void>((done) => {
      waiting.stderr?.on('data', (text: string) => {
        if (text.includes('waiting for another apply')) done()
      })
      waiting.on('close', () => done())
    })
    await held.lock.release()
    await target.close()
    expect(await waited).toMatchObject({ code: 0, err: expect.stringContaining('waiting for another apply') })
    expect((await apply(folder, '--lock-timeout', 'soon')).err).toContain('error[cli.duration]')
  })

  test('a failure stops before the next account, and the rest are reported as skipped', async () => {
    // A folder that can't be made: reading finds nothing to object to.
    const folder = temporaryFolder({
      'iam-sync.yaml': TWO_ACCOUNTS.replace('.iam-sync/second.db', '/proc/nowhere/second.db'),
      'people.yaml': 'users: { alice: {} }\n',
    })
    const ran = await apply(folder, '--yes', '--json')
    const { results, diagnostics } = jsonOf(ran)
    expect(ran.code).toBe(1)
    expect(
      results.map(({ account, summary }: { account: { name: string }; summary: object }) => [
        account.name,
        summary,
      ]),
    ).toEqual([
      ['first', { done: 1, failed: 0, skipped: 0 }],
      ['second', { done: 0, failed: 0, skipped: 1 }],
      ['third', { done: 0, failed: 0, skipped: 1 }],
    ])
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0].code).not.toBe('internal')
  })

  test('a database that is none, or another account’s, is a coded problem before anything is written', async () => {
    const folder = sandbox()
    writeFiles(folder, {
      '.iam-sync/sandbox.db': 'this is not a database, whatever its name says'.repeat(40),
    })
    for (const command of ['plan', 'apply', 'history']) {
      const ran = await runHere(command, folder, '--json')
      expect([command, ran.code]).toEqual([command, 1])
      expect(codesOf(jsonOf(ran))[0]).toMatch(/^store\./)
    }
    const other = sandbox()
    await apply(other, '--yes')
    writeFiles(other, { 'iam-sync.yaml': PROJECT.replace('111122223333', '999988887777') })
    expect(codesOf(jsonOf(await plan(other, '--json')))).toEqual(['store.other-account'])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s lets the step under way end, reports, and frees the lock; a second run goes on',
    async (signal, code) => {
      const folder = sandbox(usersYaml(4000))
      const child = start(['apply', folder, '--yes', '--json'])
      const ended = finished(child)
      while (!existsSync(join(folder, '.iam-sync/sandbox.db-wal'))) await pause(5)
      await pause(100)
      child.kill(signal)
      const ran = await ended
      expect(ran.code).toBe(code)
      expect(ran.err).toMatch(new RegExp(`\nexit ${code}: stopped by ${signal}.*; sandbox: \\d+ steps done`))
      const { summary, verified } = jsonOf(ran).results[0]
      expect(summary.done).toBeGreaterThan(0)
      expect(summary.skipped).toBeGreaterThan(0)
      expect([summary.done + summary.skipped, summary.failed, verified]).toEqual([4000, 0, false])
      expect(codesOf(jsonOf(ran))).toEqual(['apply.interrupted'])
      const again = jsonOf(await apply(folder, '--yes', '--json'))
      expect(again.results[0]).toMatchObject({ summary: { done: summary.skipped }, verified: true })
      const { entries } = jsonOf(await runHere('history', folder, '--json'))
      expect(entries.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['complete', 'interrupted'])
    },
  )
})
