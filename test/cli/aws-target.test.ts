// Commands about an account that answers over HTTP, as `iam-sync serve` does.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as sdk from '@aws-sdk/client-iam'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { formsOf } from '../../src/model/redaction.ts'
import { type Credentials, clientOf, type Served, served } from '../server/http/served.ts'
import { commitAll, writeFiles } from '../source/folders.ts'
import { losingProxy } from '../target/losing-proxy.ts'
import { runHere } from './in-process.ts'
import { PEOPLE, sandbox } from './projects.ts'
import { jsonOf, type Ran } from './run.ts'

const ID = '123456789012'
const recipient = await identityToRecipient(await generateIdentity())

let server: Served
beforeAll(async () => {
  server = await served()
})
afterAll(() => server.stop())
afterEach(() => vi.unstubAllEnvs())

const project = (endpoint: string, id = ID) => `version: 1
accounts:
  sandbox: { id: "${id}", target: { kind: aws, endpoint: "${endpoint}" } }
scope: { users: declared, groups: all }
`

function inEnvironment({ accessKeyId, secretAccessKey, sessionToken = '' }: Credentials): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey)
  vi.stubEnv('AWS_SESSION_TOKEN', sessionToken)
}

const codesOf = (ran: Ran): readonly string[] =>
  jsonOf(ran).diagnostics.flatMap(({ severity, code }: { severity: string; code: string }) =>
    severity === 'error' ? [code] : [],
  )

async function userWithKey(name: string): Promise<Credentials> {
  const root = clientOf(server, server.root)
  await root.send(new sdk.CreateUserCommand({ UserName: name, Path: '/by-hand/' }))
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: name }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

/** ARNs. */
const deletedBy = async (...words: readonly string[]): Promise<readonly string[]> =>
  jsonOf(await runHere('plan', '--json', ...words)).plans[0].changes.flatMap(
    ({ action, arn }: { action: string; arn: string }) => (action === 'delete' ? [arn] : []),
  )

/** Answers everything in the same way. */
async function answering(status: number, body: string): Promise<{ endpoint: string; server: Server }> {
  const web = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  return { endpoint: `http://127.0.0.1:${(web.address() as AddressInfo).port}`, server: web }
}

