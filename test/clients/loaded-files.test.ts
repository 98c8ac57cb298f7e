import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { responseOf, unsignedAssertion } from '../iam/sts/signed-assertion.ts'
import { madeCertificate, madeMetadata } from '../kinds/made-certificates.ts'
import { now } from '../real-clock.ts'
import { temporaryFolder } from '../source/folders.ts'
import { startServe } from './serve-process.ts'

/** Scripts that a process has run, by what V8 counts: of whole modules, whichever way they were loaded. */
const scriptsIn = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      readonly result: readonly { readonly url: string }[]
    }
    return result.map(({ url }) => url)
  })
const ofSdk = (scripts: readonly string[]) =>
  scripts.filter((url) => /[\\/](?:@aws-sdk|@smithy|@aws)[\\/]/.test(url))

const ISSUER = 'https://idp.example'

it('serve loads nothing of AWS’s SDK, whatever it is asked', async () => {
  const scripts = temporaryFolder({})
  const keys = await generateKeyPair('ES256', { extractable: true })
  const folder = temporaryFolder({
    'keys.json': JSON.stringify({ [ISSUER]: { keys: [await exportJWK(keys.publicKey)] } }),
  })
  const server = await startServe(['--ephemeral', '--provider-keys', join(folder, 'keys.json')], {
    NODE_V8_COVERAGE: scripts,
  })
  const parts = { endpoint: server.endpoint, region: 'us-east-1', maxAttempts: 1, credentials: server }
  const root = new sdk.IAMClient(parts)
  const session = new sts.STSClient(parts)
  await root.send(new sdk.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: ['app'] }))
  const { SAMLProviderArn } = await root.send(
    new sdk.CreateSAMLProviderCommand({
      Name: 'corp',
      SAMLMetadataDocument: madeMetadata({ certificates: [madeCertificate({ subject: 'idp.example' })] }),
    }),
  )
  const Federated = 'arn:aws:iam::123456789012:oidc-provider/idp.example'
  const { Role } = await root.send(
    new sdk.CreateRoleCommand({
      RoleName: 'deploy',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity' },
          { Effect: 'Allow', Principal: { Federated: SAMLProviderArn }, Action: 'sts:AssumeRoleWithSAML' },
        ],
      }),
    }),
  )
  const token = await new SignJWT({ sub: 'me', aud: 'app' })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime('5m')
    .setProtectedHeader({ alg: 'ES256' })
    .sign(keys.privateKey)
  const { Credentials } = await session.send(
    new sts.AssumeRoleWithWebIdentityCommand({
      RoleArn: Role?.Arn,
      RoleSessionName: 's-1',
      WebIdentityToken: token,
    }),
  )
  const assumed = new sdk.IAMClient({
    ...parts,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  await expect(assumed.send(new sdk.ListUsersCommand({}))).rejects.toThrow('is not authorized to perform')
  await expect(
    session.send(
      new sts.AssumeRoleWithSAMLCommand({
        RoleArn: Role?.Arn,
        PrincipalArn: SAMLProviderArn,
        // Whole but for its signature, which is looked for by a library.
        SAMLAssertion: responseOf(unsignedAssertion({}, now()), now()),
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' })
  for (const client of [root, session, assumed]) client.destroy()
  expect(await server.stop()).toBe(0)

  const loaded = scriptsIn(scripts)
  expect(loaded.some((url) => url.includes('/node_modules/@node-saml/'))).toBe(true)
  expect(ofSdk(loaded)).toEqual([])
  // Nor bundled into what it loads: a bundle says of each part where it comes from.
  const bundled = loaded
    .filter((url) => url.includes('/dist/bin/'))
    .map((url) => readFileSync(new URL(url), 'utf8'))
  expect(bundled.some((text) => text.includes('node_modules/jose/'))).toBe(true)
  expect(bundled.filter((text) => /node_modules\/@(?:aws-sdk|smithy|aws)\//.test(text))).toEqual([])
}, 60_000)

it('what loads it shows in the same count', () => {
  const scripts = temporaryFolder({})
  spawnSync(process.execPath, ['--input-type=module', '-e', "await import('@aws-sdk/client-sts')"], {
    env: { ...process.env, NODE_V8_COVERAGE: scripts },
  })
  expect(ofSdk(scriptsIn(scripts)).length).toBeGreaterThan(10)
}, 30_000)
