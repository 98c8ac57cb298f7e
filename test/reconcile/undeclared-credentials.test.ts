// Credentials of declared users that nobody declares: told, ignored for a while, and found with few calls.
import { describe, expect, it } from 'vitest'
import { totpCode } from '../../src/credentials/totp.ts'
import {
  type Intent,
  isReadFor,
  planAccount,
  planInput,
  planRead,
  readTarget,
} from '../../src/reconcile/plan-account.ts'
import type { IamReader } from '../../src/target/ports.ts'
import { CERTIFICATES } from '../kinds/certificates.ts'
import { intentOf, withListed } from '../kinds/listed.ts'
import { SSH_KEYS } from '../kinds/ssh-keys.ts'
import type { ToyWorld } from '../kinds/toy/world.ts'

const NO_JOURNAL = { declared: async () => ({}), facts: async () => null }
const AT = Date.UTC(2026, 5, 1)
const declaring = (users: Readonly<Record<string, object>>): Intent => ({
  ...intentOf({ users }, 'declared'),
  at: AT,
})
const planOf = (iam: IamReader, users: Readonly<Record<string, object>>) =>
  planAccount(declaring(users), { iam, journal: NO_JOURNAL })

/** A code is of 30 seconds. */
const STEP = Math.floor(Date.UTC(2026, 0, 1) / 30_000)

/** One of each kind, made by hand. @returns their ids */
async function makeOfEach({ iam }: ToyWorld, UserName: string, which = 0): Promise<readonly string[]> {
  const key = await iam.write('CreateAccessKey', { UserName })
  await iam.write('UpdateAccessKey', {
    UserName,
    AccessKeyId: key.AccessKey?.AccessKeyId,
    Status: 'Inactive',
  })
  const ssh = await iam.write('UploadSSHPublicKey', { UserName, SSHPublicKeyBody: SSH_KEYS[which] })
  const certificate = await iam.write('UploadSigningCertificate', {
    UserName,
    CertificateBody: CERTIFICATES[which],
  })
  const credential = await iam.write('CreateServiceSpecificCredential', {
    UserName,
    ServiceName: 'codecommit.amazonaws.com',
  })
  const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: UserName })
  const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)
  await iam.write('EnableMFADevice', {
    UserName,
    SerialNumber: VirtualMFADevice?.SerialNumber,
    AuthenticationCode1: totpCode(seed, STEP),
    AuthenticationCode2: totpCode(seed, STEP + 1),
  })
  return [
    key.AccessKey?.AccessKeyId,
    ssh.SSHPublicKey?.SSHPublicKeyId,
    certificate.Certificate?.CertificateId,
    credential.ServiceSpecificCredential?.ServiceSpecificCredentialId,
    VirtualMFADevice?.SerialNumber,
  ].map(String)
}

describe('credentials that nobody declares', () => {
  it('are told of each who is declared, whatever their kind, by the id that AWS gave', () =>
    withListed(async (world) => {
      for (const UserName of ['alice', 'bob', 'carol']) await world.iam.write('CreateUser', { UserName })
      const ids = await makeOfEach(world, 'alice')
      await makeOfEach(world, 'carol', 1)
      const { plan } = await planOf(world.iam, { alice: {}, bob: {} })
      const told = plan.unmanaged.filter(({ kind }) => kind !== 'user')
      expect(told.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
        [
          ['accessKey', 0],
          ['sshPublicKey', 1],
          ['signingCertificate', 2],
          ['serviceSpecificCredential', 3],
          ['mfaDevice', 4],
        ].map(([kind, at]) => `${kind} alice/${ids[Number(at)]}`),
      )
      expect(told[0]).toMatchObject({
        arn: 'arn:aws:iam::111122223333:user/alice',
        why: 'is not declared: `accessKeys` of `user/alice` is not managed here',
      })
      // A device is what is asked for.
      const asked = await planOf(world.iam, { alice: { mfa: 'required' } })
      expect(asked.plan.unmanaged.map(({ kind }) => kind)).not.toContain('mfaDevice')
    }))

  it('may be ignored for a while by their id: another one that comes is told', () =>
    withListed(async (world) => {
      await world.iam.write('CreateUser', { UserName: 'alice' })
      const [id = ''] = await makeOfEach(world, 'alice')
      const ignore = [{ credential: `accessKeys/${id}`, reason: 'until the move', until: '2026-06-30' }]
      const { plan, diagnostics } = await planOf(world.iam, { alice: { ignore } })
      expect([plan.ignored, diagnostics]).toMatchObject([
        [{ kind: 'accessKey', name: `alice/${id}`, reason: 'until the move', until: '2026-06-30' }],
        [],
      ])
      expect(plan.unmanaged.filter(({ kind }) => kind === 'accessKey')).toEqual([])
      await world.iam.write('CreateAccessKey', { UserName: 'alice' })
      const more = await planOf(world.iam, { alice: { ignore } })
      expect(more.plan.unmanaged.filter(({ kind }) => kind === 'accessKey')).toHaveLength(1)
      await world.iam.write('DeleteAccessKey', { UserName: 'alice', AccessKeyId: id })
      const gone = await planOf(world.iam, { alice: { ignore } })
      expect(gone.diagnostics.map(({ code }) => code)).toEqual(['plan.ignore-without-match'])
    }))

  it('are looked for again when somebody else is declared; who declares them has them read whole', () =>
    withListed(async (world) => {
      for (const UserName of ['alice', 'bob']) await world.iam.write('CreateUser', { UserName })
      await makeOfEach(world, 'bob')
      const first = declaring({ alice: {} })
      const target = { iam: world.iam, journal: NO_JOURNAL }
      const read = await readTarget(target, first.desired, first.observeKinds, first)
      expect(isReadFor(first, read)).toBe(true)
      const both = declaring({ alice: {}, bob: {} })
      expect(isReadFor(both, read)).toBe(false)
      const again = await readTarget(target, both.desired, both.observeKinds, both)
      expect(isReadFor(both, again)).toBe(true)
      expect(isReadFor(first, again)).toBe(true)
      // What shows of bob's keys doesn't say when they were last used.
      const keys = declaring({ alice: {}, bob: { accessKeys: {} } })
      expect(isReadFor(keys, again)).toBe(false)
      expect(planRead(both, planInput(both, again), again).plan.unmanaged).toHaveLength(5)
    }))
})

