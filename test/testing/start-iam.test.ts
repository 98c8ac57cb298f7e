import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import * as sdk from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, describe, expect, it } from 'vitest'
import { type Iam, type IamCredentials, type IamOptions, startIam } from '../../src/testing/index.ts'
import { PEOPLE, TWO_ACCOUNTS } from '../cli/projects.ts'
import { refusalBy } from '../server/http/served.ts'
import { temporaryFolder } from '../source/folders.ts'

const started: Iam[] = []
afterEach(() => Promise.all(started.splice(0).map((iam) => iam.stop())))

async function start(options?: IamOptions): Promise<Iam> {
  const iam = await startIam(options)
  started.push(iam)
  return iam
}

const clientOf = ({ endpoint, region, credentials }: Iam, by: IamCredentials = credentials): sdk.IAMClient =>
  new sdk.IAMClient({ endpoint, region, credentials: by, maxAttempts: 1 })

const userNames = async (client: sdk.IAMClient): Promise<readonly (string | undefined)[]> =>
  ((await client.send(new sdk.ListUsersCommand({}))).Users ?? []).map(({ UserName }) => UserName)

const PROJECT = `version: 1
accounts:
  sandbox: { id: "111122223333", manifests: [people.yaml, organization.yaml, roles.yaml] }
`
const ORGANIZATION = `organization:
  id: o-a1b2c3d4e5
  managementAccount: "999988887777"
  serviceControlPolicies:
    no-users:
      Version: "2012-10-17"
      Statement: [{ Effect: Deny, Action: "iam:CreateUser", Resource: "*" }]
  roots:
    Root:
      serviceControlPolicies: [FullAWSAccess, no-users]
      accounts:
        "999988887777": { name: management }
        "111122223333": { name: sandbox }
`
const ROLES = `users:
  ada:
    inlinePolicies:
      all: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "*", Resource: "*" } }
roles:
  deploy:
    trustPolicy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: { AWS: "arn:aws:iam::111122223333:user/ada" }, Action: sts:AssumeRole }
`
const project = (files: Readonly<Record<string, string>> = {}): string =>
  temporaryFolder({
    'iam-sync.yaml': PROJECT,
    'people.yaml': PEOPLE,
    'organization.yaml': ORGANIZATION,
    'roles.yaml': ROLES,
    ...files,
  })

describe('an IAM for tests', () => {
  it('answers the root user, and refuses who may not', async () => {
    const iam = await start()
    expect(iam).toMatchObject({ accountId: '123456789012', region: 'us-east-1' })
    const root = clientOf(iam)
    await root.send(new sdk.CreateUserCommand({ UserName: 'ada' }))
    const ada = clientOf(iam, await iam.credentialsOf('ada'))
    expect(await refusalBy(ada.send(new sdk.ListUsersCommand({})))).toBe('AccessDenied')
    await root.send(
      new sdk.AttachUserPolicyCommand({
        UserName: 'ada',
        PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
      }),
    )
    expect(await userNames(ada)).toEqual(['ada'])
    await expect(iam.credentialsOf('nobody')).rejects.toThrow('nobody')
  })

  it('is several, and none knows of another', async () => {
    const [one, other] = await Promise.all([start(), start({ accountId: '210987654321' })])
    expect(other.accountId).toBe('210987654321')
    expect(one.endpoint).not.toBe(other.endpoint)
    await Promise.all(
      [one, other].map((iam) => clientOf(iam).send(new sdk.CreateUserCommand({ UserName: 'ada' }))),
    )
    await clientOf(one).send(new sdk.CreateUserCommand({ UserName: 'bob' }))
    expect(await userNames(clientOf(one))).toEqual(['ada', 'bob'])
    expect(await userNames(clientOf(other))).toEqual(['ada'])
    expect(await refusalBy(userNames(clientOf(other, one.credentials)))).toBe('InvalidClientTokenId')
    await one.stop()
    expect(await userNames(clientOf(other))).toEqual(['ada'])
  })

  it('is reset to what it was, root’s credentials excepted, however many resets come at once', async () => {
    const iam = await start()
    const root = clientOf(iam)
    await root.send(new sdk.CreateUserCommand({ UserName: 'ada' }))
    const key = await iam.credentialsOf('ada')
    await Promise.all([iam.reset(), iam.reset(), iam.reset()])
    expect(await userNames(root)).toEqual([])
    expect(await refusalBy(userNames(clientOf(iam, key)))).toBe('InvalidClientTokenId')
    await root.send(new sdk.CreateUserCommand({ UserName: 'bob' }))
    const { status } = await fetch(`${iam.endpoint}/_iam-sync/reset`, {
      method: 'POST',
      headers: { authorization: `Bearer ${iam.bearerToken}` },
    })
    expect([status, await userNames(root)]).toEqual([200, []])
  })

  it('listens no more once it is stopped, be it twice, or by `await using`', async () => {
    for (const end of ['stop', Symbol.asyncDispose] as const) {
      const iam = await startIam()
      const root = clientOf(iam)
      await userNames(root)
      await Promise.all([iam[end](), iam[end]()])
      await expect(fetch(`${iam.endpoint}/healthz`)).rejects.toThrow('fetch failed')
    }
  })

  it('refuses a port that is taken, and keeps nothing open', async () => {
    const { endpoint } = await start()
    await expect(startIam({ port: Number(new URL(endpoint).port) })).rejects.toThrow('serve.port-taken')
  })
})

