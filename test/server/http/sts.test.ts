import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, clientOf, refusalBy, type Served, served } from './served.ts'

/** AWS's own client of STS against a port. */
let server: Served
let keys: Awaited<ReturnType<typeof generateKeyPair>>
beforeAll(async () => {
  keys = await generateKeyPair('ES256')
  const file = join(mkdtempSync(join(tmpdir(), 'iam-sync-keys-')), 'keys.json')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256' }
  writeFileSync(file, JSON.stringify({ 'https://idp.example': { keys: [jwk] } }))
  server = await served({ providerKeys: file })
  const root = clientOf(server, server.root)
  await root.send(new sdk.CreateUserCommand({ UserName: 'ada' }))
  await root.send(
    new sdk.PutUserPolicyCommand({
      UserName: 'ada',
      PolicyName: 'own',
      PolicyDocument: text({ Effect: 'Allow', Action: 'sts:*', Resource: '*' }),
    }),
  )
  await root.send(
    new sdk.CreateOpenIDConnectProviderCommand({ Url: 'https://idp.example', ClientIDList: ['app'] }),
  )
  await root.send(
    new sdk.CreateRoleCommand({
      RoleName: 'deploy',
      AssumeRolePolicyDocument: text(
        { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' },
        {
          Effect: 'Allow',
          Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/idp.example' },
          Action: 'sts:AssumeRoleWithWebIdentity',
        },
      ),
    }),
  )
})
afterAll(() => server.stop())

const text = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

const stsOf = (credentials?: Credentials) =>
  new sts.STSClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: credentials ?? { accessKeyId: 'none', secretAccessKey: 'none' },
  })

const given = (credentials: sts.Credentials | undefined): Required<Credentials> => ({
  accessKeyId: credentials?.AccessKeyId ?? '',
  secretAccessKey: credentials?.SecretAccessKey ?? '',
  sessionToken: credentials?.SessionToken ?? '',
})

const keyOfAda = async (): Promise<Credentials> => {
  const root = clientOf(server, server.root)
  const listed = await root.send(new sdk.ListAccessKeysCommand({ UserName: 'ada' }))
  for (const { AccessKeyId } of listed.AccessKeyMetadata ?? [])
    await root.send(new sdk.DeleteAccessKeyCommand({ UserName: 'ada', AccessKeyId }))
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

const identity = (credentials: Credentials) => stsOf(credentials).send(new sts.GetCallerIdentityCommand({}))
const assume = (credentials: Credentials) =>
  stsOf(credentials).send(
    new sts.AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/deploy', RoleSessionName: 'ci' }),
  )

describe('STS over HTTP', () => {
  it('a role is assumed, and its credentials sign calls that the account authorizes', async () => {
    const ada = await keyOfAda()
    const role = given((await assume(ada)).Credentials)
    expect((await identity(role)).Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/ci')
    const listing = clientOf(server, role).send(new sdk.ListRolesCommand({}))
    await expect(listing).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringMatching(
        /^User: arn:aws:sts::.*:assumed-role\/deploy\/ci is not authorized to perform: iam:ListRoles on resource: \* because/,
      ),
    })
  })

  it('what is not that very session is refused', async () => {
    const ada = await keyOfAda()
    const [one, two] = [given((await assume(ada)).Credentials), given((await assume(ada)).Credentials)]
    const { sessionToken, ...without } = one
    expect(await refusalBy(identity(without))).toBe('InvalidClientTokenId')
    expect(await refusalBy(identity({ ...two, sessionToken }))).toBe('InvalidClientTokenId')
    expect(await refusalBy(identity({ ...ada, sessionToken }))).toBe('InvalidClientTokenId')
    expect(await refusalBy(identity({ ...one, secretAccessKey: two.secretAccessKey }))).toBe(
      'SignatureDoesNotMatch',
    )
  })

  it('the user of a session is who is meant where no name is given', async () => {
    const session = given(
      (await stsOf(await keyOfAda()).send(new sts.GetSessionTokenCommand({}))).Credentials,
    )
    expect((await identity(session)).Arn).toBe('arn:aws:iam::123456789012:user/ada')
    // Without MFA they call no IAM.
    expect(await refusalBy(clientOf(server, session).send(new sdk.GetUserCommand({})))).toBe(
      'InvalidClientTokenId',
    )
  })

  it('a token of a provider is taken, unsigned', async () => {
    const token = await new SignJWT({ sub: 'a' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer('https://idp.example')
      .setAudience('app')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey)
    const sent = (WebIdentityToken: string) =>
      stsOf().send(
        new sts.AssumeRoleWithWebIdentityCommand({
          RoleArn: 'arn:aws:iam::123456789012:role/deploy',
          RoleSessionName: 'web',
          WebIdentityToken,
        }),
      )
    const answer = await sent(token)
    expect((await identity(given(answer.Credentials))).Arn).toBe(
      'arn:aws:sts::123456789012:assumed-role/deploy/web',
    )
    expect(await refusalBy(sent(`${token.slice(0, -4)}AAAA`))).toBe('InvalidIdentityToken')
    // Neither the token nor a secret is in the log.
    const log = JSON.stringify(server.log)
    expect(log).not.toContain(token.slice(-40))
    expect(log).not.toContain(answer.Credentials?.SecretAccessKey)
    expect(log).not.toContain(answer.Credentials?.SessionToken)
  })
})
