import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { openTargetForWriting, using } from '../../src/cli/opening/account-target.ts'
import { openProject } from '../../src/cli/opening/project.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import fc from '../fixed-seed.ts'
import { madeCertificate } from '../kinds/made-certificates.ts'
import { SSH_KEYS } from '../kinds/ssh-keys.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const A = 'arn:aws:iam::111122223333'
const PROJECT = `version: 1
accounts:
  a: { id: "111122223333" }
`
const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }'
const GROUPS = 'groups:\n  devs: {}\n  ops: {}\n'
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:List*'],
      Resource: `arn:aws:s3:::data-{{x}}/\${aws:username}/*`,
      Condition: { StringLike: { 'aws:PrincipalTag/team': ['a: b', '- c', '# d', '~', 'true'] } },
    },
  ],
})

/** Some applied project, with what somebody did by hand afterwards. */
async function projectOf(
  files: Readonly<Record<string, string>>,
  byHand: (iam: IamWriter) => Promise<unknown>,
  project = PROJECT,
): Promise<string> {
  const folder = temporaryFolder({ 'iam-sync.yaml': project, ...files })
  const applied = await runHere('apply', folder, '--yes')
  expect(applied.code, applied.err).toBe(0)
  const opened = await openProject({ folder, accounts: [], ref: null, unstorable: 'plan' })
  const [account] = opened.accounts
  if (account === undefined) throw new Error('no account')
  await using(openTargetForWriting(account, opened), ({ iam }) => byHand(iam))
  return folder
}

const textOf = (folder: string, file = 'main.yaml'): string => readFileSync(join(folder, file), 'utf8')

/** What a plan leaves alone of declared entities, and the number of its changes. */
async function leftIn(folder: string): Promise<{ readonly changes: number; readonly unmanaged: number }> {
  const ran = await runHere('plan', folder, '--json')
  expect(ran.code, ran.out).toBe(0)
  const [plan] = jsonOf(ran).plans
  return { changes: plan.changes.length, unmanaged: plan.unmanaged.length }
}

const codesOf = (ran: Awaited<ReturnType<typeof runHere>>): readonly string[] =>
  jsonOf(ran).diagnostics.map(({ code }: { code: string }) => code)

const attached = (iam: IamWriter) =>
  iam.write('AttachUserPolicy', { UserName: 'alice', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })

