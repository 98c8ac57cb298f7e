import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stepOfCodes, TOTP_STEP, totpCode } from '../../src/credentials/totp.ts'
import { openIam } from '../../src/iam/embedded-iam.ts'
import { SEALING_KEY_BYTES, sealerOf } from '../../src/iam/sealing.ts'
import type { WritableStore } from '../../src/iam/store-port.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { planChanges } from '../../src/plan/plan-changes.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES, openAccount } from '../iam/account.ts'
import { load } from '../manifest/sample.ts'
import { openWritable } from '../store/open-sqlite.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { converge, intentOf, planIn, withListed } from './listed.ts'

/** `12345678901234567890`, the seed of the examples. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('codes of a device', () => {
  // The last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238, appendix B, at %i s', (seconds, code) => {
    expect(totpCode(SEED, Math.floor(seconds / TOTP_STEP))).toBe(code)
  })

  it('are those of oathtool, where there is one', ({ skip }) => {
    const seconds = 1_700_000_000
    let told = ''
    try {
      const now = `@${seconds}`
      told = execFileSync('oathtool', ['--totp', '--base32', '--now', now, SEED], { encoding: 'utf8' })
    } catch {
      skip('oathtool is not installed')
    }
    expect(told.trim()).toBe(totpCode(SEED, Math.floor(seconds / TOTP_STEP)))
  })

  it('say which step they are of, within what a clock may be off', () => {
    const codes = (step: number) => [totpCode(SEED, step), totpCode(SEED, step + 1)] as const
    expect(stepOfCodes(SEED, codes(1000), 1000, 2)).toBe(1000)
    expect(stepOfCodes(SEED, codes(998), 1000, 2)).toBe(998)
    expect(stepOfCodes(SEED, codes(997), 1000, 2)).toBeNull()
    expect(stepOfCodes(SEED, [totpCode(SEED, 1000), totpCode(SEED, 1002)], 1000, 5)).toBeNull()
  })
})

async function withAccount(use: (iam: Awaited<ReturnType<typeof openAccount>>['iam']) => Promise<void>) {
  const { iam, close } = await openAccount()
  for (const UserName of ['ada', 'bob']) await iam.write('CreateUser', { UserName })
  await use(iam)
  await close()
}

/** The step that the clock of `openAccount` is at, at every call of a test. */
const NOW = Math.floor(Date.UTC(2026, 0, 1) / 1000 / TOTP_STEP)

const codesAt = (seed: string, step: number) => ({
  AuthenticationCode1: totpCode(seed, step),
  AuthenticationCode2: totpCode(seed, step + 1),
})

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: { code: unknown }) => error.code,
  )

type Iam = Pick<Awaited<ReturnType<typeof openAccount>>['iam'], 'write'>

async function device(iam: Iam, VirtualMFADeviceName: string, more: object = {}) {
  const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName, ...more })
  const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)
  return { SerialNumber: VirtualMFADevice?.SerialNumber ?? '', seed }
}

