import { constants, createHmac, KeyObject, sign, type webcrypto } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { ACCOUNT, refusal } from '../account.ts'
import { policyText } from '../authorization/world.ts'
import { openAccountWithSts } from './world.ts'

const ISSUER = 'https://token.actions.githubusercontent.com'
const PROVIDER = `arn:aws:iam::${ACCOUNT.id}:oidc-provider/token.actions.githubusercontent.com`
const ROLE = `arn:aws:iam::${ACCOUNT.id}:role/deploy`

let keys: Awaited<ReturnType<typeof generateKeyPair>>
let others: Awaited<ReturnType<typeof generateKeyPair>>
beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true })
  others = await generateKeyPair('RS256')
})

let world: Awaited<ReturnType<typeof openAccountWithSts>>
let asked: string[] = []
beforeEach(async () => {
  asked = []
  world = await openAccountWithSts(null, async (issuer) => {
    asked.push(issuer)
    if (issuer.includes('silent')) throw new Error('connect ECONNREFUSED')
    return { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one' }] }
  })
  await world.iam.write('CreateOpenIDConnectProvider', {
    Url: ISSUER,
    ClientIDList: ['sts.amazonaws.com', 'other'],
  })
  await trust({
    StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/app:ref:refs/heads/main' },
  })
})

async function trust(Condition: object, Action: unknown = 'sts:AssumeRoleWithWebIdentity'): Promise<void> {
  const document = policyText({ Effect: 'Allow', Principal: { Federated: PROVIDER }, Action, Condition })
  await world.iam
    .write('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: document })
    .catch(() => world.iam.write('CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument: document }))
}

const claimsOf = (more: Record<string, unknown> = {}) => ({
  iss: ISSUER,
  sub: 'repo:acme/app:ref:refs/heads/main',
  aud: 'sts.amazonaws.com',
  iat: Math.floor(world.now() / 1000),
  exp: Math.floor(world.now() / 1000) + 300,
  ...more,
})

const tokenOf = (more: Record<string, unknown> = {}, key = keys.privateKey) =>
  new SignJWT(claimsOf(more)).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key)

const assume = (token: string, more: Record<string, unknown> = {}) =>
  world.sts.call(
    'AssumeRoleWithWebIdentity',
    { RoleArn: ROLE, RoleSessionName: 'ci', WebIdentityToken: new Secret(token), ...more },
    null,
    { ...world.request(), region: 'us-east-1' },
  )

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('AssumeRoleWithWebIdentity', () => {
  it('gives a session of the role to whom a signed token vouches for', async () => {
    const answer = await assume(await tokenOf())
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:acme/app:ref:refs/heads/main',
      Provider: PROVIDER,
      Audience: 'sts.amazonaws.com',
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT.id}:assumed-role/deploy/ci` },
    })
    expect(asked).toEqual([ISSUER])
    const { Credentials } = answer as { Credentials: { AccessKeyId: string; SessionToken: string } }
    const caller = await world.callerOf(Credentials)
    await world.iam.write('PutRolePolicy', {
      RoleName: 'deploy',
      PolicyName: 'own',
      PolicyDocument: policyText({
        Effect: 'Allow',
        Action: 'iam:ListRoles',
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:FederatedProvider': PROVIDER,
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          },
        },
      }),
    })
    await world.authorize(caller, 'ListRoles', {})
  })

  it.each([
    ['another subject', { sub: 'repo:acme/other:ref:refs/heads/main' }],
    ['a subject that only begins alike', { sub: 'repo:acme/app:ref:refs/heads/main2' }],
  ])('the trust policy decides: %s', async (_, claims) => {
    expect(await refusal(assume(await tokenOf(claims)))).toMatchObject({
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    })
  })

  it('conditions on claims that the catalogue knows, and on no others', async () => {
    await trust({ StringEquals: { 'token.actions.githubusercontent.com:repository_id': '74' } })
    await assume(await tokenOf({ repository_id: '74' }))
    expect((await refusal(assume(await tokenOf({ repository_id: '75' })))).code).toBe('AccessDenied')
    await trust({ StringEquals: { 'token.actions.githubusercontent.com:invented': 'x' } })
    expect((await refusal(assume(await tokenOf({ invented: 'x' })))).code).toBe('AccessDenied')
  })

  it.each<readonly [string, () => Promise<string> | string]>([
    ['signed by another key', () => tokenOf({}, others.privateKey)],
    ['unsigned', () => `${encoded({ alg: 'none' })}.${encoded(claimsOf())}.`],
    [
      'signed with the public key as a secret',
      async () => {
        const signed = `${encoded({ alg: 'HS256', kid: 'one' })}.${encoded(claimsOf())}`
        const secret = await exportSPKI(keys.publicKey)
        return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
      },
    ],
    [
      'signed by the right key, in a way that AWS does not take',
      () => {
        const signed = `${encoded({ alg: 'PS256', kid: 'one' })}.${encoded(claimsOf())}`
        const key = KeyObject.from(keys.privateKey as webcrypto.CryptoKey)
        const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
        return `${signed}.${sign('sha256', Buffer.from(signed), { key, ...padding }).toString('base64url')}`
      },
    ],
    [
      'changed after it was signed',
      async () => {
        const [header, , signature] = (await tokenOf()).split('.')
        return `${header}.${encoded(claimsOf({ aud: 'other' }))}.${signature}`
      },
    ],
    ['for another audience', () => tokenOf({ aud: 'somebody' })],
    ['for two audiences, one of somebody', () => tokenOf({ aud: ['sts.amazonaws.com', 'somebody'] })],
    ['issued to somebody', () => tokenOf({ azp: 'somebody' })],
    ['without an audience', () => tokenOf({ aud: undefined })],
    ['without a subject', () => tokenOf({ sub: undefined })],
    ['without an end', () => tokenOf({ exp: undefined })],
    ['not good yet', () => tokenOf({ nbf: Math.floor(world.now() / 1000) + 60 })],
    ['of a provider that the account has not', () => tokenOf({ iss: 'https://idp.example' })],
    ['of the provider without https', () => tokenOf({ iss: ISSUER.slice(8) })],
    ['no token', () => 'not a token'],
  ])('a token is refused: %s', async (_, make) => {
    expect((await refusal(assume(await make()))).code).toBe('InvalidIdentityToken')
  })

  it('an expired one is said to be so, and a provider that does not answer', async () => {
    const token = await tokenOf()
    world.pass(301)
    expect((await refusal(assume(token))).code).toBe('ExpiredTokenException')
    await world.iam.write('CreateOpenIDConnectProvider', {
      Url: 'https://silent.example',
      ClientIDList: ['a'],
    })
    expect((await refusal(assume(await tokenOf({ iss: 'https://silent.example' })))).code).toBe(
      'IDPCommunicationError',
    )
  })

  it('no refusal quotes the token', async () => {
    const token = await tokenOf({ sub: 'somebody else' })
    expect((await refusal(assume(token))).message).not.toContain(token.slice(0, 40))
    expect((await refusal(assume(`${token}x`))).message).not.toContain(token.slice(0, 40))
  })

  it('tags and the source identity of its claims need their permissions, and count', async () => {
    const claims = {
      'https://aws.amazon.com/tags': { principal_tags: { team: ['a'] }, transitive_tag_keys: ['team'] },
      'https://aws.amazon.com/source_identity': 'alice',
    }
    expect((await refusal(assume(await tokenOf(claims)))).code).toBe('AccessDenied')
    await trust({ StringEquals: { 'aws:RequestTag/team': 'a' } }, [
      'sts:AssumeRoleWithWebIdentity',
      'sts:TagSession',
      'sts:SetSourceIdentity',
    ])
    const { Credentials, SourceIdentity } = (await assume(await tokenOf(claims))) as {
      Credentials: { AccessKeyId: string; SessionToken: string }
      SourceIdentity: string
    }
    expect(SourceIdentity).toBe('alice')
    const caller = await world.callerOf(Credentials)
    expect(caller.kind === 'session' && caller.session).toMatchObject({
      tags: [{ key: 'team', value: 'a' }],
      transitive: ['team'],
      sourceIdentity: 'alice',
    })
  })

  it('of Google the audience is whom the token was issued to', async () => {
    const google = policyText({
      Effect: 'Allow',
      Principal: { Federated: 'accounts.google.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'accounts.google.com:aud': 'app', 'accounts.google.com:oaud': 'backend' },
      },
    })
    await world.iam.write('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: google })
    const token = { iss: 'https://accounts.google.com', aud: 'backend', azp: 'app' }
    expect(await assume(await tokenOf(token))).toMatchObject({ Provider: 'accounts.google.com' })
    expect((await refusal(assume(await tokenOf({ ...token, azp: 'other' })))).code).toBe('AccessDenied')
  })
})