describe('adopt', () => {
  const YAML = `# people
users:
  # she writes
  alice: # since May
    path: /x/ # there
    # to come: tags
  bob: {}
${GROUPS}policies:
  own: { document: ${DOCUMENT.replaceAll('{{', '{{{{')} }
roles:
  web: { trustPolicy: ${TRUST} } # EC2
`
  const byHand = async (iam: IamWriter) => {
    await attached(iam)
    await iam.write('AttachUserPolicy', { UserName: 'alice', PolicyArn: `${A}:policy/own` })
    await iam.write('AddUserToGroup', { UserName: 'alice', GroupName: 'ops' })
    await iam.write('PutRolePolicy', { RoleName: 'web', PolicyName: 'logs', PolicyDocument: DOCUMENT })
    await iam.write('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: `${A}:policy/own` })
  }

  test('writes what is held into the declarations, and nothing else; then nothing is left alone', async () => {
    const folder = await projectOf({ 'main.yaml': YAML }, byHand)
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 5 })
    const dry = await runHere('adopt', '--all', '--dry-run', '--dir', folder)
    expect(dry.code).toBe(0)
    expect(dry.out).toContain('+    groups: [ops]')
    expect(dry.out).toMatch(/^user\/alice is a member of group ops; holds /m)
    expect(dry.out).toMatch(/^would write main\.yaml: 3 declarations$/m)
    expect(textOf(folder)).toBe(YAML)
    const ran = await runHere('adopt', 'user/alice', '--dir', folder, '--yes')
    expect(ran.code, ran.err).toBe(0)
    expect(textOf(folder)).toBe(
      YAML.replace(
        '    path: /x/ # there\n',
        '    path: /x/ # there\n    groups: [ops]\n    managedPolicies: [own, ReadOnlyAccess]\n',
      ),
    )
    expect((await leftIn(folder)).unmanaged).toBe(2)
    const { adopted, files, written } = jsonOf(
      await runHere('adopt', '--all', '--dir', folder, '--yes', '--json'),
    )
    expect(written).toBe(true)
    expect(files.map(({ file }: { file: string }) => file)).toEqual(['main.yaml'])
    expect(adopted.map(({ entity }: { entity: string }) => entity)).toEqual(['user/bob', 'role/web'])
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 0 })
    expect((await runHere('adopt', '--all', '--dir', folder)).out).toMatch(/^nothing to adopt/)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 0 })
  })

  test('asks for consent, and says who is not declared', async () => {
    const folder = await projectOf({ 'main.yaml': YAML }, byHand)
    expect(codesOf(await runHere('adopt', '--all', '--dir', folder, '--json'))).toEqual(['adopt.no-consent'])
    const unknown = await runHere('adopt', 'user/alcie', '--dir', folder, '--yes')
    expect(unknown.code).toBe(1)
    expect(unknown.err).toContain('did you mean `user/alice`?')
    expect(codesOf(await runHere('adopt', '--dir', folder, '--json'))).toEqual(['cli.missing-argument'])
    expect(codesOf(await runHere('adopt', 'user/bob', '--all', '--dir', folder, '--json'))).toEqual([
      'cli.invalid-value',
    ])
    expect(textOf(folder)).toBe(YAML)
  })

  test.each([
    ['an alias', 'x: &x {}\nusers:\n  alice: *x\n', 'adopt.not-editable'],
    ['an anchor that another takes', 'users:\n  alice: &x { path: / }\n  bob: *x\n', 'adopt.not-editable'],
  ])('is refused where others would have it too: %s', async (_, users, code) => {
    const yaml = users.startsWith('x:') ? `users:\n  zoe: &x {}\n  alice: *x\n` : users
    const folder = await projectOf({ 'main.yaml': yaml }, attached)
    expect(codesOf(await runHere('adopt', 'user/alice', '--dir', folder, '--yes', '--json'))).toEqual([code])
    expect(textOf(folder)).toBe(yaml)
  })

  test('is refused where the manifest is of several accounts', async () => {
    const yaml = 'users:\n  alice:\n    path: /x/\n'
    const folder = await projectOf(
      { 'main.yaml': yaml },
      attached,
      `${PROJECT}  b: { id: "444455556666", target: { kind: local, database: b.db } }\n`,
    )
    const ran = await runHere('adopt', 'user/alice', '--dir', folder, '--account', 'a', '--yes', '--json')
    expect(codesOf(ran)).toEqual(['adopt.shared'])
    expect(textOf(folder)).toBe(yaml)
  })

  test('of who is listed in a group: what others say of them stays said', async () => {
    const yaml = 'users:\n  alice:\ngroups:\n  devs: { members: [alice] }\n  ops: {}\n'
    const folder = await projectOf({ 'main.yaml': yaml }, (iam) =>
      iam.write('AddUserToGroup', { UserName: 'alice', GroupName: 'ops' }),
    )
    expect((await runHere('adopt', 'user/alice', '--dir', folder, '--yes')).code).toBe(0)
    expect(textOf(folder)).toBe(yaml.replace('  alice:\n', '  alice:\n    groups: [devs, ops]\n'))
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 0 })
  })

  test('a group or policy that nobody declares is named by its ARN', async () => {
    const folder = await projectOf({ 'main.yaml': 'users:\n  alice:\n' }, async (iam) => {
      await iam.write('CreateGroup', { GroupName: 'alien' })
      await iam.write('CreatePolicy', { PolicyName: 'alien', PolicyDocument: DOCUMENT })
      await iam.write('AddUserToGroup', { UserName: 'alice', GroupName: 'alien' })
      await iam.write('AttachUserPolicy', { UserName: 'alice', PolicyArn: `${A}:policy/alien` })
    })
    expect((await runHere('adopt', 'user/alice', '--dir', folder, '--yes')).code).toBe(0)
    expect(textOf(folder)).toContain(`groups: [${A}:group/alien]`)
    expect(textOf(folder)).toContain(`managedPolicies: [${A}:policy/alien]`)
    const [plan] = jsonOf(await runHere('plan', folder, '--json')).plans
    expect(plan.changes).toEqual([])
    expect(plan.unmanaged.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['group', 'policy'])
  })

  test('whoever is not declared is an error, and nothing is said to be adopted', async () => {
    const folder = await projectOf({ 'main.yaml': 'users:\n  alice:\n' }, attached)
    const { code, out, err } = await runHere('adopt', 'user/nobody', '--dir', folder, '--yes')
    expect(code).toBe(1)
    expect(out.trim()).toBe('')
    expect(err).toContain('user/nobody')
  })

  test('credentials that nobody declares are declared, each as what it is', async () => {
    const { pem } = madeCertificate({ subject: 'alice' })
    const folder = await projectOf(
      { 'main.yaml': 'users:\n  alice: {}\n  bob: {} # a guest\n' },
      async (iam) => {
        const UserName = 'alice'
        const key = await iam.write('CreateAccessKey', { UserName })
        await iam.write('CreateAccessKey', { UserName: 'bob' })
        const AccessKeyId = key.AccessKey?.AccessKeyId
        await iam.write('UpdateAccessKey', { UserName, AccessKeyId, Status: 'Inactive' })
        await iam.write('UploadSSHPublicKey', { UserName, SSHPublicKeyBody: SSH_KEYS[0] })
        await iam.write('UploadSigningCertificate', { UserName, CertificateBody: pem })
        await iam.write('CreateServiceSpecificCredential', {
          UserName,
          ServiceName: 'codecommit.amazonaws.com',
        })
        const ServiceName = 'bedrock.amazonaws.com'
        await iam.write('CreateServiceSpecificCredential', { UserName, ServiceName, CredentialAgeDays: 400 })
      },
    )
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 6 })
    expect((await runHere('plan', folder)).out).toContain('iam-sync adopt user/alice user/bob')
    const ran = await runHere('adopt', 'user/alice', '--dir', folder, '--yes')
    expect(ran.code, ran.err).toBe(0)
    const [alice = '', bob] = textOf(folder).split('  bob:')
    expect(bob).toBe(' {} # a guest\n')
    expect(parse(alice).users.alice).toEqual({
      accessKeys: { 'adopted-1': { status: 'inactive' } },
      sshPublicKeys: { 'adopted-1': { body: SSH_KEYS[0] } },
      signingCertificates: { 'adopted-1': { body: pem } },
      serviceSpecificCredentials: {
        'adopted-1': expect.anything(),
        'adopted-2': expect.anything(),
      },
    })
    // Made in one second, they are named in the order of their ids.
    expect(Object.values(parse(alice).users.alice.serviceSpecificCredentials)).toEqual(
      expect.arrayContaining([
        { serviceName: 'codecommit.amazonaws.com' },
        { serviceName: 'bedrock.amazonaws.com', credentialAgeDays: 400 },
      ]),
    )
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 1 })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 1 })
  })

  test('what is ignored is counted, has its access, and is not adopted', async () => {
    const yaml = `users:
  alice:
    ignore: [{ grant: managedPolicies/ReadOnlyAccess, reason: "an audit", until: 2999-12-31 }]
`
    const folder = await projectOf({ 'main.yaml': yaml }, attached)
    const [plan] = jsonOf(await runHere('plan', folder, '--json')).plans
    expect(plan.unmanaged).toEqual([])
    expect(plan.ignored).toMatchObject([
      { kind: 'user', name: 'alice', reason: 'an audit', until: '2999-12-31' },
    ])
    expect((await runHere('plan', folder)).out).toMatch(/^ignored for a while: 1$/m)
    expect((await runHere('plan', folder, '--format', 'markdown')).out).toContain('an audit')
    const asked = ['--principal', 'user/alice', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::x/y']
    expect((await runHere('evaluate', folder, ...asked, '--as-of', 'target')).code).toBe(0)
    expect((await runHere('adopt', '--all', '--dir', folder, '--yes')).out).toMatch(/^nothing to adopt/)
    expect(textOf(folder)).toBe(yaml)
  })

  test('a plan that leaves something alone names it', async () => {
    const folder = await projectOf({ 'main.yaml': YAML }, byHand)
    expect((await runHere('plan', folder)).out).toContain('`iam-sync adopt user/alice user/bob role/web`')
  })
})

