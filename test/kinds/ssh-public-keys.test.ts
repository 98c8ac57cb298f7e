import { describe, expect, it } from 'vitest'
import {
  md5Fingerprint,
  opensshLine,
  pemOf,
  readSshKey,
  type SshKey,
  sshFingerprint,
} from '../../src/credentials/ssh-key.ts'
import { openAccount } from '../iam/account.ts'
import { load, rendered } from '../manifest/sample.ts'
import { FIRST_AS_PEM, SHORT_SSH_KEY, SSH_KEYS } from './ssh-keys.ts'

const [ONE = '', TWO = ''] = SSH_KEYS

const keyOf = (text: string): SshKey => {
  const key = readSshKey(text)
  if (typeof key === 'string') throw new Error(key)
  return key
}

describe('an SSH public key', () => {
  // What `ssh-keygen -l`, `-E md5 -l` and `-e -m PKCS8` say of it.
  it('is read as OpenSSH reads it, from either form', () => {
    for (const text of [ONE, `  ${ONE} ada@laptop with words\n`, FIRST_AS_PEM]) {
      const key = keyOf(text)
      expect(key.bits).toBe(2048)
      expect(sshFingerprint(key)).toBe('SHA256:XS8w7b1jpwt9uxHRQLdO4NJ8qUu3mCAULCI6wtnLrto')
      expect(md5Fingerprint(key)).toBe('73:43:ed:d1:1a:1a:fa:08:5a:f2:d6:9c:e6:b3:d5:11')
      expect(opensshLine(key)).toBe(ONE)
      expect(pemOf(key)).toBe(FIRST_AS_PEM)
    }
  })

  it.each([
    ['of another algorithm', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKdv', 'encoding'],
    ['that is no key', 'hello', 'encoding'],
    ['without its bytes', 'ssh-rsa', 'encoding'],
    ['and another one', `${ONE} a\n${TWO}`, 'encoding'],
    [
      'that is a private one',
      '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
      'encoding',
    ],
    ['that is cut off', ONE.slice(0, 200), 'malformed'],
    ['with bytes after it', `${ONE}AAAA`, 'malformed'],
    ['that is no base64', 'ssh-rsa A!!A', 'malformed'],
    ['that is broken PEM', FIRST_AS_PEM.replace('MIIB', 'AAAA'), 'malformed'],
    ['that is too short', SHORT_SSH_KEY, 'short'],
  ])('%s is none', (_, text, problem) => {
    expect(readSshKey(text)).toBe(problem)
  })
})

const declaring = (body: string) => ({
  'main.yaml': `users:\n  ada:\n    sshPublicKeys:\n      laptop: { body: "${body}" }\n`,
})

describe('in a manifest', () => {
  it('has a name of its author, and is active unless it says otherwise', () => {
    const files = {
      'main.yaml': `users:
  ada:
    sshPublicKeys:
      laptop: { body: "${ONE} ada" }
      desktop:
        status: inactive
        body: ${TWO}
  bob: { sshPublicKeys: {} }
  eve: { sshPublicKeys: null }
  dan: {}
`,
    }
    const { desired } = load(files)
    const of = (name: string) => desired?.entities.user.get(name)?.children?.get('sshPublicKey')
    expect([...(of('ada')?.values() ?? [])]).toMatchObject([
      { name: 'laptop', status: 'active', identity: 'SHA256:XS8w7b1jpwt9uxHRQLdO4NJ8qUu3mCAULCI6wtnLrto' },
      { name: 'desktop', status: 'inactive', body: TWO },
    ])
    expect([of('bob')?.size, of('eve')?.size, of('dan')]).toEqual([0, 0, undefined])
  })

  it('that IAM would not take is an error at its place', () => {
    expect(rendered(declaring('ssh-ed25519 AAAA'))).toBe(`\
error[manifest.bad-key]: this is no SSH public key that IAM takes
  --> main.yaml:4:23
   4 |       laptop: { body: "ssh-ed25519 AAAA" }
     |                       ^^^^^^^^^^^^^^^^^^
  help: write one line of OpenSSH (\`ssh-rsa AAAA… comment\`) or PEM (\`-----BEGIN PUBLIC KEY-----\`); IAM takes RSA alone`)
    expect(rendered(declaring(SHORT_SSH_KEY))).toContain('this RSA key is shorter than 2048 bits')
    expect(rendered(declaring('ssh-rsa AAAA'))).toContain('this is no RSA key: its text is broken')
  })

  it('that is a private one is shown nowhere', () => {
    const text = rendered({
      'main.yaml':
        'users:\n  ada:\n    sshPublicKeys:\n      laptop:\n        body: "-----BEGIN RSA PRIVATE KEY----- hunter2"\n',
    })
    expect(text).toContain('error[manifest.literal-secret]: a private key never stands in a manifest')
    expect(text).not.toContain('hunter2')
  })

  it('twice, or more than five, is an error', () => {
    const files = (keys: readonly string[]) => ({
      'main.yaml': `users:\n  ada:\n    sshPublicKeys:\n${keys.map((key, index) => `      k${index}: { body: ${key} }\n`).join('')}`,
    })
    const codes = (keys: readonly string[]) =>
      load(files(keys)).project.diagnostics.map(({ code, message }) => `${code}: ${message}`)
    expect(codes(SSH_KEYS.slice(0, 5))).toEqual([])
    expect(codes([ONE, TWO, ONE])).toEqual([
      'manifest.same-child: `k2` is an SSH public key that is declared already, as `k0`',
    ])
    expect(codes(SSH_KEYS)).toEqual([
      'manifest.quota: user `ada` has 6 SSH public keys; at most 5 are allowed',
    ])
  })

  it.each([
    ['laptop: {}', 'manifest.missing-key'],
    ['laptop: { body: 5 }', 'manifest.bad-key'],
    [`laptop: { body: ${ONE}, status: Active }`, 'manifest.bad-status'],
    [`laptop: { body: ${ONE}, state: active }`, 'manifest.unknown-key'],
    [`"a b": { body: ${ONE} }`, 'manifest.bad-name'],
    [`__proto__: { body: ${ONE} }`, 'manifest.unknown-key'],
  ])('%s', (entry, code) => {
    const { project } = load({ 'main.yaml': `users:\n  ada:\n    sshPublicKeys:\n      ${entry}\n` })
    expect(project.diagnostics.map((each) => each.code)).toContain(code)
  })
})

describe('the embedded IAM', () => {
  async function withAda<T>(use: (iam: Awaited<ReturnType<typeof openAccount>>['iam']) => Promise<T>) {
    const { iam, close } = await openAccount()
    await iam.write('CreateUser', { UserName: 'ada' })
    await iam.write('CreateUser', { UserName: 'bob' })
    const result = await use(iam)
    await close()
    return result
  }
  const UserName = 'ada'
  const codeOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'done',
      (error: { code: unknown }) => error.code,
    )

  it('uploads, shows, lists, updates and deletes', () =>
    withAda(async (iam) => {
      const uploaded = await iam.write('UploadSSHPublicKey', { UserName, SSHPublicKeyBody: `${ONE} ada` })
      const SSHPublicKeyId = uploaded.SSHPublicKey?.SSHPublicKeyId ?? ''
      expect(SSHPublicKeyId).toMatch(/^APKA[A-Z2-7]{17}$/)
      expect(uploaded.SSHPublicKey).toMatchObject({
        UserName,
        Status: 'Active',
        SSHPublicKeyBody: `${ONE} ada`,
        Fingerprint: '73:43:ed:d1:1a:1a:fa:08:5a:f2:d6:9c:e6:b3:d5:11',
      })
      const get = (Encoding: 'SSH' | 'PEM') =>
        iam.read('GetSSHPublicKey', { UserName, SSHPublicKeyId, Encoding })
      expect((await get('SSH')).SSHPublicKey?.SSHPublicKeyBody).toBe(ONE)
      expect((await get('PEM')).SSHPublicKey?.SSHPublicKeyBody).toBe(FIRST_AS_PEM)
      expect(await codeOf(get('DER' as 'PEM'))).toBe('UnrecognizedPublicKeyEncoding')
      await iam.write('UpdateSSHPublicKey', { UserName, SSHPublicKeyId, Status: 'Inactive' })
      const { SSHPublicKeys } = await iam.read('ListSSHPublicKeys', { UserName })
      expect(SSHPublicKeys).toMatchObject([{ UserName, SSHPublicKeyId, Status: 'Inactive' }])
      await iam.write('DeleteSSHPublicKey', { UserName, SSHPublicKeyId })
      expect((await iam.read('ListSSHPublicKeys', { UserName })).SSHPublicKeys).toEqual([])
      for (const call of [
        get('SSH'),
        iam.write('UpdateSSHPublicKey', { UserName, SSHPublicKeyId, Status: 'Active' }),
        iam.write('DeleteSSHPublicKey', { UserName, SSHPublicKeyId }),
      ])
        expect(await codeOf(call)).toBe('NoSuchEntity')
    }))

  it('refuses what is no key, has it already, or is one too many; inactive ones count', () =>
    withAda(async (iam) => {
      const upload = (SSHPublicKeyBody: string, name = UserName) =>
        codeOf(iam.write('UploadSSHPublicKey', { UserName: name, SSHPublicKeyBody }))
      expect(await upload('ssh-ed25519 AAAA')).toBe('UnrecognizedPublicKeyEncoding')
      expect(await upload('ssh-rsa AAAA')).toBe('InvalidPublicKey')
      expect(await upload(SHORT_SSH_KEY)).toBe('InvalidPublicKey')
      expect(await upload('')).toBe('ValidationError')
      expect(await upload(ONE, 'nobody')).toBe('NoSuchEntity')
      expect(await upload(ONE)).toBe('done')
      expect(await upload(FIRST_AS_PEM)).toBe('DuplicateSSHPublicKey')
      expect(await upload(ONE, 'bob')).toBe('done')
      for (const key of SSH_KEYS.slice(1, 5)) expect(await upload(key)).toBe('done')
      const { SSHPublicKeys: [first] = [] } = await iam.read('ListSSHPublicKeys', { UserName })
      await iam.write('UpdateSSHPublicKey', {
        UserName,
        SSHPublicKeyId: first?.SSHPublicKeyId,
        Status: 'Inactive',
      })
      expect(await upload(SSH_KEYS[5] ?? '')).toBe('LimitExceeded')
    }))

  it('a key is of one user, whatever others ask', () =>
    withAda(async (iam) => {
      const { SSHPublicKey } = await iam.write('UploadSSHPublicKey', { UserName, SSHPublicKeyBody: ONE })
      const { SSHPublicKeyId } = SSHPublicKey ?? {}
      expect(await codeOf(iam.write('DeleteSSHPublicKey', { UserName: 'bob', SSHPublicKeyId }))).toBe(
        'NoSuchEntity',
      )
    }))

  it('pages', () =>
    withAda(async (iam) => {
      for (const SSHPublicKeyBody of SSH_KEYS.slice(0, 3))
        await iam.write('UploadSSHPublicKey', { UserName, SSHPublicKeyBody })
      const first = await iam.read('ListSSHPublicKeys', { UserName, MaxItems: 2 })
      expect([first.SSHPublicKeys?.length, first.IsTruncated]).toEqual([2, true])
      const rest = await iam.read('ListSSHPublicKeys', { UserName, MaxItems: 2, Marker: first.Marker })
      expect([rest.SSHPublicKeys?.length, rest.IsTruncated]).toEqual([1, false])
    }))
})
