// `serve` and `apply` as processes of their own, on one database at the same time.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as sdk from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { runHere } from '../cli/in-process.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { awsEnvironment, BIN, HAS_BOTO3, type ServeProcess, startServe } from './serve-process.ts'

const run = promisify(execFile)

const PROJECT =
  'version: 1\naccounts:\n  sandbox: { id: "111122223333" }\nscope: { users: declared }\nguard: { maxDeletePercent: 100 }\n'
const ALLOW = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})

let folder: string
let server: ServeProcess
let root: sdk.IAMClient
const clientOf = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) => ({
  endpoint: server.endpoint,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
})

beforeAll(async () => {
  folder = temporaryFolder({ 'iam-sync.yaml': PROJECT })
  server = await startServe(['--dir', folder, '--bootstrap'])
  root = new sdk.IAMClient(clientOf(server))
}, 30_000)
afterAll(async () => {
  root.destroy()
  expect(await server.stop()).toBe(0)
  // Whatever was going on, nothing of it was a failure.
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  expect(lines.filter(({ level, status = 0 }) => level !== 'info' || status >= 500)).toEqual([])
})

/** The command as a process. @returns its exit code and what it says */
const iamSync = (...words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> =>
  run(process.execPath, [BIN, ...words, '--dir', folder], { encoding: 'utf8' }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  )

/** The same in this process: to the one that serves, that is another one too. */
const here = async (
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> => {
  const { code, out, err } = await runHere(...words, '--dir', folder)
  return { code, said: out + err }
}

const declare = (manifest: object) => writeFiles(folder, { 'main.yaml': JSON.stringify(manifest) })
const refusalBy = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    ({ name }: Error) => name,
  )

it('whatever one writes the other has at once: who may, who is, and whose keys are whose', async () => {
  declare({ users: { ada: {} } })
  expect((await here('apply', '--yes')).code).toBe(0)
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  }
  const ada = new sdk.IAMClient(clientOf(credentials))
  const adaAtSts = new sts.STSClient(clientOf(credentials))
  const listed = () => refusalBy(ada.send(new sdk.ListUsersCommand({})))
  expect(await listed()).toBe('AccessDenied')

  const mayList = { inlinePolicies: { own: ALLOW('iam:ListUsers'), assume: ALLOW('sts:AssumeRole') } }
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:user/ada' },
        Action: 'sts:AssumeRole',
      },
    ],
  }
  declare({ users: { ada: mayList }, roles: { deploy: { trustPolicy, ...mayList } } })
  expect((await here('apply', '--yes')).code).toBe(0)
  expect(await listed()).toBe('done')
  const { Credentials } = await adaAtSts.send(
    new sts.AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::111122223333:role/deploy',
      RoleSessionName: 'one',
    }),
  )
  const session = new sdk.IAMClient({
    ...clientOf(credentials),
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  const listedBySession = () => refusalBy(session.send(new sdk.ListUsersCommand({})))
  expect(await listedBySession()).toBe('done')

  declare({ users: { ada: { inlinePolicies: {} } }, roles: { deploy: { trustPolicy, inlinePolicies: {} } } })
  expect((await here('apply', '--yes')).code).toBe(0)
  expect([await listed(), await listedBySession()]).toEqual(['AccessDenied', 'AccessDenied'])

  // A user who goes, with a key that nobody declares, and a role with a session that lives.
  declare({})
  expect((await here('apply', '--yes')).code).toBe(0)
  expect([await listed(), await listedBySession()]).toEqual(['InvalidClientTokenId', 'InvalidClientTokenId'])
  for (const client of [ada, adaAtSts, session]) client.destroy()
}, 120_000)

it('what others changed since a plan was saved makes it stale, what they did elsewhere doesn’t', async () => {
  declare({ users: { bob: { tags: { team: 'a' } } } })
  expect((await here('apply', '--yes')).code).toBe(0)
  declare({ users: { bob: { tags: { team: 'b' } } } })
  const file = join(temporaryFolder({}), 'plan.json')
  expect((await here('plan', '--out', file)).code).toBe(0)
  await root.send(new sdk.CreateUserCommand({ UserName: 'elsewhere' }))
  await root.send(new sdk.TagUserCommand({ UserName: 'bob', Tags: [{ Key: 'team', Value: 'c' }] }))
  const stale = await here('apply', '--plan', file)
  expect([stale.code, stale.said]).toEqual([5, expect.stringContaining('apply.stale')])
  const tagsOfBob = async () =>
    (await root.send(new sdk.ListUserTagsCommand({ UserName: 'bob' }))).Tags?.map(({ Value }) => Value)
  expect(await tagsOfBob()).toEqual(['c'])
  await root.send(new sdk.TagUserCommand({ UserName: 'bob', Tags: [{ Key: 'team', Value: 'a' }] }))
  expect((await here('apply', '--plan', file)).code).toBe(0)
  expect(await tagsOfBob()).toEqual(['b'])
}, 120_000)