describe('the embedded IAM', () => {
  it('makes a device, gives it to a user by two codes, and takes it back', () =>
    withAccount(async (iam) => {
      const { SerialNumber, seed } = await device(iam, 'phone', {
        Path: '/x/',
        Tags: [{ Key: 'a', Value: 'b' }],
      })
      expect(SerialNumber).toBe('arn:aws:iam::111122223333:mfa/x/phone')
      expect(seed).toMatch(/^[A-Z2-7]{64}$/)
      const listed = async (AssignmentStatus: 'Any' | 'Assigned' | 'Unassigned') =>
        (await iam.read('ListVirtualMFADevices', { AssignmentStatus })).VirtualMFADevices
      expect(await listed('Unassigned')).toEqual([{ SerialNumber }])
      const enable = (UserName: string, step: number) =>
        codeOf(iam.write('EnableMFADevice', { UserName, SerialNumber, ...codesAt(seed, step) }))
      expect(await enable('ada', NOW - 10)).toBe('InvalidAuthenticationCode')
      const AuthenticationCode = totpCode(seed, NOW)
      const same = { AuthenticationCode1: AuthenticationCode, AuthenticationCode2: AuthenticationCode }
      expect(await codeOf(iam.write('EnableMFADevice', { UserName: 'ada', SerialNumber, ...same }))).toBe(
        'InvalidAuthenticationCode',
      )
      expect(await enable('nobody', NOW)).toBe('NoSuchEntity')
      expect(await enable('ada', NOW)).toBe('done')
      expect(await enable('bob', NOW)).toBe('EntityAlreadyExists')
      expect((await iam.read('ListMFADevices', { UserName: 'ada' })).MFADevices).toEqual([
        { UserName: 'ada', SerialNumber, EnableDate: expect.any(Date) },
      ])
      expect(await listed('Assigned')).toMatchObject([{ SerialNumber, User: { UserName: 'ada' } }])
      expect(await iam.read('GetMFADevice', { SerialNumber })).toMatchObject({ UserName: 'ada' })
      expect((await iam.read('ListMFADeviceTags', { SerialNumber })).Tags).toEqual([{ Key: 'a', Value: 'b' }])
      expect(await codeOf(iam.write('DeleteVirtualMFADevice', { SerialNumber }))).toBe('DeleteConflict')
      await expect(iam.write('DeleteUser', { UserName: 'ada' })).rejects.toMatchObject({
        code: 'DeleteConflict',
        message: 'Cannot delete entity, must delete MFA device first.',
      })
      expect(await codeOf(iam.write('DeactivateMFADevice', { UserName: 'bob', SerialNumber }))).toBe(
        'NoSuchEntity',
      )
      await iam.write('DeactivateMFADevice', { UserName: 'ada', SerialNumber })
      expect(await listed('Unassigned')).toEqual([{ SerialNumber }])
      expect(await enable('bob', NOW)).toBe('done')
      await iam.write('DeactivateMFADevice', { UserName: 'bob', SerialNumber })
      await iam.write('DeleteVirtualMFADevice', { SerialNumber })
      expect(await listed('Any')).toEqual([])
      for (const operation of ['DeleteVirtualMFADevice', 'DeactivateMFADevice'] as const)
        expect(await codeOf(iam.write(operation, { SerialNumber }))).toBe('NoSuchEntity')
    }))

  it('hears the time of a device that is far off, and of nobody else', () =>
    withAccount(async (iam) => {
      const { SerialNumber, seed } = await device(iam, 'phone')
      await iam.write('EnableMFADevice', { UserName: 'ada', SerialNumber, ...codesAt(seed, NOW) })
      const resync = (UserName: string, step: number) =>
        codeOf(iam.write('ResyncMFADevice', { UserName, SerialNumber, ...codesAt(seed, step) }))
      expect(await resync('ada', NOW - 60)).toBe('done')
      expect(await resync('ada', NOW - 6000)).toBe('InvalidAuthenticationCode')
      expect(await resync('bob', NOW)).toBe('NoSuchEntity')
    }))

  it('refuses names that are taken, whatever their case, codes that are none, and a ninth device', () =>
    withAccount(async (iam) => {
      const { SerialNumber } = await device(iam, 'phone')
      expect(await codeOf(device(iam, 'PHONE', { Path: '/y/' }))).toBe('EntityAlreadyExists')
      expect(await codeOf(device(iam, 'a b'))).toBe('ValidationError')
      const codes = { AuthenticationCode1: '12345', AuthenticationCode2: '123456' }
      expect(await codeOf(iam.write('EnableMFADevice', { UserName: 'ada', SerialNumber, ...codes }))).toBe(
        'ValidationError',
      )
      for (let index = 0; index < 9; index++) {
        const each = await device(iam, `device-${index}`)
        const enabled = iam.write('EnableMFADevice', {
          UserName: 'ada',
          SerialNumber: each.SerialNumber,
          ...codesAt(each.seed, NOW),
        })
        expect(await codeOf(enabled)).toBe(index < 8 ? 'done' : 'LimitExceeded')
      }
    }))

  it('has tags of devices, as of policies: keys that differ in case are two', () =>
    withAccount(async (iam) => {
      const { SerialNumber } = await device(iam, 'phone')
      const tags = ['a', 'A'].map((Key) => ({ Key, Value: 'x' }))
      await iam.write('TagMFADevice', { SerialNumber, Tags: tags })
      await iam.write('UntagMFADevice', { SerialNumber, TagKeys: ['A'] })
      expect((await iam.read('ListMFADeviceTags', { SerialNumber })).Tags).toEqual([{ Key: 'a', Value: 'x' }])
    }))
})

