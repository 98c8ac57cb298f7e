import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totpCode } from '../../../src/credentials/totp.ts'
import type { AuditRecord } from '../../../src/iam/audit/audit-record.ts'
import { responseOf, signedAssertion } from '../../iam/sts/signed-assertion.ts'
import { madeCertificate, madeMetadata } from '../../kinds/made-certificates.ts'
import { now } from '../../real-clock.ts'
import { type Credentials, clientOf, raw, refusalBy, type Served, served } from './served.ts'

const ACCOUNT = '123456789012'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/deploy`
const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/corp`
const CERTIFICATE = madeCertificate({ subject: 'idp.example', keyType: 'rsa' })
const text = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

let server: Served
let token: string
let root: sdk.IAMClient
let ada: Credentials
/** Whatever nobody may find in the log. */
const secrets = new Set<string>()

const kept = (value: string | undefined): string => {
  if (value === undefined || value === '') throw new Error('there is no secret')
  secrets.add(value)
  return value
}
const given = (credentials: sts.Credentials | undefined): Required<Credentials> => ({
  accessKeyId: credentials?.AccessKeyId ?? '',
  secretAccessKey: kept(credentials?.SecretAccessKey),
  sessionToken: kept(credentials?.SessionToken),
})
const stsOf = (credentials: Credentials = { accessKeyId: 'none', secretAccessKey: 'none' }) =>
  new sts.STSClient({ endpoint: server.endpoint, region: 'eu-west-1', maxAttempts: 1, credentials })
const whoami = (credentials: Credentials) => stsOf(credentials).send(new sts.GetCallerIdentityCommand({}))

const records = async (): Promise<readonly AuditRecord[]> => {
  const { body } = await raw(server, {
    method: 'GET',
    path: '/_iam-sync/audit',
    headers: { authorization: `Bearer ${server.bearer}` },
  })
  return JSON.parse(body).Records
}
const last = async (eventName: string): Promise<AuditRecord> => {
  const found = (await records()).filter((each) => each.eventName === eventName).at(-1)
  if (found === undefined) throw new Error(`there is no ${eventName}`)
  return found
}

beforeAll(async () => {
  const keys = await generateKeyPair('ES256')
  const file = join(mkdtempSync(join(tmpdir(), 'iam-sync-keys-')), 'keys.json')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256' }
  writeFileSync(file, JSON.stringify({ 'https://idp.example': { keys: [jwk] } }))
  token = await new SignJWT({ sub: 'a' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer('https://idp.example')
    .setAudience('app')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(keys.privateKey)
  server = await served({ providerKeys: file })
  root = clientOf(server, server.root)
  kept(server.root.secretAccessKey)
  kept(server.bearer)
  await root.send(new sdk.CreateUserCommand({ UserName: 'ada', Path: '/eng/' }))
  await root.send(
    new sdk.PutUserPolicyCommand({
      UserName: 'ada',
      PolicyName: 'own',
      PolicyDocument: text({ Effect: 'Allow', Action: ['sts:*', 'iam:List*'], Resource: '*' }),
    }),
  )
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))
  ada = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: kept(AccessKey?.SecretAccessKey) }
  await root.send(
    new sdk.CreateOpenIDConnectProviderCommand({ Url: 'https://idp.example', ClientIDList: ['app'] }),
  )
  await root.send(
    new sdk.CreateSAMLProviderCommand({
      Name: 'corp',
      SAMLMetadataDocument: madeMetadata({ certificates: [CERTIFICATE] }),
    }),
  )
  const federated = (Federated: string, Action: string) => ({
    Effect: 'Allow',
    Principal: { Federated },
    Action,
  })
  await root.send(
    new sdk.CreateRoleCommand({
      RoleName: 'deploy',
      Path: '/team/',
      AssumeRolePolicyDocument: text(
        { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] },
        federated(`arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example`, 'sts:AssumeRoleWithWebIdentity'),
        federated(SAML, 'sts:AssumeRoleWithSAML'),
      ),
    }),
  )
}, 30_000)
afterAll(() => server.stop())

