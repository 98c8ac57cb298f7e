// Keys of a provider of OpenID Connect that are fetched from its server, whatever that does.

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as sdk from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { fetchText } from '../../../src/cli/serving/fetch-text.ts'
import { openProviderKeys } from '../../../src/cli/serving/provider-keys.ts'
import { now as realNow } from '../../real-clock.ts'
import { clientOf, refusalBy, type Served, served } from './served.ts'

const ISSUER = 'https://idp.example'
/** In place of the seconds that are waited for. */
const IN_TIME = 300

let now = realNow()
let answers: Readonly<Record<string, (response: ServerResponse) => void>> = {}
let asked: string[] = []
const provider = createServer((request, response) => {
  const { url = '/' } = request
  asked.push(url)
  const answer = answers[url]
  if (answer === undefined) response.writeHead(404).end('no such page')
  else answer(response)
})
const json = (value: unknown) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
const DISCOVERY = '/.well-known/openid-configuration'
const KEYS = '/keys'
const configuration = { issuer: ISSUER, jwks_uri: `${ISSUER}${KEYS}` }

/** As the server would, by its name, were it not for the certificate. */
const get = (url: string): Promise<string> => {
  const { port } = provider.address() as AddressInfo
  return fetchText(url.replace(ISSUER, `http://127.0.0.1:${port}`), IN_TIME)
}
const opened = () => openProviderKeys(null, get, () => now)

interface SigningKey {
  readonly kid: string
  readonly publicKey: JWK
  readonly sign: () => Promise<string>
}

async function makeKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  return {
    kid,
    publicKey: { ...(await exportJWK(publicKey)), kid },
    sign: () =>
      new SignJWT({ sub: 'me', aud: 'app' })
        .setIssuer(ISSUER)
        .setIssuedAt()
        .setExpirationTime('5m')
        .setProtectedHeader({ alg: 'ES256', kid })
        .sign(privateKey),
  }
}

const serving = (...keys: readonly SigningKey[]) => ({
  [DISCOVERY]: json(configuration),
  [KEYS]: json({ keys: keys.map(({ publicKey }) => publicKey) }),
})

let first: SigningKey
let second: SigningKey
let server: Served
beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  first = await makeKey('one')
  second = await makeKey('two')
})
afterAll(() => {
  provider.close()
})
beforeEach(() => {
  asked = []
})

/** A served account that trusts the provider, for as long as it is used. */
async function withAccount(
  use: (assume: (token: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  server = await served({}, undefined, opened())
  const root = clientOf(server, server.root)
  const anybody = new sts.STSClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: server.root,
  })
  try {
    await root.send(new sdk.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: ['app'] }))
    const { Role } = await root.send(
      new sdk.CreateRoleCommand({
        RoleName: 'deploy',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${server.opened.account.id}:oidc-provider/idp.example` },
              Action: 'sts:AssumeRoleWithWebIdentity',
            },
          ],
        }),
      }),
    )
    await use(async (WebIdentityToken) => {
      const call = anybody.send(
        new sts.AssumeRoleWithWebIdentityCommand({
          RoleArn: Role?.Arn,
          RoleSessionName: 's-1',
          WebIdentityToken,
        }),
      )
      return (await refusalBy(call)) ?? 'assumed'
    })
  } finally {
    root.destroy()
    anybody.destroy()
    await server.stop()
  }
}

it('are found by what the provider says of itself, and kept for a minute', () =>
  withAccount(async (assume) => {
    answers = serving(first)
    expect([await assume(await first.sign()), await assume(await first.sign())]).toEqual([
      'assumed',
      'assumed',
    ])
    expect(asked).toEqual([DISCOVERY, KEYS])
    now += 61_000
    expect(await assume(await first.sign())).toBe('assumed')
    expect(asked).toEqual([DISCOVERY, KEYS, DISCOVERY, KEYS])
  }))

it('are asked for again when the provider signs by a new one, and not at every token of nobody’s', () =>
  withAccount(async (assume) => {
    answers = serving(first)
    expect(await assume(await first.sign())).toBe('assumed')
    now += 15_000
    answers = serving(second)
    expect(await assume(await second.sign())).toBe('assumed')
    expect(asked).toHaveLength(4)
    // The one that was taken out counts no more; who made it up costs the provider nothing.
    const stranger = await makeKey('three')
    for (const key of [first, stranger, stranger])
      expect(await assume(await key.sign())).toBe('InvalidIdentityToken')
    expect(asked).toHaveLength(4)
    // While the provider is down, what is known of it is still good.
    now += 15_000
    answers = {}
    expect(await assume(await stranger.sign())).toBe('IDPCommunicationError')
    expect(await assume(await second.sign())).toBe('assumed')
  }))

const broken: Readonly<Record<string, typeof answers>> = {
  'that has no such page': {},
  'that fails': { [DISCOVERY]: (response) => response.writeHead(500).end() },
  'that ends amid its answer': {
    [DISCOVERY]: (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{', () => response.destroy())
    },
  },
  'that never answers': { [DISCOVERY]: () => {} },
  'that never ends its answer': {
    [DISCOVERY]: (response) => void response.writeHead(200).write('{'),
  },
  'that says too much': {
    [DISCOVERY]: json(configuration),
    [KEYS]: (response) => {
      const part = Buffer.alloc(65_536, 32)
      response.writeHead(200)
      const more = () => {
        while (!response.destroyed && response.write(part));
      }
      response.on('drain', more).on('error', () => {})
      more()
    },
  },
  'that sends elsewhere': {
    [DISCOVERY]: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    '/elsewhere': json(configuration),
  },
  'that is somebody else': { [DISCOVERY]: json({ ...configuration, issuer: 'https://other.example' }) },
  'whose keys are on no https': {
    [DISCOVERY]: json({ ...configuration, jwks_uri: 'http://127.0.0.1/keys' }),
  },
  'that answers a page': { [DISCOVERY]: (response) => response.writeHead(200).end('<html></html>') },
  'whose keys are none': { [DISCOVERY]: json(configuration), [KEYS]: json({ keys: [{ kid: 'one' }] }) },
}

it('can’t be had of a provider that is not as it should be: told as such, in time, and asked again', () =>
  withAccount(async (assume) => {
    for (const [name, pages] of Object.entries(broken)) {
      answers = pages
      expect([name, await assume(await first.sign())]).toEqual([name, 'IDPCommunicationError'])
    }
    answers = serving(first)
    expect(await assume(await first.sign())).toBe('assumed')
    expect(asked).not.toContain('/elsewhere')
  }))

it('can’t be had of a provider that nobody reaches', async () => {
  const keys = openProviderKeys(null, (url) => fetchText(url.replace(ISSUER, 'http://127.0.0.1:9')))
  await expect(keys(ISSUER)).rejects.toThrow('fetch failed')
  await expect(openProviderKeys(null)('http://idp.example')).rejects.toThrow('no address by https')
})
