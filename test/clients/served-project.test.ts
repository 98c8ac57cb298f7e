import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import { runHere } from '../cli/in-process.ts'
import { temporaryFolder } from '../source/folders.ts'
import { type ServeProcess, startServe } from './serve-process.ts'

const PROJECT = 'version: 1\naccounts:\n  sandbox: { id: "111122223333" }\n'
const clientOf = (
  { endpoint }: ServeProcess,
  { accessKeyId, secretAccessKey }: Omit<ServeProcess, 'endpoint'>,
) =>
  new sdk.IAMClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })

it('the account of a project keeps its root key and what was written, from one serve to the next', async () => {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT })
  const flags = ['--dir', folder]
  const first = await startServe([...flags, '--bootstrap'])
  expect(first.bearerToken).toBeUndefined()
  await clientOf(first, first).send(new sdk.CreateUserCommand({ UserName: 'ada' }))
  expect(await first.stop()).toBe(0)

  // What is kept beside the database opens it, and only its owner reads that.
  const database = join(folder, '.iam-sync', 'sandbox.db')
  if (process.platform !== 'win32') expect(statSync(`${database}.key`).mode & 0o777).toBe(0o600)
  expect(readFileSync(database).includes(first.secretAccessKey)).toBe(false)

  const second = await startServe(flags)
  expect(second.accessKeyId).toBeUndefined()
  const { Users } = await clientOf(second, first).send(new sdk.ListUsersCommand({}))
  expect(Users?.map(({ Arn }) => Arn)).toEqual(['arn:aws:iam::111122223333:user/ada'])
  expect(await second.stop()).toBe(0)

  const again = await runHere('serve', '--port', '0', ...flags, '--bootstrap')
  expect([again.code, again.out, again.err]).toEqual([
    1,
    '',
    expect.stringContaining('error[serve.has-root-key]'),
  ])

  const third = await startServe([...flags, '--replace-root-key'])
  await expect(clientOf(third, first).send(new sdk.ListUsersCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
  expect((await clientOf(third, third).send(new sdk.ListUsersCommand({}))).Users).toHaveLength(1)
  expect(await third.stop()).toBe(0)
}, 60_000)

it('without the master key no key signs, and nothing else is lost', async () => {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT })
  const key = 'a'.repeat(64)
  const started = (masterKey: string, ...more: readonly string[]) =>
    startServe(['--dir', folder, ...more], { IAM_SYNC_MASTER_KEY: masterKey })
  const first = await started(key, '--bootstrap')
  await clientOf(first, first).send(new sdk.CreateUserCommand({ UserName: 'ada' }))
  await first.stop()
  const other = await started('b'.repeat(64))
  await expect(clientOf(other, first).send(new sdk.ListUsersCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
  await other.stop()
  const back = await started(key)
  expect((await clientOf(back, first).send(new sdk.ListUsersCommand({}))).Users).toHaveLength(1)
  await back.stop()
}, 60_000)

it.each([
  [['--host', '0.0.0.0'], 'serve.plain-http'],
  [['--tls-cert', 'cert.pem'], 'serve.tls'],
  [['--rate-limit', 'often'], 'serve.bad-rate'],
  [['--bootstrap'], 'serve.ephemeral'],
  [['--imds', '0'], 'serve.imds'],
  [['--imds', 'x', '--imds-instance-profile', 'web'], 'serve.bad-port'],
])('%j is refused before anything is served', async (flags, refusal) => {
  const { code, out, err } = await runHere('serve', '--ephemeral', ...flags)
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain(`error[${refusal}]`)
})