describe('the audit log of an account in memory', () => {
  it('has what was asked, by whom and what came of it, as CloudTrail has it', async () => {
    await root.send(new sdk.CreateGroupCommand({ GroupName: 'g', Path: '/x/' }))
    expect(await last('CreateGroup')).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'Root',
        principalId: ACCOUNT,
        arn: `arn:aws:iam::${ACCOUNT}:root`,
        accountId: ACCOUNT,
        accessKeyId: server.root.accessKeyId,
      },
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateGroup',
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      userAgent: expect.stringContaining('aws-sdk-js'),
      requestParameters: { groupName: 'g', path: '/x/' },
      responseElements: {
        group: {
          path: '/x/',
          groupName: 'g',
          groupId: expect.stringMatching(/^AGPA/),
          arn: `arn:aws:iam::${ACCOUNT}:group/x/g`,
          createDate: expect.stringMatching(/Z$/),
        },
      },
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
      chain: { sequence: expect.any(Number), previous: expect.any(String), hash: expect.any(String) },
    })
    await clientOf(server, ada).send(new sdk.ListUsersCommand({ PathPrefix: '/eng/' }))
    expect(await last('ListUsers')).toMatchObject({
      readOnly: true,
      requestParameters: { pathPrefix: '/eng/' },
      responseElements: null,
    })
  })

  it('says why somebody was refused, whoever it was', async () => {
    await refusalBy(clientOf(server, ada).send(new sdk.CreateUserCommand({ UserName: 'eve' })))
    expect(await last('CreateUser')).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('is not authorized to perform: iam:CreateUser'),
      requestParameters: { userName: 'eve' },
      responseElements: null,
      userIdentity: { type: 'IAMUser', userName: 'ada', arn: `arn:aws:iam::${ACCOUNT}:user/eng/ada` },
    })
    await refusalBy(clientOf(server, { ...ada, secretAccessKey: 'x' }).send(new sdk.ListRolesCommand({})))
    expect(await last('ListRoles')).toMatchObject({
      errorCode: 'SignatureDoesNotMatch',
      userIdentity: { type: 'Unknown', accessKeyId: ada.accessKeyId },
      requestParameters: null,
    })
    await raw(server, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=ListGroups&Version=2010-05-08',
    })
    expect(await last('ListGroups')).toMatchObject({ errorCode: 'MissingAuthenticationToken' })
    await refusalBy(root.send(new sdk.DeleteUserCommand({ UserName: 'nobody' })))
    expect(await last('DeleteUser')).toMatchObject({ errorCode: 'NoSuchEntity', readOnly: false })
    // Left out here, and asked for all the same.
    await refusalBy(root.send(new sdk.ListOrganizationsFeaturesCommand({})))
    expect(await last('ListOrganizationsFeatures')).toMatchObject({ errorCode: 'InvalidAction' })
  })

  it('tells sessions apart by how they began', async () => {
    const identity = async () => (await last('GetCallerIdentity')).userIdentity
    await whoami(ada)
    expect(await identity()).toEqual({
      type: 'IAMUser',
      principalId: expect.stringMatching(/^AIDA/),
      arn: `arn:aws:iam::${ACCOUNT}:user/eng/ada`,
      accountId: ACCOUNT,
      accessKeyId: ada.accessKeyId,
      userName: 'ada',
    })
    const assumed = await stsOf(ada).send(
      new sts.AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'ci', SourceIdentity: 'me' }),
    )
    const role = given(assumed.Credentials)
    expect(await last('AssumeRole')).toMatchObject({
      eventSource: 'sts.amazonaws.com',
      awsRegion: 'eu-west-1',
      requestParameters: { roleArn: ROLE, roleSessionName: 'ci', sourceIdentity: 'me' },
      responseElements: {
        credentials: { accessKeyId: role.accessKeyId, expiration: expect.any(String) },
        assumedRoleUser: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci` },
      },
      resources: [{ accountId: ACCOUNT, type: 'AWS::IAM::Role', ARN: ROLE }],
    })
    await whoami(role)
    const session = { creationDate: expect.stringMatching(/Z$/), mfaAuthenticated: 'false' }
    expect(await identity()).toEqual({
      type: 'AssumedRole',
      principalId: expect.stringMatching(/^AROA.*:ci$/),
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci`,
      accountId: ACCOUNT,
      accessKeyId: role.accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: expect.stringMatching(/^AROA/),
          arn: ROLE,
          accountId: ACCOUNT,
          userName: 'deploy',
        },
        attributes: session,
        sourceIdentity: 'me',
      },
    })
    const federation = await stsOf(ada).send(new sts.GetFederationTokenCommand({ Name: 'bob' }))
    await whoami(given(federation.Credentials))
    expect(await identity()).toMatchObject({
      type: 'FederatedUser',
      principalId: `${ACCOUNT}:bob`,
      arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
      sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'ada' }, attributes: session },
    })
    await whoami(given((await stsOf(server.root).send(new sts.GetSessionTokenCommand({}))).Credentials))
    expect(await identity()).toMatchObject({ type: 'Root', sessionContext: { attributes: session } })
  })

  it('knows whom a provider vouched for, and nobody whom it did not', async () => {
    const web = (WebIdentityToken: string) =>
      stsOf().send(
        new sts.AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE, RoleSessionName: 'web', WebIdentityToken }),
      )
    const { Credentials } = await web(kept(token))
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/idp.example`
    expect(await last('AssumeRoleWithWebIdentity')).toMatchObject({
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: `${provider}:app:a`,
        userName: 'a',
        identityProvider: provider,
      },
      requestParameters: { roleArn: ROLE, roleSessionName: 'web' },
    })
    await whoami(given(Credentials))
    expect((await last('GetCallerIdentity')).userIdentity.sessionContext?.webIdFederationData).toEqual({
      federatedProvider: provider,
      attributes: {},
    })
    await refusalBy(web(kept(`${token.slice(0, -4)}AAAA`)))
    const refused = await last('AssumeRoleWithWebIdentity')
    expect(refused).toMatchObject({ errorCode: 'InvalidIdentityToken' })
    expect(refused.userIdentity).toEqual({ type: 'WebIdentityUser' })

    const attributes = [
      ['Role', `${SAML},${ROLE}`],
      ['RoleSessionName', 'alice@corp'],
    ] as const
    const assertion = responseOf(signedAssertion({ attributes }, now(), CERTIFICATE.signer), now())
    const answer = await stsOf().send(
      new sts.AssumeRoleWithSAMLCommand({
        RoleArn: ROLE,
        PrincipalArn: SAML,
        SAMLAssertion: kept(assertion),
      }),
    )
    given(answer.Credentials)
    const saml = await last('AssumeRoleWithSAML')
    expect(saml.userIdentity).toMatchObject({ type: 'SAMLUser', userName: 'alice' })
    expect(saml.requestParameters).toEqual({ roleArn: ROLE, principalArn: SAML })
  })

  it('holds nothing secret of what was asked and answered', async () => {
    const device = await root.send(new sdk.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }))
    const { SerialNumber, Base32StringSeed, QRCodePNG } = device.VirtualMFADevice ?? {}
    const seed = kept(Buffer.from(Base32StringSeed ?? []).toString())
    kept(
      Buffer.from(QRCodePNG ?? [])
        .toString('base64')
        .slice(-40),
    )
    kept(Buffer.from(seed).toString('base64'))
    const step = Math.floor(now() / 30_000)
    const codes = [kept(totpCode(seed, step - 1)), kept(totpCode(seed, step))] as const
    const shown = { UserName: 'ada', SerialNumber }
    await root.send(
      new sdk.EnableMFADeviceCommand({
        ...shown,
        AuthenticationCode1: codes[0],
        AuthenticationCode2: codes[1],
      }),
    )
    const code = kept(totpCode(seed, step + 1))
    const withMfa = await stsOf(ada).send(new sts.GetSessionTokenCommand({ SerialNumber, TokenCode: code }))
    const session = given(withMfa.Credentials)
    await whoami(session)
    expect((await last('GetCallerIdentity')).userIdentity.sessionContext?.attributes.mfaAuthenticated).toBe(
      'true',
    )
    // Errors quote what they were given.
    await refusalBy(
      stsOf(ada).send(new sts.GetSessionTokenCommand({ SerialNumber, TokenCode: kept('no-code-at-all') })),
    )
    expect(await last('GetSessionToken')).toHaveProperty('errorCode')
    const Password = kept('correct-Horse-7-battery')
    await root.send(
      new sdk.CreateLoginProfileCommand({ UserName: 'ada', Password, PasswordResetRequired: true }),
    )
    expect((await last('CreateLoginProfile')).requestParameters).toEqual({
      userName: 'ada',
      passwordResetRequired: true,
    })
    await refusalBy(
      root.send(
        new sdk.UpdateLoginProfileCommand({ UserName: 'ada', Password: kept(`ü${'p'.repeat(200)}`) }),
      ),
    )
    const { ServiceSpecificCredential: special } = await root.send(
      new sdk.CreateServiceSpecificCredentialCommand({
        UserName: 'ada',
        ServiceName: 'codecommit.amazonaws.com',
      }),
    )
    kept(special?.ServicePassword)
    await root.send(
      new sdk.UploadServerCertificateCommand({
        ServerCertificateName: 'tls',
        CertificateBody: CERTIFICATE.pem,
        PrivateKey: kept(String(CERTIFICATE.signer.export({ type: 'pkcs8', format: 'pem' }))),
      }),
    )
    kept((await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))).AccessKey?.SecretAccessKey)
    expect((await last('CreateAccessKey')).responseElements).toEqual({
      accessKey: {
        userName: 'ada',
        accessKeyId: expect.stringMatching(/^AKIA/),
        status: 'Active',
        createDate: expect.any(String),
      },
    })
    const all = JSON.stringify(await records())
    const inJson = (secret: string) => JSON.stringify(secret).slice(1, -1)
    expect([...secrets].filter((secret) => all.includes(secret) || all.includes(inJson(secret)))).toEqual([])
    expect(secrets.size).toBeGreaterThan(20)
    // The middle of what is long, too.
    for (const secret of secrets)
      if (secret.length > 60) expect(all).not.toContain(inJson(secret).slice(20, 60))
  })

  it('has one record of each call that names an operation, and of nothing else', async () => {
    await raw(server, { method: 'GET', path: '/favicon.ico' })
    await raw(server, { body: 'Action=Nothing&Version=2010-05-08' })
    const ids = (await records()).map(({ requestID }) => requestID)
    const calls = server.log.filter(({ event, operation }) => event === 'call' && operation !== null)
    expect(ids).toEqual(calls.map(({ requestId }) => requestId))
    expect(new Set(ids).size).toBe(ids.length)
    const { body } = await raw(server, { method: 'GET', path: '/metrics' })
    expect(body).toContain(`iam_sync_audit_written ${ids.length}\n`)
    expect(body).toContain('iam_sync_audit_dropped 0\n')
  })

  it('is shown to whoever has the bearer token, or signs as root, and emptied by a reset', async () => {
    const own = await served()
    try {
      const path = '/_iam-sync/audit'
      expect((await raw(own, { method: 'GET', path })).status).toBe(403)
      expect((await raw(own, { method: 'GET', path, headers: { authorization: 'Bearer x' } })).status).toBe(
        403,
      )
      const headers = { authorization: `Bearer ${own.bearer}` }
      expect((await raw(own, { path, headers })).status).toBe(405)
      await clientOf(own, own.root).send(new sdk.ListUsersCommand({}))
      const shown = async () => JSON.parse((await raw(own, { method: 'GET', path, headers })).body).Records
      expect(await shown()).toHaveLength(1)
      await raw(own, { path: '/_iam-sync/reset', headers })
      expect(await shown()).toEqual([])
      await clientOf(own, own.root).send(new sdk.ListUsersCommand({}))
      expect((await shown())[0]).toMatchObject({ chain: { sequence: 1 } })
    } finally {
      await own.stop()
    }
  })
})