describe('adopt, of random projects', () => {
  const USERS = ['ann', 'ben', 'cid', 'dan']
  const STYLES: readonly ((name: string) => string)[] = [
    (name) => `  ${name}:\n`,
    (name) => `  ${name}: {} # of ${name}\n`,
    (name) => `  ${name}: # of ${name}\n    # above\n    path: /p/ # beside\n    # below\n`,
    (name) => `  ${name}: { path: "/p/" } # of ${name}\n`,
    (name) =>
      `  # before ${name}\n  ${name}: { # of ${name}\n      path: /p/, # beside\n      # last\n    }\n`,
    (name) => `  "${name}":\n    tags:\n      team: x # beside\n\n    # after an empty line\n`,
    (name) => `  ${name}: ~\n`,
  ]
  const GRANTS: readonly ((iam: IamWriter, UserName: string) => Promise<unknown>)[] = [
    (iam, UserName) => iam.write('AddUserToGroup', { UserName, GroupName: 'devs' }),
    (iam, UserName) => iam.write('AddUserToGroup', { UserName, GroupName: 'ops' }),
    (iam, UserName) =>
      iam.write('AttachUserPolicy', { UserName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    (iam, UserName) => iam.write('PutUserPolicy', { UserName, PolicyName: 'p', PolicyDocument: DOCUMENT }),
    (iam, UserName) =>
      iam.write('PutUserPermissionsBoundary', {
        UserName,
        PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      }),
  ]
  const commentsIn = (text: string) => text.replaceAll('\r', '').match(/# [a-z ]+$/gm)

  test('the plan is empty then, comments are kept, and lines of others are as they were', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(...USERS.map(() => fc.constantFrom(...STYLES))),
        fc.tuple(...USERS.map(() => fc.subarray([...GRANTS]))),
        fc.boolean(),
        async (styles, grants, isWindows) => {
          const written = `# head\nusers:\n${USERS.map((name, index) => styles[index]?.(name) ?? '').join('')}${GROUPS}# end\n`
          const yaml = isWindows ? written.replaceAll('\n', '\r\n') : written
          const folder = await projectOf({ 'main.yaml': yaml }, async (iam) => {
            for (const [index, some] of grants.entries())
              for (const grant of some) await grant(iam, USERS[index] ?? '')
          })
          const ran = await runHere('adopt', '--all', '--dir', folder, '--yes')
          expect(ran.code, ran.err).toBe(0)
          expect(await leftIn(folder)).toEqual({ changes: 0, unmanaged: 0 })
          const after = textOf(folder)
          expect(commentsIn(after)).toEqual(commentsIn(yaml))
          // A declaration in braces, or of nothing, is added to where it stands.
          const lines = after.split('\n')
          let at = 0
          for (const line of yaml.split('\n')) {
            const next = lines.indexOf(line, at)
            if (next >= 0) at = next + 1
            else expect(line).toMatch(/^ {2}"?(?:ann|ben|cid|dan)"?: (?:\{.*\}|~)/)
          }
          expect((await runHere('adopt', '--all', '--dir', folder)).out).toMatch(/^nothing to adopt/)
        },
      ),
      { numRuns: 6 },
    ))
})
