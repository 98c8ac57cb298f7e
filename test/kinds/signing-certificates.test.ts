import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../src/credentials/signing-certificate.ts'
import { openAccount } from '../iam/account.ts'
import { load } from '../manifest/sample.ts'
import { CERTIFICATES, EXPIRED_CERTIFICATE } from './certificates.ts'
import { converge, intentOf, withListed } from './listed.ts'

const [ONE = '', TWO = '', THREE = ''] = CERTIFICATES

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: { code: unknown }) => error.code,
  )

describe('a signing certificate', () => {
  // What Python's `cryptography` says of it.
  it('has the fingerprint of its bytes, and ends some day', () => {
    expect(readCertificate(`\n${ONE.trim()}`)).toEqual({
      fingerprint:
        'SHA256:18:45:26:48:22:A3:69:3A:A0:D3:37:7B:00:0A:18:99:F6:39:82:5B:4F:28:A9:77:53:11:8F:0B:AA:77:DA:EC',
      end: Date.UTC(2125, 0, 1),
    })
  })

  it.each([
    ['no PEM', 'hello'],
    ['two of them', `${ONE}${TWO}`],
    ['cut off', ONE.slice(0, 300)],
    ['broken', ONE.replace('MII', 'AAA')],
    ['a key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
  ])('%s is none', (_, text) => {
    expect(readCertificate(text)).toBeNull()
  })

  it('in a manifest is a block of PEM', () => {
    const block = (text: string) => text.trim().replaceAll('\n', '\n          ')
    const codes = (body: string) =>
      load({
        'main.yaml': `users:\n  ada:\n    signingCertificates:\n      a:\n        body: |\n          ${block(body)}\n`,
      }).project.diagnostics.map(({ code }) => code)
    expect(codes(ONE)).toEqual([])
    expect(codes(`${ONE}${TWO}`)).toEqual(['manifest.bad-certificate'])
    expect(codes('-----BEGIN PRIVATE KEY-----')).toEqual(['manifest.literal-secret'])
  })

  it('is of one user: two that declare it are told', () => {
    const block = (text: string) => text.trim().replaceAll('\n', '\n          ')
    const having = (name: string, body: string) =>
      `  ${name}:\n    signingCertificates:\n      a:\n        body: |\n          ${block(body)}\n`
    const told = (...users: readonly string[]) =>
      load({ 'main.yaml': `users:\n${users.join('')}` }).project.diagnostics.map(({ message }) => message)
    expect(told(having('ada', ONE), having('bob', TWO))).toEqual([])
    expect(told(having('ada', ONE), having('bob', ONE))).toEqual([
      '`a` is a signing certificate that `user/ada` has: only one of an account can',
    ])
  })

  it('moves from one user to another in one apply: no two may have it', () =>
    withListed(async (world) => {
      const having = (name: string) =>
        intentOf({
          users: {
            ada: { signingCertificates: {} },
            bob: { signingCertificates: {} },
            [name]: { signingCertificates: { a: { body: ONE } } },
          },
        })
      await converge(world, having('ada'))
      const plan = await converge(world, having('bob'))
      expect(plan.steps.map(({ operation }) => operation)).toEqual([
        'DeleteSigningCertificate',
        'UploadSigningCertificate',
      ])
    }))
})

describe('the embedded IAM', () => {
  it('uploads, lists, updates and deletes, and refuses what AWS does', async () => {
    const { iam, close } = await openAccount()
    const UserName = 'ada'
    await iam.write('CreateUser', { UserName })
    await iam.write('CreateUser', { UserName: 'bob' })
    const upload = (CertificateBody: string, name = UserName) =>
      codeOf(iam.write('UploadSigningCertificate', { UserName: name, CertificateBody }))
    expect(await upload('hello')).toBe('MalformedCertificate')
    expect(await upload(EXPIRED_CERTIFICATE)).toBe('MalformedCertificate')
    expect(await upload('')).toBe('ValidationError')
    expect(await upload(ONE, 'nobody')).toBe('NoSuchEntity')
    expect(await upload(ONE)).toBe('done')
    expect(await upload(ONE)).toBe('DuplicateCertificate')
    expect(await upload(ONE, 'bob')).toBe('DuplicateCertificate')
    expect(await upload(TWO)).toBe('done')
    expect(await upload(THREE)).toBe('LimitExceeded')
    const { Certificates = [] } = await iam.read('ListSigningCertificates', { UserName })
    expect(Certificates).toMatchObject([
      { UserName, CertificateBody: ONE, Status: 'Active', CertificateId: expect.stringMatching(/^\w{16,}$/) },
      { UserName, CertificateBody: TWO, Status: 'Active' },
    ])
    const CertificateId = Certificates[0]?.CertificateId
    await iam.write('UpdateSigningCertificate', { UserName, CertificateId, Status: 'Inactive' })
    expect((await iam.read('ListSigningCertificates', { UserName })).Certificates?.[0]?.Status).toBe(
      'Inactive',
    )
    await iam.write('DeleteSigningCertificate', { UserName, CertificateId })
    expect(await codeOf(iam.write('DeleteSigningCertificate', { UserName, CertificateId }))).toBe(
      'NoSuchEntity',
    )
    expect(await upload(ONE, 'bob')).toBe('done')
    await close()
  })
})