describe('an IAM of a project', () => {
  it('has what is declared, and its control policies bind', async () => {
    const iam = await start({ project: project() })
    expect(iam.accountId).toBe('111122223333')
    expect(await userNames(clientOf(iam))).toEqual(['ada', 'alice', 'keeper'])
    const ada = await iam.credentialsOf('ada')
    await expect(clientOf(iam, ada).send(new sdk.CreateUserCommand({ UserName: 'eve' }))).rejects.toThrow(
      'service control policy',
    )
    const sts = new STSClient({ endpoint: iam.endpoint, region: iam.region, credentials: ada })
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/deploy', RoleSessionName: 'test' }),
    )
    expect(Credentials?.SessionToken).toEqual(expect.any(String))
  })

  it('is as declared after a reset again, and without what is declared where nobody wants it', async () => {
    const iam = await start({ project: project() })
    const root = clientOf(iam)
    await root.send(new sdk.CreateGroupCommand({ GroupName: 'more' }))
    await iam.reset()
    const { Groups } = await root.send(new sdk.ListGroupsCommand({}))
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['developers'])
    const empty = await start({ project: project(), apply: false })
    expect([empty.accountId, await userNames(clientOf(empty))]).toEqual(['111122223333', []])
  })

  it('hands over the secrets that were made, once more after a reset', async () => {
    const iam = await start({
      project: project({
        'people.yaml': 'users: { robot: { accessKeys: { ci: {} } }, mia: { loginProfile: {} } }\n',
      }),
    })
    const shown = () => iam.secrets.map(({ value: _, ...rest }) => rest)
    const key = { of: 'user/robot', what: 'access key', name: 'ci', id: expect.stringMatching(/^AKIA/) }
    expect(shown()).toEqual(expect.arrayContaining([key, { of: 'user/mia', what: 'password' }]))
    const before = iam.secrets
    const given = JSON.parse(before.find(({ of }) => of === 'user/robot')?.value ?? '{}')
    const robot = new STSClient({
      endpoint: iam.endpoint,
      region: iam.region,
      credentials: { accessKeyId: given.AccessKeyId, secretAccessKey: given.SecretAccessKey },
    })
    const { Arn } = await robot.send(new GetCallerIdentityCommand({}))
    expect(Arn).toBe('arn:aws:iam::111122223333:user/robot')
    await iam.reset()
    expect(iam.secrets).toHaveLength(2)
    expect(iam.secrets).not.toEqual(before)
  })

  it('is not started of one that has errors, is not there, or is several accounts', async () => {
    await expect(
      startIam({ project: project({ 'people.yaml': 'users: { a: { groups: [none] } }\n' }) }),
    ).rejects.toThrow(/has errors\nerror\[manifest\.[\w-]+\]: .*`none`[\s\S]*--> people\.yaml:1:/)
    await expect(startIam({ project: temporaryFolder() })).rejects.toThrow('iam-sync.yaml')
    const several = temporaryFolder({ 'iam-sync.yaml': TWO_ACCOUNTS })
    await expect(startIam({ project: several })).rejects.toThrow('`first`, `second`, `third`')
    await expect(startIam({ project: several, account: 'fourth' })).rejects.toThrow('no account `fourth`')
    expect((await start({ project: several, account: 'second' })).accountId).toBe('444455556666')
  })

  it('says what of the account IAM would not take', async () => {
    const refused = project({
      'iam-sync.yaml': `${PROJECT.replace(' }\n', ', target: { kind: local, database: .iam-sync/a.db, quotas: { usersPerAccount: 1 } } }\n')}`,
    })
    await expect(startIam({ project: refused })).rejects.toThrow('LimitExceeded')
  })
})