describe('mfa: required', () => {
  const required = intentOf({ users: { ada: { mfa: 'required' }, bob: {} } })

  it('says who has none, whenever a plan is made, and is no change', () =>
    withListed(async (world) => {
      const told = async () => {
        const { plan, diagnostics } = await planIn(world, required)
        return [
          plan.changes.length,
          ...diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`),
        ]
      }
      const warning = 'warning plan.required-missing `user/ada` has no MFA device, and is to have one'
      expect(await told()).toEqual([2, warning])
      await converge(world, intentOf({ users: { ada: {}, bob: {} } }))
      expect(await told()).toEqual([0, warning])
      const { SerialNumber, seed } = await device(world.iam, 'phone')
      await world.iam.write('EnableMFADevice', { UserName: 'ada', SerialNumber, ...codesAt(seed, NOW) })
      expect(await told()).toEqual([0])
    }))

  it('is one warning, with the place of each, however many have none', () =>
    withListed(async (world) => {
      const users = { ada: { mfa: 'required' }, bob: { mfa: 'required' }, cy: { mfa: 'required' }, dot: {} }
      const [told, ...others] = (await planIn(world, intentOf({ users }))).diagnostics
      expect([told?.message, told?.related.map(({ message }) => message), others]).toEqual([
        '`user/ada` and 2 more have no MFA device, and are to have one',
        ['nor has `user/bob`', 'nor has `user/cy`'],
        [],
      ])
    }))

  it('says it again to a watcher, who plans against one state', () =>
    withListed(async (world) => {
      await converge(world, intentOf({ users: { ada: {}, bob: {} } }))
      const observed = await world.observe()
      const { kinds, settings, desired, scopes, guard, quotas } = required
      const given = { kinds, settings, desired, scopes, guard, quotas, observed, declaredBefore: {} }
      for (const _ of [1, 2]) expect(planChanges(given).diagnostics).toHaveLength(1)
    }))

  it.each(['optional', '5', '[required]', '{ enforce: true }'])(
    '%s is nothing that can be said of it',
    (value) => {
      const { project } = load({ 'main.yaml': `users: { ada: { mfa: ${value} } }\n` })
      expect(project.diagnostics.map(({ code }) => code)).toEqual(['manifest.wrong-type'])
    },
  )
})

describe('a device in a store', () => {
  it.each([
    ['is nobody’s or a user’s', `UPDATE entities SET parent_id = NULL WHERE kind = 'mfaDevice'`, null],
    ['is of no group', `UPDATE entities SET parent_id = 'AGPA' WHERE kind = 'mfaDevice'`, 'makes no sense'],
  ])('%s', async (_, sql, problem) => {
    const file = join(temporaryFolder(), 'a.db')
    const opened = await openWritable({ file, account: ACCOUNT })
    const row = { path: '/', created: 0, parentId: null, body: {} }
    await opened.iam.write(async (rows) => {
      await rows.insert({ ...row, kind: 'user', id: 'AIDA', name: 'ada' })
      await rows.insert({ ...row, kind: 'group', id: 'AGPA', name: 'staff' })
      const body = { seed: SEED, enabled: 1000, drift: 0 }
      await rows.insert({ ...row, kind: 'mfaDevice', id: 'X', name: 'phone', parentId: 'AIDA', body })
    })
    await opened.close()
    const connection = new Connection(file)
    connection.exec(sql)
    connection.close()
    const again = openWritable({ file, account: ACCOUNT }).then(({ close }) => close())
    if (problem === null) await again
    else await expect(again).rejects.toThrow(problem)
  })
})

describe('what codes are made of', () => {
  const sealedBy = (store: WritableStore, byte: number) =>
    openIam({
      account: ACCOUNT,
      kinds: IAM_KINDS,
      store,
      awsPolicies: AWS_POLICIES,
      clock: () => Date.UTC(2026, 0, 1),
      randomBytes: fixedBytes,
      passwordCost: 1,
      sealer: sealerOf(new Uint8Array(SEALING_KEY_BYTES).fill(byte), fixedBytes),
    })

  it('is sealed where there is a master key: with another one no code is taken, and one that was there before is known', async () => {
    const { iam: before, store, close } = await openAccount()
    await before.write('CreateUser', { UserName: 'ada' })
    const device = async (iam: Pick<typeof before, 'write'>, name: string) => {
      const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: name })
      const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)
      return { seed, shown: { UserName: 'ada', SerialNumber: VirtualMFADevice?.SerialNumber } }
    }
    const old = await device(before, 'old')
    const [iam, other] = [sealedBy(store, 1), sealedBy(store, 2)]
    const one = await device(iam, 'one')
    const enabled = (by: typeof iam, { seed, shown }: typeof one) =>
      codeOf(by.write('EnableMFADevice', { ...shown, ...codesAt(seed, NOW) }))
    expect(await enabled(other, one)).toBe('InvalidAuthenticationCode')
    expect(await enabled(iam, one)).toBe('done')
    expect(await enabled(other, old)).toBe('done')
    await close()
  })
})
