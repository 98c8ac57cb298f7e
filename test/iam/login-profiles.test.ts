import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { parseCredentialReport } from '../../src/reconcile/credential-report.ts'
import { openAccount, refusal } from './account.ts'

const GOOD = 'Correct-horse-7'
const OTHER = 'Battery-staple-8'
const secret = (text: string) => new Secret(text)

describe('a login profile', () => {
  let account: Awaited<ReturnType<typeof openAccount>>
  const write = (...[operation, input, caller]: Parameters<typeof account.iam.write>) =>
    account.iam.write(operation, input, caller)
  const create = (password: string, passwordResetRequired?: boolean) =>
    write('CreateLoginProfile', {
      UserName: 'alice',
      Password: secret(password),
      ...(passwordResetRequired === undefined ? {} : { PasswordResetRequired: passwordResetRequired }),
    })
  const change = (old: string, next: string, caller: string | undefined = 'alice') =>
    write('ChangePassword', { OldPassword: secret(old), NewPassword: secret(next) }, caller)
  const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code

  beforeEach(async () => {
    account = await openAccount()
    await write('CreateUser', { UserName: 'alice' })
  })
  afterEach(() => account.close())

  it('is there once it was made, and not twice', async () => {
    const read = () => account.iam.read('GetLoginProfile', { UserName: 'alice' })
    const missing = await refusal(read())
    expect([missing.code, missing.message]).toEqual([
      'NoSuchEntity',
      'Login Profile for User alice cannot be found.',
    ])
    await create(GOOD, true)
    expect((await read()).LoginProfile).toMatchObject({ UserName: 'alice', PasswordResetRequired: true })
    expect(await codeOf(create(OTHER))).toBe('EntityAlreadyExists')
    await write('DeleteLoginProfile', { UserName: 'alice' })
    expect(await codeOf(read())).toBe('NoSuchEntity')
    expect(await codeOf(write('DeleteLoginProfile', { UserName: 'alice' }))).toBe('NoSuchEntity')
    expect(await codeOf(write('UpdateLoginProfile', { UserName: 'alice' }))).toBe('NoSuchEntity')
  })

  it('stands in the way of deleting its user, and goes with a new name', async () => {
    await create(GOOD)
    expect((await refusal(write('DeleteUser', { UserName: 'alice' }))).message).toBe(
      'Cannot delete entity, must delete login profile first.',
    )
    await write('UpdateUser', { UserName: 'alice', NewUserName: 'ada' })
    expect((await account.iam.read('GetLoginProfile', { UserName: 'ada' })).LoginProfile?.UserName).toBe(
      'ada',
    )
  })

  // IAM User Guide, "Setting an account password policy": the default policy, and what a custom one asks for.
  it.each([
    ['Short-1', false],
    ['longer-than-eight', false],
    ['longer-than-8', true],
    ['LongerThan8', true],
    ['x'.repeat(128), false],
    [`${'x'.repeat(126)}A1`, true],
    [`${'x'.repeat(127)}A1`, false],
    ['Euro-€-123', false],
    ['', false],
  ])('without a password policy: %s', async (password, isAllowed) => {
    const outcome = await create(password).then(
      () => true,
      () => false,
    )
    expect(outcome).toBe(isAllowed)
  })

  it.each([
    [{ MinimumPasswordLength: 20 }, 'minimum length of 20'],
    [{ RequireSymbols: true }, 'one symbol'],
    [{ RequireNumbers: true }, 'one number'],
    [{ RequireUppercaseCharacters: true }, 'one uppercase letter'],
    [{ RequireLowercaseCharacters: true, MinimumPasswordLength: 6 }, null],
  ])('by a password policy of %j', async (policy, told) => {
    await write('UpdateAccountPasswordPolicy', policy)
    if (told === null) await create('simple')
    else {
      const refused = await refusal(create('simplesimple'))
      expect([refused.code, refused.message]).toEqual([
        'PasswordPolicyViolation',
        expect.stringContaining(told),
      ])
      expect(refused.message).not.toContain('simplesimple')
    }
  })

  it('is changed by its user, who knows the old one, and has done what was asked', async () => {
    await create(GOOD, true)
    expect(await codeOf(change('Wrong-one-1', OTHER))).toBe('AccessDenied')
    await change(GOOD, OTHER)
    expect((await account.iam.read('GetLoginProfile', { UserName: 'alice' })).LoginProfile).toMatchObject({
      PasswordResetRequired: false,
    })
    expect(await codeOf(change(GOOD, OTHER))).toBe('AccessDenied')
    const nobody = write('ChangePassword', { OldPassword: secret(OTHER), NewPassword: secret(GOOD) })
    expect(await codeOf(nobody)).toBe('InvalidUserType')
  })

  it('takes none of the last ones that the password policy remembers', async () => {
    await write('UpdateAccountPasswordPolicy', { PasswordReusePrevention: 2 })
    await create(GOOD)
    expect(await codeOf(change(GOOD, GOOD))).toBe('PasswordPolicyViolation')
    await change(GOOD, OTHER)
    expect(await codeOf(change(OTHER, GOOD))).toBe('PasswordPolicyViolation')
    expect(await codeOf(write('UpdateLoginProfile', { UserName: 'alice', Password: secret(GOOD) }))).toBe(
      'PasswordPolicyViolation',
    )
    await change(OTHER, 'Third-one-of-3')
    await change('Third-one-of-3', GOOD)
  })

  it('is reported with when it was chosen, and when another one is due', async () => {
    await write('CreateUser', { UserName: 'bob,b' })
    await write('UpdateAccountPasswordPolicy', { MaxPasswordAge: 90 })
    await create(GOOD)
    const { Content } = await account.iam.read('GetCredentialReport', {})
    const rows = parseCredentialReport(new TextDecoder().decode(Content))
    const shown = rows.map((row) =>
      [
        'user',
        'password_enabled',
        'password_last_changed',
        'password_next_rotation',
        'cert_2_last_rotated',
      ].map((column) => row.get(column)),
    )
    expect(shown).toEqual([
      ['<root_account>', 'not_supported', 'not_supported', 'not_supported', 'N/A'],
      ['alice', 'true', '2026-01-01T00:00:06+00:00', '2026-04-01T00:00:06+00:00', 'N/A'],
      ['bob,b', 'false', 'N/A', 'N/A', 'N/A'],
    ])
  })

  it('is kept salted and hashed: the same password twice is not the same in the store', async () => {
    await write('CreateUser', { UserName: 'bob' })
    await create(GOOD)
    await write('CreateLoginProfile', { UserName: 'bob', Password: secret(GOOD) })
    const kept = await account.store.read((rows) =>
      Promise.all(
        ['alice', 'bob'].map(async (name) => (await rows.entity('user', name))?.body.password?.hash),
      ),
    )
    expect(kept).toEqual([expect.stringMatching(/^scrypt:1:/), expect.stringMatching(/^scrypt:1:/)])
    expect(kept[0]).not.toBe(kept[1])
    expect(JSON.stringify(kept)).not.toContain(GOOD)
  })
})