/** What a process prints that uses the package by its name, in an empty folder with an empty place for temporary files. */
function inProcess(code: string, ...more: readonly string[]) {
  const root = new URL('../../', import.meta.url)
  const temporary = temporaryFolder()
  const ran = spawnSync(process.execPath, [...more, '--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: temporary },
  })
  return { ...ran, leftBehind: readdirSync(temporary) }
}

describe('a process', () => {
  it('ends by itself once its IAM is stopped, and leaves nothing behind', () => {
    const code = `import { startIam } from 'iam-sync/testing'
      const iam = await startIam({ project: 'examples/quickstart' })
      await fetch(iam.endpoint + '/healthz')
      await iam.reset()
      await iam.stop()
      console.log('stopped')`
    const { stdout, stderr, status, leftBehind } = inProcess(code)
    expect({ stdout, stderr, status, leftBehind }).toEqual({
      stdout: 'stopped\n',
      stderr: '',
      status: 0,
      leftBehind: [],
    })
  })

  it('loads for it no client of AWS’s, nothing that reads manifests, and of packages the database alone', () => {
    const hooks = `import { writeSync } from 'node:fs'
      export const load = (url, context, next) => { writeSync(2, url + '\\n'); return next(url, context) }`
    const register = `import { register } from 'node:module'
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}))`
    const code = `import { startIam } from 'iam-sync/testing'
      const iam = await startIam()
      const { send, signed } = await import('./bench/signed-calls.mjs')
      const { status, text } = await send(signed(iam, 'iam', 'ListUsers'))
      if (status !== 200) throw new Error(text)
      await iam.stop()`
    const { stderr, status } = inProcess(
      code,
      '--import',
      `data:text/javascript,${encodeURIComponent(register)}`,
    )
    const loaded = stderr.split('\n').filter((line) => line.startsWith('file:'))
    expect(status).toBe(0)
    const packages = loaded.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
    expect([...new Set(packages)]).toEqual(['libsql'])
    const rooms = loaded.flatMap((url) => /dist\/src\/(\w+)\//.exec(url)?.[1] ?? [])
    expect(rooms.length).toBeGreaterThan(100)
    expect(
      rooms.filter((room) => /^(?:manifest|plan|access|checks|report|yaml|source|reconcile)$/.test(room)),
    ).toEqual([])
  })

  it('that a test starts is told of it by its environment', async () => {
    const iam = await start()
    const code = `import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
      console.log((await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: new URL('../../', import.meta.url),
      env: { ...process.env, AWS_SESSION_TOKEN: 'of somebody else', ...iam.env },
    })
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
    })
    await new Promise((resolve) => child.on('close', resolve))
    expect(out).toBe('arn:aws:iam::123456789012:root\n')
  })
})
