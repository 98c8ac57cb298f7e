import { setTimeout as sleep } from 'node:timers/promises'
import * as iam from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHere } from '../cli/in-process.ts'
import { iamSync, jsonOf, type Ran } from '../cli/run.ts'
import { now } from '../real-clock.ts'
import { temporaryFolder } from '../source/folders.ts'
import { type ServeProcess, startServe } from './serve-process.ts'

const ID = '111122223333'
const arnOf = (role: string) => `arn:aws:iam::${ID}:role/${role}`
const trusting = (principal: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "${principal}" }, Action: "sts:AssumeRole" }] }`
const PEOPLE = `users:
  ada:
    inlinePolicies:
      assume: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "sts:AssumeRole", Resource: "*" }] }
roles:
  first:
    trustPolicy: ${trusting(`arn:aws:iam::${ID}:user/ada`)}
    inlinePolicies:
      may: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: ["iam:ListRoles", "sts:AssumeRole"], Resource: "*" }] }
  second:
    trustPolicy: ${trusting(arnOf('first'))}
    inlinePolicies:
      may: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "iam:ListRoles", Resource: "*" }] }
  apart:
    trustPolicy: ${trusting(`arn:aws:iam::${ID}:user/ada`)}
`

type Given = sts.Credentials | undefined

let serve: ServeProcess
let folder = ''
const root = () => ({ accessKeyId: serve.accessKeyId, secretAccessKey: serve.secretAccessKey })
const of = (given: Given) => ({
  accessKeyId: given?.AccessKeyId ?? '',
  secretAccessKey: given?.SecretAccessKey ?? '',
  ...(given?.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
})
const common = () => ({ endpoint: serve.endpoint, region: 'us-east-1', maxAttempts: 1 })

let ada = root
const assumed = async (role: string, credentials = ada()): Promise<Given> =>
  (
    await new sts.STSClient({ ...common(), credentials }).send(
      new sts.AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName: 'work' }),
    )
  ).Credentials

/** What a session's call is refused with; null: it isn't. */
const refusalOf = (given: Given): Promise<string | null> =>
  new iam.IAMClient({ ...common(), credentials: of(given) }).send(new iam.ListRolesCommand({})).then(
    () => null,
    (error: Error) => error.name,
  )

beforeAll(async () => {
  folder = temporaryFolder({
    'iam-sync.yaml': `version: 1\naccounts:\n  sandbox: { id: "${ID}" }\n`,
    'people.yaml': PEOPLE,
  })
  expect(await runHere('apply', folder, '--yes')).toMatchObject({ code: 0 })
  serve = await startServe(['--dir', folder, '--bootstrap'])
  const { AccessKey } = await new iam.IAMClient({ ...common(), credentials: root() }).send(
    new iam.CreateAccessKeyCommand({ UserName: 'ada' }),
  )
  ada = () => ({
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  })
}, 60_000)

afterAll(async () => {
  await serve?.stop()
})

const revoke = (...args: readonly string[]): Promise<Ran> => runHere('revoke', ...args, '--dir', folder)

describe('revoke, while the account is served', () => {
  it('ends the sessions of the role, not those of roles chained from it, and later ones work', async () => {
    const first = await assumed('first')
    const second = await assumed('second', of(first))
    expect([await refusalOf(first), await refusalOf(second)]).toEqual([null, null])
    const dry = jsonOf(await revoke('role/first', '--dry-run', '--json'))
    expect(dry.roles).toMatchObject([
      { role: arnOf('first'), from: null, status: 'planned', before: null },
      { role: arnOf('second'), from: arnOf('first'), decision: 'allow', status: 'left' },
    ])
    expect(await refusalOf(first)).toBeNull()

    const ran = await revoke('role/first', '--yes', '--json')
    expect(ran.code, ran.err).toBe(0)
    const { roles, diagnostics } = jsonOf(ran)
    expect(roles.map(({ status }: { readonly status: string }) => status)).toEqual(['done', 'left'])
    expect(diagnostics).toMatchObject([{ code: 'revoke.chained' }, { code: 'revoke.undone-by-apply' }])
    expect([await refusalOf(first), await refusalOf(second)]).toEqual(['AccessDenied', null])
    await sleep(1100)
    expect(await refusalOf(await assumed('first'))).toBeNull()
  }, 60_000)

  it('--chain ends those too, again and again', async () => {
    const first = await assumed('first')
    const second = await assumed('second', of(first))
    const ran = await revoke('role/first', '--chain', '--yes', '--json')
    expect(ran.code, ran.err).toBe(0)
    const { roles, diagnostics } = jsonOf(ran)
    expect(diagnostics).toMatchObject([{ code: 'revoke.undone-by-apply' }])
    expect(roles.map(({ status }: { readonly status: string }) => status)).toEqual(['done', 'done'])
    expect([await refusalOf(first), await refusalOf(second)]).toEqual(['AccessDenied', 'AccessDenied'])
    // Up to one moment that is the same for all.
    expect(new Set(roles.map(({ before }: { readonly before: string }) => before)).size).toBe(1)
    await sleep(Math.max(0, Date.parse(roles[0].before) - now()) + 100)
    const later = await assumed('first')
    expect([await refusalOf(later), await refusalOf(await assumed('second', of(later)))]).toEqual([
      null,
      null,
    ])
  }, 60_000)

  it('over HTTP, of an account that is a target', async () => {
    const elsewhere = temporaryFolder({
      'iam-sync.yaml': `version: 1\naccounts:\n  there: { id: "${ID}", target: { kind: aws, endpoint: "${serve.endpoint}" } }\n`,
      'people.yaml': PEOPLE,
    })
    const first = await assumed('first')
    const { accessKeyId, secretAccessKey } = root()
    const ran = await iamSync(['revoke', arnOf('first'), '--yes', '--json', '--dir', elsewhere], {
      env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    })
    expect(ran.code, ran.err).toBe(0)
    expect(await refusalOf(first)).toBe('AccessDenied')
  }, 60_000)

  it('is noted in the journal', async () => {
    const { entries } = jsonOf(await runHere('history', folder, '--json'))
    expect(entries[0]).toMatchObject({ outcome: 'complete', summary: { done: 2, failed: 0, skipped: 0 } })
  }, 60_000)
})