describe('an account of 5,000 users', () => {
  const USERS = 5000
  const nameOf = (index: number) => `user-${index}`
  const names = Array.from({ length: USERS }, (_, index) => nameOf(index))
  const COLUMNS =
    'user,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated,cert_1_active,cert_1_last_rotated'
  const rowOf = (name: string, index: number) =>
    [
      name,
      index < 40,
      index === 7,
      index === 7 || index === 8 ? '2025-01-01T00:00:00+00:00' : 'N/A',
      false,
      'N/A',
      index === 9,
      'N/A',
    ].join(',')
  const report = [
    COLUMNS,
    '<root_account>,true,true,2025-01-01T00:00:00+00:00,false,N/A,false,N/A',
    ...names.map(rowOf),
  ]

  const answers: Readonly<Record<string, (input: object) => object>> = {
    GetAccountAuthorizationDetails: () => ({
      UserDetailList: names.map((UserName) => ({
        UserName,
        Path: '/',
        Arn: `arn:aws:iam::111122223333:user/${UserName}`,
      })),
    }),
    ListToys: () => ({ Toys: [] }),
    GenerateCredentialReport: () => ({ State: 'COMPLETE' }),
    GetCredentialReport: () => ({ Content: new TextEncoder().encode(report.join('\n')) }),
    ListVirtualMFADevices: () => ({
      VirtualMFADevices: names
        .slice(0, 39)
        .map((UserName) => ({ SerialNumber: `mfa/${UserName}`, User: { UserName } })),
    }),
    ListServiceSpecificCredentials: () => ({
      ServiceSpecificCredentials: [
        {
          UserName: nameOf(3),
          ServiceName: 'bedrock.amazonaws.com',
          ServiceSpecificCredentialId: 'ACCA3',
          Status: 'Active',
          CreateDate: new Date(AT),
        },
      ],
    }),
    ListAccessKeys: () => ({ AccessKeyMetadata: [{ AccessKeyId: 'AKIA', Status: 'Inactive' }] }),
    ListSigningCertificates: () => ({
      Certificates: [{ CertificateId: 'CERT', CertificateBody: 'none', Status: 'Active' }],
    }),
    ListMFADevices: () => ({ MFADevices: [{ SerialNumber: 'a key of steel' }] }),
  }

  it('takes one report, a listing of each kind, and a call only for those who have something', async () => {
    const calls = new Map<string, number>()
    const iam = {
      read: async (operation: string, input: object) => {
        calls.set(operation, (calls.get(operation) ?? 0) + 1)
        return answers[operation]?.(input) ?? {}
      },
    } as unknown as IamReader
    const { plan, diagnostics } = await planOf(iam, Object.fromEntries(names.map((name) => [name, {}])))
    const count = (kind: string) => plan.unmanaged.filter((each) => each.kind === kind).length
    expect(
      ['accessKey', 'signingCertificate', 'serviceSpecificCredential', 'mfaDevice', 'sshPublicKey'].map(
        count,
      ),
    ).toEqual([2, 1, 1, 40, 0])
    expect(Object.fromEntries([...calls].filter(([operation]) => Object.hasOwn(answers, operation)))).toEqual(
      {
        GetAccountAuthorizationDetails: 1,
        ListToys: 1,
        GenerateCredentialReport: 1,
        GetCredentialReport: 1,
        ListVirtualMFADevices: 1,
        ListServiceSpecificCredentials: 1,
        ListAccessKeys: 2,
        ListSigningCertificates: 1,
        ListMFADevices: 1,
      },
    )
    // What AWS lists of one user at a time is asked of so many, and of the others it is said that it wasn't.
    expect(calls.get('ListSSHPublicKeys')).toBe(200)
    expect(diagnostics.map(({ severity, code, message }) => [severity, code, message])).toEqual([
      [
        'info',
        'plan.credentials-not-read',
        "SSH public keys of 4800 users weren't looked for: AWS lists them of one user at a time",
      ],
    ])
    expect([...calls.values()].reduce((sum, each) => sum + each, 0)).toBeLessThan(230)
  })
})