it('applies and clients that write at once lose nothing of each other, and leave nothing half done', async () => {
  const MANY = 12
  const names = (prefix: string) => Array.from({ length: MANY }, (_, number) => `${prefix}${number}`)
  const stateOf = (value: string) => ({
    policies: Object.fromEntries(
      names('p').map((name) => [name, { document: ALLOW(`s3:${value}`), tags: { value } }]),
    ),
    users: Object.fromEntries(
      names('u').map((name, at) => [name, { tags: { value }, managedPolicies: [`p${at}`] }]),
    ),
  })
  let isApplied = false
  const applies = async () => {
    for (const value of ['GetObject', 'PutObject']) {
      declare(stateOf(value))
      expect(await iamSync('apply', '--yes')).toMatchObject({ code: 0 })
    }
    isApplied = true
  }
  /** As many as there is time for, and some. */
  const bySdk = async (prefix: string): Promise<readonly string[]> => {
    const made: string[] = []
    for (let number = 0; number < MANY || !isApplied; number++) {
      const UserName = `${prefix}${number}`
      await root.send(new sdk.CreateUserCommand({ UserName, Tags: [{ Key: 'by', Value: prefix }] }))
      await root.send(
        new sdk.PutUserPolicyCommand({
          UserName,
          PolicyName: 'own',
          PolicyDocument: JSON.stringify(ALLOW('s3:ListBucket')),
        }),
      )
      made.push(UserName)
      // The applies are to have most of the processor.
      await pause(5)
    }
    return made
  }
  const byBoto3 = async (): Promise<number> => {
    if (!HAS_BOTO3) return 0
    const script = join(import.meta.dirname, 'boto3-groups.py')
    const { stdout } = await run('python3', [script, server.endpoint, 'boto', '40'], {
      env: awsEnvironment(server),
    })
    return Number(stdout)
  }
  const [, one, other, groups] = await Promise.all([applies(), bySdk('one-'), bySdk('other-'), byBoto3()])

  const { UserDetailList, GroupDetailList, Policies } = await root.send(
    new sdk.GetAccountAuthorizationDetailsCommand({
      Filter: ['User', 'Group', 'LocalManagedPolicy'],
      MaxItems: 1000,
    }),
  )
  const users = new Map(UserDetailList?.map((user) => [user.UserName, user]))
  for (const name of [...one, ...other])
    expect([name, users.get(name)?.Tags?.length, users.get(name)?.UserPolicyList?.length]).toEqual([
      name,
      1,
      1,
    ])
  const boto = GroupDetailList?.filter(({ GroupName }) => GroupName?.startsWith('boto')) ?? []
  expect(boto.map(({ GroupPolicyList }) => GroupPolicyList?.length)).toEqual(Array(groups).fill(1))
  for (const [at, name] of names('u').entries())
    expect(users.get(name)).toMatchObject({
      Tags: [{ Key: 'value', Value: 'PutObject' }],
      AttachedManagedPolicies: [{ PolicyName: `p${at}` }],
    })
  expect(Policies?.map(({ PolicyVersionList }) => PolicyVersionList?.length)).toEqual(Array(MANY).fill(2))
  expect((await iamSync('plan', '--exit-code')).code).toBe(0)
}, 120_000)

it('an apply that is killed is seen as far as it came, each user whole, and the next one ends it', async () => {
  const names = Array.from({ length: 60 }, (_, number) => `k${number}`)
  const inlinePolicies = { own: ALLOW('s3:GetObject') }
  declare({ users: Object.fromEntries(names.map((name) => [name, { tags: { team: 'k' }, inlinePolicies }])) })
  const there = async () => {
    const { Users = [] } = await root.send(new sdk.ListUsersCommand({ MaxItems: 1000 }))
    return Users.flatMap(({ UserName = '' }) => (names.includes(UserName) ? [UserName] : []))
  }
  const killed = spawn(process.execPath, [BIN, 'apply', '--yes', '--dir', folder], { stdio: 'ignore' })
  const ended = once(killed, 'exit')
  while ((await there()).length === 0 && killed.exitCode === null);
  killed.kill('SIGKILL')
  await ended
  const seen = await there()
  expect(seen.length).toBeGreaterThan(0)
  for (const UserName of seen)
    expect((await root.send(new sdk.ListUserTagsCommand({ UserName }))).Tags).toHaveLength(1)
  expect(await iamSync('apply', '--yes')).toMatchObject({ code: 0 })
  expect(await there()).toHaveLength(names.length)
  expect(await iamSync('plan', '--exit-code')).toMatchObject({ code: 0 })
}, 120_000)

it('a call that finds the database locked waits for it', async () => {
  const other = new Connection(join(folder, '.iam-sync', 'sandbox.db'))
  other.exec('BEGIN IMMEDIATE')
  const made = root.send(new sdk.CreateUserCommand({ UserName: 'patient' }))
  const read = root.send(new sdk.ListUsersCommand({ MaxItems: 1 }))
  await pause(400)
  other.exec('COMMIT')
  other.close()
  expect((await made).User?.UserName).toBe('patient')
  expect((await read).Users).toHaveLength(1)
}, 30_000)
