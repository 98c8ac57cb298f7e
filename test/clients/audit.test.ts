import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as sdk from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import type { AuditRecord } from '../../src/iam/audit/audit-record.ts'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { runHere } from '../cli/in-process.ts'
import { temporaryFolder } from '../source/folders.ts'
import { type ServeProcess, startServe } from './serve-process.ts'

const PROJECT = 'version: 1\naccounts:\n  sandbox: { id: "111122223333" }\n'

const clientOf = (
  { endpoint }: Pick<ServeProcess, 'endpoint'>,
  { accessKeyId, secretAccessKey }: Pick<ServeProcess, 'accessKeyId' | 'secretAccessKey'>,
) =>
  new sdk.IAMClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })

async function ran(folder: string, ...args: readonly string[]) {
  const { code, out, err } = await runHere('audit', ...args, '--dir', folder)
  return { status: code, stdout: out, stderr: err }
}
const exported = async (folder: string, ...args: readonly string[]) =>
  JSON.parse((await ran(folder, 'export', ...args)).stdout).Records as readonly (AuditRecord & {
    readonly chain: { readonly sequence: number; readonly hash: string }
  })[]
const endsIn = (server: ServeProcess) =>
  server
    .log()
    .split('\n')
    .filter((line) => line.includes('"audit-end"'))
    .map((line) => JSON.parse(line) as { readonly sequence: number; readonly hash: string })

const metricsOf = async ({ endpoint }: ServeProcess) => (await fetch(`${endpoint}/metrics`)).text()

async function writtenDown(server: ServeProcess, count: number): Promise<void> {
  while (!(await metricsOf(server)).includes(`iam_sync_audit_written ${count}\n`)) await sleep(20)
}

