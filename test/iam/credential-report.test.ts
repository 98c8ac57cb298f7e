import { expect, it } from 'vitest'
import { totpCode } from '../../src/credentials/totp.ts'
import { credentialRows } from '../../src/intake/gaad/credential-rows.ts'
import { Secret } from '../../src/model/secret.ts'
import { parseCredentialReport } from '../../src/reconcile/credential-report.ts'
import { madeCertificate } from '../kinds/made-certificates.ts'
import { openAccount } from './account.ts'

/** A code is of 30 seconds. */
const STEP = Math.floor(Date.UTC(2026, 0, 1) / 30_000)

// IAM User Guide, "Getting credential reports for your AWS account"
it('a credential report says of each user which keys, certificates and devices they have', async () => {
  const { iam, close } = await openAccount()
  const shown = async () => {
    const { Content } = await iam.read('GetCredentialReport', {})
    const [root, ...users] = parseCredentialReport(new TextDecoder().decode(Content))
    expect(root?.get('user')).toBe('<root_account>')
    return users.map((row) =>
      [
        'user',
        'mfa_active',
        'access_key_1_active',
        'access_key_1_last_used_date',
        'access_key_2_active',
        'access_key_2_last_rotated',
        'cert_1_active',
        'cert_2_active',
      ].map((column) => row.get(column)),
    )
  }
  for (const UserName of ['ada', 'ben']) await iam.write('CreateUser', { UserName })
  const UserName = 'ada'
  const first = await iam.write('CreateAccessKey', { UserName })
  const second = await iam.write('CreateAccessKey', { UserName })
  await iam.write('UpdateAccessKey', {
    UserName,
    AccessKeyId: first.AccessKey?.AccessKeyId,
    Status: 'Inactive',
  })
  await iam.write('UploadSigningCertificate', {
    UserName,
    CertificateBody: madeCertificate({ subject: 'ada' }).pem,
  })
  const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)
  const SerialNumber = VirtualMFADevice?.SerialNumber
  const made = second.AccessKey?.CreateDate?.toISOString().replace('.000Z', '+00:00')
  const without = ['ben', 'false', 'false', 'N/A', 'false', 'N/A', 'false', 'false']
  // One that is nobody's yet counts for nobody.
  expect(await shown()).toEqual([['ada', 'false', 'false', 'N/A', 'true', made, 'true', 'false'], without])
  await iam.write('EnableMFADevice', {
    UserName,
    SerialNumber,
    AuthenticationCode1: totpCode(seed, STEP),
    AuthenticationCode2: totpCode(seed, STEP + 1),
  })
  expect(await shown()).toEqual([['ada', 'true', 'false', 'N/A', 'true', made, 'true', 'false'], without])
  await iam.write('DeactivateMFADevice', { UserName, SerialNumber })
  expect((await shown())[0]?.[1]).toBe('false')
  await close()
})

it('the root user stands first, as AWS has them, and the report is one that can be read beside an export', async () => {
  const { iam, close } = await openAccount()
  await iam.write('CreateUser', { UserName: 'ada', Path: '/a,b/' })
  await iam.write('CreateUser', { UserName: 'ben', Path: '/a",""b/' })
  await iam.write('CreateLoginProfile', { UserName: 'ben', Password: new Secret('Long-enough-1') })
  const { Content = new Uint8Array() } = await iam.read('GetCredentialReport', {})
  const [root, , ben] = parseCredentialReport(new TextDecoder().decode(Content))
  const columns = [
    'user',
    'arn',
    'password_enabled',
    'password_last_changed',
    'password_next_rotation',
    'mfa_active',
    'access_key_1_active',
    'access_key_1_last_rotated',
    'cert_2_active',
  ]
  expect(columns.map((column) => root?.get(column))).toEqual([
    '<root_account>',
    'arn:aws:iam::111122223333:root',
    'not_supported',
    'not_supported',
    'not_supported',
    'false',
    'false',
    'N/A',
    'false',
  ])
  const nobody = { hasMfa: false, activeKeys: 0, inactiveKeys: 0 }
  expect(credentialRows('report.csv', Content)).toEqual([
    // Nothing says that the root user has no password.
    { arn: 'arn:aws:iam::111122223333:root', hasPassword: true, ...nobody },
    { arn: 'arn:aws:iam::111122223333:user/a,b/ada', hasPassword: false, ...nobody },
    { arn: 'arn:aws:iam::111122223333:user/a",""b/ben', hasPassword: true, ...nobody },
  ])
  expect(ben?.get('password_enabled')).toBe('true')
  await close()
})
