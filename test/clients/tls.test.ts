// `serve` by TLS, with certificates that openssl makes for the test.
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as sdk from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { awsEnvironment, BIN, HAS_BOTO3, type ServeProcess, startServe } from './serve-process.ts'

const run = promisify(execFile)
const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0

/** An authority, and one that nobody knows: each with a certificate for this machine. */
function makeCertificates(folder: string, name: string): void {
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}-ca.key`,
    '-out',
    `${name}-ca.pem`,
  )
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', `${name}.key`, '-out', `${name}.csr`)
  writeFiles(folder, { [`${name}.ext`]: 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' })
  openssl(
    'x509',
    ...['-req', '-in', `${name}.csr`, '-CA', `${name}-ca.pem`, '-CAkey', `${name}-ca.key`, '-CAcreateserial'],
    ...['-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
  )
}

describe.skipIf(!HAS_OPENSSL)('by TLS (skipped where openssl isn’t installed)', () => {
  const folder = temporaryFolder({})
  const at = (file: string) => join(folder, file)
  let server: ServeProcess
  beforeAll(async () => {
    for (const name of ['known', 'unknown']) makeCertificates(folder, name)
    const tls = ['--tls-cert', at('known.pem'), '--tls-key', at('known.key')]
    server = await startServe(['--ephemeral', ...tls])
  }, 30_000)
  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  const clientTrusting = (
    authority: string,
    credentials: { accessKeyId: string; secretAccessKey: string } = server,
  ) =>
    new sdk.IAMClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials,
      requestHandler: { httpsAgent: new Agent({ ca: readFileSync(at(authority)) }) },
    })

  it('who knows its authority is served, by an address that says so, and policies know of it', async () => {
    expect(server.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const root = clientTrusting('known-ca.pem')
    await root.send(new sdk.CreateUserCommand({ UserName: 'ada' }))
    await root.send(
      new sdk.PutUserPolicyCommand({
        UserName: 'ada',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'iam:ListUsers',
              Resource: '*',
              Condition: { Bool: { 'aws:SecureTransport': 'true' } },
            },
          ],
        }),
      }),
    )
    const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))
    const ada = clientTrusting('known-ca.pem', {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    })
    const { Users } = await ada.send(new sdk.ListUsersCommand({}))
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['ada'])
    for (const client of [root, ada]) client.destroy()
  })

  it('who knows another authority, or none of its kind, doesn’t speak to it', async () => {
    const stranger = clientTrusting('unknown-ca.pem')
    const refused = await stranger.send(new sdk.ListUsersCommand({})).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: expect.stringMatching(/^(?:UNABLE_TO_VERIFY|SELF_SIGNED|DEPTH_ZERO)/),
    })
    stranger.destroy()
    await expect(fetch(`${server.endpoint}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('who speaks without it has no answer', async () => {
    const answer = await new Promise<unknown>((resolve) => {
      const { port } = new URL(server.endpoint)
      plainRequest({ host: '127.0.0.1', port, path: '/healthz' }, resolve)
        .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
        .end()
    })
    expect(answer).toMatch(/^(?:ECONNRESET|HPE_INVALID)/)
  })

  it.skipIf(!HAS_BOTO3)(
    'boto3 is served, and refuses another authority (skipped where it isn’t installed)',
    async () => {
      const script = `
import boto3, sys
from botocore.config import Config
from botocore.exceptions import SSLError
for authority in sys.argv[2:]:
    iam = boto3.client("iam", endpoint_url=sys.argv[1], verify=authority, config=Config(retries={"total_max_attempts": 1}))
    try:
        print(len(iam.list_users()["Users"]))
    except SSLError:
        print("refused")
`
      const { stdout } = await run(
        'python3',
        ['-c', script, server.endpoint, at('known-ca.pem'), at('unknown-ca.pem')],
        { env: awsEnvironment(server) },
      )
      expect(stdout.trim().split('\n')).toEqual(['1', 'refused'])
    },
    30_000,
  )

  it('a project with its address is planned where Node knows the authority', async () => {
    const project = temporaryFolder({
      'iam-sync.yaml': `version: 1\naccounts: { a: { id: "123456789012", target: { kind: aws, endpoint: "${server.endpoint}" } } }\n`,
      'main.yaml': 'users: { ada: {} }\n',
    })
    const planned = (authority: string) =>
      run(process.execPath, [BIN, 'plan', '--dir', project, '--json'], {
        env: { ...awsEnvironment(server), NODE_EXTRA_CA_CERTS: at(authority) },
      }).then(
        () => 'planned',
        ({ stdout }: { readonly stdout: string }) =>
          JSON.parse(stdout).diagnostics.map(({ code }: { readonly code: string }) => code),
      )
    expect(await planned('known-ca.pem')).toBe('planned')
    expect(await planned('unknown-ca.pem')).toContain('aws.no-answer')
  }, 60_000)

  it('a key that is not the certificate’s is refused before anything is served', () => {
    const tls = ['--tls-cert', at('known.pem'), '--tls-key', at('unknown.key')]
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [BIN, 'serve', '--ephemeral', '--port', '0', ...tls],
      { encoding: 'utf8' },
    )
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error[serve.tls]')
  }, 30_000)
})