it('the audit log of a project: two processes at once, a kill, questions, tampering', async () => {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT })
  expect(await ran(folder, 'verify')).toMatchObject({ status: 0, stdout: 'there are no records\n' })
  expect(await exported(folder)).toEqual([])
  const flags = ['--dir', folder]
  const one = await startServe([...flags, '--bootstrap'])
  const two = await startServe(flags)
  const [first, second] = [clientOf(one, one), clientOf(two, one)]
  await first.send(new sdk.CreateUserCommand({ UserName: 'ada' }))
  const { AccessKey } = await second.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))
  const secret = AccessKey?.SecretAccessKey ?? ''
  const ada = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: secret }
  const denied = Array.from({ length: 40 }, (_, index) =>
    clientOf(index % 2 === 0 ? one : two, ada)
      .send(new sdk.CreateUserCommand({ UserName: `eve${index}` }))
      .catch(() => null),
  )
  await Promise.all(denied)
  expect(await one.stop()).toBe(0)
  expect(await two.stop()).toBe(0)

  // Each call of either, in one chain.
  const records = await exported(folder)
  expect(records.map(({ chain }) => chain.sequence)).toEqual(
    Array.from({ length: 42 }, (_, index) => index + 1),
  )
  expect(
    new Set(records.map(({ requestParameters }) => Reflect.get(requestParameters ?? {}, 'userName'))).size,
  ).toBe(41)
  const end = [...endsIn(one), ...endsIn(two)].sort((a, b) => a.sequence - b.sequence).at(-1)
  expect(end).toMatchObject({ sequence: 42, hash: records.at(-1)?.chain.hash })
  const file = join(folder, '.iam-sync', 'sandbox.db.audit')
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  const bytes = readFileSync(file)
  for (const each of [secret, one.secretAccessKey]) expect(bytes.includes(each)).toBe(false)

  // What it is asked.
  const list = async (...args: readonly string[]) =>
    JSON.parse((await ran(folder, 'list', '--json', ...args)).stdout).records as readonly AuditRecord[]
  expect(await list('--event-name', 'CreateAccessKey')).toHaveLength(1)
  expect(await list('--errors', '--limit', '7')).toHaveLength(7)
  expect(await list('--user', 'ada')).toHaveLength(40)
  for (const who of ['arn:aws:iam::111122223333:user/ada', ada.accessKeyId])
    expect(await list('--user', who)).toHaveLength(40)
  expect((await list('--user', 'arn:aws:iam::111122223333:root')).map(({ eventName }) => eventName)).toEqual([
    'CreateAccessKey',
    'CreateUser',
  ])
  expect(await list('--since', '1h')).toHaveLength(42)
  expect(await list('--until', '2026-01-01')).toHaveLength(0)
  expect(await exported(folder, '--errors', '--event-name', 'CreateUser')).toHaveLength(40)
  const lines = (await ran(folder, 'list', '--limit', '2')).stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(
    /^\S+Z {2}iam:CreateUser {2}arn:aws:iam::111122223333:user\/ada {2}127\.0\.0\.1 {2}AccessDenied$/,
  )

  // A kill takes away what was answered last, and nothing else.
  const three = await startServe(flags)
  await clientOf(three, one).send(new sdk.ListUsersCommand({}))
  await writtenDown(three, 1)
  await three.kill()
  expect((await ran(folder, 'verify')).stdout).toMatch(
    /^43 records, each as it was written\nthe end: 43:[0-9a-f]{64}\n$/,
  )
  const noted = `${end?.sequence}:${end?.hash}`
  expect((await ran(folder, 'verify', '--expect', noted)).status).toBe(0)

  // Whoever writes into the file is found out.
  const tampering = (sql: string) => {
    const connection = new Connection(file)
    connection.exec(sql)
    connection.close()
  }
  tampering(`UPDATE records SET text = replace(text, 'eve7"', 'mallory"') WHERE text LIKE '%eve7"%'`)
  const changed = records.find(
    ({ requestParameters }) => Reflect.get(requestParameters ?? {}, 'userName') === 'eve7',
  )
  const found = await ran(folder, 'verify')
  expect(found).toMatchObject({ status: 4, stdout: '' })
  expect(found.stderr).toContain('error[audit.changed]')
  expect(found.stderr).toMatch(
    new RegExp(
      `\\nexit 4: record ${changed?.chain.sequence} of \`\\.iam-sync/sandbox\\.db\\.audit\` was changed after it was written\n$`,
    ),
  )
  tampering(`UPDATE records SET text = replace(text, 'mallory"', 'eve7"') WHERE text LIKE '%mallory"%'`)
  expect((await ran(folder, 'verify')).status).toBe(0)
  tampering('DELETE FROM records WHERE sequence > 40')
  expect((await ran(folder, 'verify')).stderr).toContain('audit.cut-off')
  // The next one doesn't cover it up.
  const four = await startServe(flags)
  await clientOf(four, one).send(new sdk.ListUsersCommand({}))
  expect(await four.stop()).toBe(0)
  const after = await ran(folder, 'verify', '--json')
  expect(JSON.parse(after.stdout)).toMatchObject({ audit: { problem: { kind: 'removed', sequence: 41 } } })
}, 90_000)

it('calls are answered while the audit log can’t be written, and are written down afterwards', async () => {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT })
  const server = await startServe(['--dir', folder, '--bootstrap'])
  const client = clientOf(server, server)
  await client.send(new sdk.ListUsersCommand({}))
  await writtenDown(server, 1)
  const holder = new Connection(join(folder, '.iam-sync', 'sandbox.db.audit'))
  holder.exec('BEGIN IMMEDIATE')
  for (let index = 0; index < 20; index++)
    await client.send(new sdk.CreateUserCommand({ UserName: `u${index}` }))
  expect(await metricsOf(server)).toContain('iam_sync_audit_waiting 20\n')
  holder.exec('ROLLBACK')
  holder.close()
  expect(await server.stop()).toBe(0)
  expect(
    (await exported(folder)).map(({ requestParameters }) => Reflect.get(requestParameters ?? {}, 'userName')),
  ).toEqual([undefined, ...Array.from({ length: 20 }, (_, index) => `u${index}`)])
  expect((await ran(folder, 'verify')).status).toBe(0)
}, 60_000)