describe('an account at an endpoint', () => {
  it('is planned, applied and asked about; the second plan is empty, and it is said that no journal is kept', async () => {
    const folder = sandbox(PEOPLE, project(server.endpoint))
    inEnvironment(server.root)
    const planned = await runHere('plan', '--dir', folder)
    expect(planned.err).toContain('warning[manifest.no-journal]')
    expect(planned.code).toBe(0)
    const applied = await runHere('apply', '--yes', '--dir', folder, '--json')
    expect([applied.code, applied.err]).toEqual([0, ''])
    expect(jsonOf(applied).results[0].verified).toBe(true)
    const again = await runHere('plan', '--exit-code', '--dir', folder, '--json')
    expect([again.code, jsonOf(again).plans[0].changes]).toEqual([0, []])
    const { Groups } = await clientOf(server, server.root).send(
      new sdk.ListGroupsForUserCommand({ UserName: 'alice' }),
    )
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['developers'])
    const asked = await runHere(
      'who-can',
      's3:GetObject',
      '*',
      '--as-of',
      'target',
      '--dir',
      folder,
      '--json',
    )
    expect([asked.code, asked.out]).toEqual([0, expect.stringContaining(':user/alice')])
    const history = await runHere('history', '--dir', folder, '--json')
    expect([history.code, jsonOf(history).entries]).toEqual([0, []])
  })

  it('is applied though each call is lost once, whose account it is asked about too', async () => {
    inEnvironment(server.root)
    const proxy = await losingProxy(server.port, ({ times }) => (times === 0 ? 'dropped after' : 'passed'))
    try {
      const scoped = project(proxy.endpoint).replace('groups: all', 'groups: declared')
      const folder = sandbox('users: { lost: { tags: { team: a } } }\n', scoped)
      const applied = await runHere('apply', '--yes', '--dir', folder, '--json')
      expect([applied.code, jsonOf(applied).results[0].verified]).toEqual([0, true])
      expect(proxy.calls[0]).toMatchObject({ operation: 'GetCallerIdentity', fate: 'dropped after' })
      expect(proxy.calls.filter(({ fate }) => fate !== 'passed').length).toBeGreaterThan(5)
    } finally {
      await proxy.stop()
    }
  })

  it('loses what is declared no more by `--base` alone, or where the scope is `all`', async () => {
    inEnvironment(server.root)
    const scoped = project(server.endpoint)
    const folder = sandbox(
      'users: { carl: {}, dora: {} }\n',
      scoped.replace('groups: all', 'groups: declared'),
    )
    await runHere('apply', '--yes', '--dir', folder)
    await commitAll(folder, 'both')
    writeFiles(folder, { 'people.yaml': 'users: { carl: {} }\n' })
    expect(await deletedBy('--dir', folder)).toEqual([])
    expect(await deletedBy('--dir', folder, '--base', 'HEAD')).toEqual([`arn:aws:iam::${ID}:user/dora`])
    writeFiles(folder, { 'iam-sync.yaml': scoped })
    expect(await deletedBy('--dir', folder)).toEqual([`arn:aws:iam::${ID}:group/developers`])
  })

  it.each(['plan', 'apply'])('isn’t touched by a %s if it is not the project’s', async (command) => {
    const folder = sandbox(PEOPLE, project(server.endpoint, '111122223333'))
    inEnvironment(server.root)
    const before = server.log.length
    const ran = await runHere(command, ...(command === 'apply' ? ['--yes'] : []), '--dir', folder, '--json')
    expect([ran.code, codesOf(ran)]).toEqual([1, ['aws.wrong-account']])
    expect(ran.out).toContain(ID)
    expect(server.log.slice(before).map(({ operation }) => operation)).toEqual(['GetCallerIdentity'])
  })

  it('takes credentials from the environment, and says which are lacking', async () => {
    const folder = sandbox(PEOPLE, project(server.endpoint))
    inEnvironment({ accessKeyId: '', secretAccessKey: 'canary/+secret' })
    const ran = await runHere('plan', '--dir', folder)
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('error[aws.no-credentials]')
    expect(ran.err).toContain('no `AWS_ACCESS_KEY_ID`\n')
    expect(ran.err).not.toContain('canary')
    inEnvironment({ accessKeyId: 'AKIA', secretAccessKey: 'canary\nsecret' })
    const broken = await runHere('plan', '--dir', folder)
    expect([broken.code, broken.err]).toEqual([1, expect.stringContaining('error[aws.bad-credentials]')])
    expect(broken.err).not.toContain('canary')
  })

  it('is not opened by commands that ask only what the YAML says', async () => {
    const folder = sandbox(PEOPLE, project('http://127.0.0.1:9'))
    inEnvironment({ accessKeyId: '', secretAccessKey: '' })
    expect((await runHere('validate', '--dir', folder)).code).toBe(0)
    expect((await runHere('who-can', 's3:GetObject', '*', '--dir', folder)).code).toBe(0)
  })

  it('that nobody answers for, or that no IAM does, is said at once', async () => {
    inEnvironment(server.root)
    const nobody = await runHere('plan', '--dir', sandbox(PEOPLE, project('http://127.0.0.1:9')), '--json')
    expect([nobody.code, codesOf(nobody)]).toEqual([1, ['aws.no-answer']])
    for (const [status, body] of [
      [500, '<html><body>proxy error<br></body></html>'],
      [200, '<html><body>welcome</body></html>'],
      [404, '{"error":"no such page"}'],
      [200, ''],
      [403, 'forbidden'],
    ] as const) {
      const page = await answering(status, body)
      const ran = await runHere('plan', '--dir', sandbox(PEOPLE, project(page.endpoint)), '--json')
      page.server.close()
      expect([status, body, ran.code, codesOf(ran)]).toEqual([status, body, 1, ['aws.no-answer']])
    }
  })

  it('refuses who may not read it, by name', async () => {
    const folder = sandbox(PEOPLE, project(server.endpoint))
    const key = await userWithKey('nobody')
    inEnvironment(key)
    const denied = await runHere('plan', '--dir', folder, '--json')
    expect([denied.code, codesOf(denied)]).toEqual([1, ['aws.access-denied']])
    const [said] = jsonOf(denied).diagnostics.filter(
      ({ code }: { code: string }) => code === 'aws.access-denied',
    )
    expect(said.message).toContain('is not authorized to perform: iam:')
    expect(said.help).toContain(`arn:aws:iam::${ID}:user/by-hand/nobody`)
    inEnvironment({ ...key, secretAccessKey: `${key.secretAccessKey.slice(1)}x` })
    const mistyped = await runHere('plan', '--dir', folder, '--json')
    expect([mistyped.code, codesOf(mistyped)]).toEqual([1, ['aws.credentials-refused']])
    inEnvironment({ ...key, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' })
    const unknown = await runHere('plan', '--dir', folder, '--json')
    expect([unknown.code, codesOf(unknown)]).toEqual([1, ['aws.credentials-refused']])
  })

  it('doesn’t let whoever deploys take from themselves what they deploy by', async () => {
    const deployer = await userWithKey('deployer')
    const root = clientOf(server, server.root)
    await root.send(
      new sdk.AttachUserPolicyCommand({
        UserName: 'deployer',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    )
    inEnvironment(deployer)
    const folder = sandbox(
      'users:\n  deployer: { path: /by-hand/, managedPolicies: [] }\n',
      project(server.endpoint).replace('groups: all', 'groups: declared'),
    )
    const ran = await runHere('apply', '--yes', '--dir', folder, '--json')
    expect(ran.code).toBe(3)
    expect(ran.out).toContain('guard.deployer')
  })

  it('shows no part of a credential, whatever becomes of a command', async () => {
    const secretAccessKey = 'CANARYsecret/+CANARYsecret/+CANARYsecret'
    const sessionToken = 'CANARYtoken/+=CANARYtoken'
    // Whoever answers may send back what it was sent.
    const echo = createServer((request, response) => {
      request.resume()
      response
        .writeHead(400)
        .end(
          `<ErrorResponse><Error><Code>InvalidInput</Code><Message>${JSON.stringify(request.headers)}</Message></Error></ErrorResponse>`,
        )
    })
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    const port = (echo.address() as AddressInfo).port
    inEnvironment({ ...server.root, secretAccessKey, sessionToken })
    vi.stubEnv('IAM_SYNC_DEBUG', '1')
    const endpoints = [server.endpoint, `http://127.0.0.1:${port}`, 'http://127.0.0.1:9']
    for (const endpoint of endpoints)
      for (const words of [['plan'], ['plan', '--json'], ['apply', '--yes']]) {
        const { out, err } = await runHere(...words, '--dir', sandbox(PEOPLE, project(endpoint)))
        for (const form of [secretAccessKey, sessionToken].flatMap(formsOf))
          expect(`${out}${err}`).not.toContain(form)
      }
    echo.close()
  })

  it.each(['backup', 'serve'])('has no file that a %s could be about', async (command) => {
    const folder = sandbox(PEOPLE, project(server.endpoint))
    const ran = await runHere(command, ...(command === 'backup' ? ['copy.db'] : []), '--dir', folder)
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('error[cli.no-database]')])
  })

  it('makes no key that it couldn’t tell from others later', async () => {
    inEnvironment(server.root)
    const folder = sandbox(
      `users: { robot: { accessKeys: { ci: {} }, recipients: [${recipient}] } }\n`,
      project(server.endpoint).replace('groups: all', 'groups: declared'),
    )
    const ran = await runHere('apply', '--yes', '--dir', folder, '--secrets-to', `${folder}/secrets`)
    expect([ran.code, ran.out]).toEqual([1, expect.stringContaining("can't keep which one it is")])
    const { AccessKeyMetadata } = await clientOf(server, server.root).send(
      new sdk.ListAccessKeysCommand({ UserName: 'robot' }),
    )
    expect(AccessKeyMetadata).toEqual([])
  })
})
