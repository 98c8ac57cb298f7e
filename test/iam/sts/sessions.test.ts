import { beforeEach, describe, expect, it } from 'vitest'
import { TOTP_STEP, totpCode } from '../../../src/credentials/totp.ts'
import type { Caller } from '../../../src/iam/caller.ts'
import { ACCOUNT, refusal } from '../account.ts'
import { policyText, ROOT, userCalling } from '../authorization/world.ts'
import { openAccountWithSts, SEALER, TOKENS } from './world.ts'

type World = Awaited<ReturnType<typeof openAccountWithSts>>

const ALICE = userCalling('alice')
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT.id}:role/${name}`
const trusting = (statement: object) =>
  policyText({ Effect: 'Allow', Principal: { AWS: ACCOUNT.id }, Action: 'sts:AssumeRole', ...statement })

let world: World
beforeEach(async () => {
  world = await openAccountWithSts()
  await world.iam.write('CreateUser', { UserName: 'alice', Path: '/team/' })
  await world.iam.write('PutUserPolicy', {
    UserName: 'alice',
    PolicyName: 'own',
    PolicyDocument: policyText({ Effect: 'Allow', Action: ['sts:*', 'iam:GetUser'], Resource: '*' }),
  })
})

const createRole = (RoleName: string, trust: object = {}, statements: readonly object[] = []) =>
  world.iam.write('CreateRole', { RoleName, AssumeRolePolicyDocument: trusting(trust) }).then(() =>
    world.iam.write('PutRolePolicy', {
      RoleName,
      PolicyName: 'own',
      PolicyDocument: policyText({ Effect: 'Allow', Action: 'sts:*', Resource: '*' }, ...statements),
    }),
  )

const assume = (caller: Caller, name: string, input: Record<string, unknown> = {}) =>
  world.sts.signed('AssumeRole', {
    caller,
    input: { RoleArn: roleArn(name), RoleSessionName: 'ci', ...input },
    request: world.request(),
  })

const identity = (caller: Caller) =>
  world.sts.signed('GetCallerIdentity', { caller, input: {}, request: world.request() })

describe('AssumeRole', () => {
  it("gives credentials of the role, which are nobody else's and end", async () => {
    await createRole('deploy', {}, [{ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' }])
    const { Credentials, AssumedRoleUser } = await assume(ALICE, 'deploy', { DurationSeconds: 900 })
    const id = (await world.iam.read('GetRole', { RoleName: 'deploy' })).Role?.RoleId
    expect(AssumedRoleUser).toEqual({
      AssumedRoleId: `${id}:ci`,
      Arn: `arn:aws:sts::${ACCOUNT.id}:assumed-role/deploy/ci`,
    })
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(Credentials?.SecretAccessKey).toHaveLength(40)
    expect(Credentials?.Expiration?.getTime()).toBe(world.now() + 900_000)
    const caller = await world.callerOf(Credentials)
    expect(await identity(caller)).toEqual({
      UserId: `${id}:ci`,
      Account: ACCOUNT.id,
      Arn: `arn:aws:sts::${ACCOUNT.id}:assumed-role/deploy/ci`,
    })
    await world.authorize(caller, 'ListUsers', {})
    expect((await refusal(world.authorize(caller, 'GetUser', { UserName: 'alice' }))).message).toMatch(
      /^User: arn:aws:sts::\d+:assumed-role\/deploy\/ci is not authorized to perform: iam:GetUser on resource: arn:aws:iam::\d+:user\/team\/alice because no identity-based policy allows/,
    )
    world.pass(900)
    await expect(world.callerOf(Credentials)).rejects.toThrow('expired')
  })

  it('a token is good for its own key alone, and for no other sealed text', async () => {
    await createRole('deploy')
    const one = (await assume(ALICE, 'deploy')).Credentials
    const other = (await assume(ALICE, 'deploy')).Credentials
    expect(TOKENS.open(one?.AccessKeyId ?? '', other?.SessionToken ?? '')).toBeNull()
    expect(TOKENS.open('ASIA', SEALER.seal('{}', 'something else'))).toBeNull()
    expect(TOKENS.open('ASIA', '')).toBeNull()
    expect(one?.SessionToken).not.toContain('deploy')
  })

  it('ends with the role that it is of, though one of the same name is made', async () => {
    await createRole('deploy')
    const caller = await world.callerOf((await assume(ALICE, 'deploy')).Credentials)
    await world.iam.write('DeleteRolePolicy', { RoleName: 'deploy', PolicyName: 'own' })
    await world.iam.write('DeleteRole', { RoleName: 'deploy' })
    await createRole('deploy')
    expect((await refusal(identity(caller))).code).toBe('InvalidClientTokenId')
  })

  /** @see IAM User Guide, "Revoking IAM role temporary security credentials" */
  it('AWSRevokeOlderSessions ends the sessions so far, and not those that chain from them', async () => {
    const mayList = [{ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }]
    await createRole('deploy', {}, mayList)
    await createRole('next', {}, mayList)
    const older = await world.callerOf((await assume(ALICE, 'deploy')).Credentials)
    const chained = await world.callerOf((await assume(older, 'next')).Credentials)
    world.pass(60)
    await world.iam.write('PutRolePolicy', {
      RoleName: 'deploy',
      PolicyName: 'AWSRevokeOlderSessions',
      PolicyDocument: policyText({
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(world.now()).toISOString() } },
      }),
    })
    expect((await refusal(world.authorize(older, 'ListRoles', {}))).message).toContain(
      'with an explicit deny',
    )
    await world.authorize(chained, 'ListRoles', {})
    world.pass(1)
    const newer = await world.callerOf((await assume(ALICE, 'deploy')).Credentials)
    await world.authorize(newer, 'ListRoles', {})
  })

  it('is refused where no trust lets in, and of a role that is not there alike', async () => {
    await world.iam.write('CreateUser', { UserName: 'bob' })
    await createRole('deploy', { Principal: { AWS: `arn:aws:iam::${ACCOUNT.id}:user/bob` } })
    for (const name of ['deploy', 'nothing'])
      expect(await refusal(assume(ALICE, name))).toMatchObject({
        code: 'AccessDenied',
        message: expect.stringMatching(
          new RegExp(
            `^User: arn:aws:iam::${ACCOUNT.id}:user/team/alice is not authorized to perform: sts:AssumeRole on resource: ${roleArn(name)} because no role trust policy allows the sts:AssumeRole action`,
          ),
        ),
      })
    // Named by the trust policy itself, bob needs no policy of his own.
    await assume(userCalling('bob'), 'deploy')
  })

  it('somebody else under the name that a trust policy was written for is not let in', async () => {
    await world.iam.write('CreateUser', { UserName: 'bob' })
    await createRole('deploy', { Principal: { AWS: `arn:aws:iam::${ACCOUNT.id}:user/bob` } })
    await world.iam.write('DeleteUser', { UserName: 'bob' })
    await world.iam.write('CreateUser', { UserName: 'bob' })
    expect((await refusal(assume(userCalling('bob'), 'deploy'))).code).toBe('AccessDenied')
  })

  it('root assumes no role', async () => {
    await createRole('deploy')
    expect(await refusal(assume(ROOT, 'deploy'))).toMatchObject({
      code: 'AccessDenied',
      message: 'Roles may not be assumed by root accounts.',
    })
  })

  it('an external id, where the trust asks for one', async () => {
    await createRole('deploy', { Condition: { StringEquals: { 'sts:ExternalId': 'x-1' } } })
    expect((await refusal(assume(ALICE, 'deploy'))).code).toBe('AccessDenied')
    expect((await refusal(assume(ALICE, 'deploy', { ExternalId: 'x-2' }))).code).toBe('AccessDenied')
    await assume(ALICE, 'deploy', { ExternalId: 'x-1' })
  })

  it('lasts no longer than the role lets it, and chained an hour', async () => {
    await createRole('deploy')
    await createRole('next')
    await world.iam.write('UpdateRole', { RoleName: 'next', MaxSessionDuration: 7200 })
    expect(await refusal(assume(ALICE, 'deploy', { DurationSeconds: 3601 }))).toMatchObject({
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    })
    await assume(ALICE, 'next', { DurationSeconds: 7200 })
    const caller = await world.callerOf((await assume(ALICE, 'deploy')).Credentials)
    expect(await refusal(assume(caller, 'next', { DurationSeconds: 3601 }))).toMatchObject({
      code: 'ValidationError',
      message:
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    })
    await assume(caller, 'next', { DurationSeconds: 3600 })
    expect((await refusal(assume(ALICE, 'next', { DurationSeconds: 899 }))).code).toBe('ValidationError')
  })

  it('session policies limit it; what is malformed, too much or not there is refused', async () => {
    await createRole('deploy', {}, [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }])
    const Policy = policyText({ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' })
    const caller = await world.callerOf((await assume(ALICE, 'deploy', { Policy })).Credentials)
    await world.authorize(caller, 'ListUsers', {})
    expect((await refusal(world.authorize(caller, 'ListRoles', {}))).message).toMatch(
      /no session policy allows/,
    )
    expect((await refusal(assume(ALICE, 'deploy', { Policy: '{' }))).code).toBe('MalformedPolicyDocument')
    expect((await refusal(assume(ALICE, 'deploy', { Policy: ' '.repeat(2049) }))).code).toBe(
      'ValidationError',
    )
    const PolicyArns = [{ arn: `arn:aws:iam::${ACCOUNT.id}:policy/none` }]
    expect((await refusal(assume(ALICE, 'deploy', { PolicyArns }))).code).toBe('MalformedPolicyDocument')
    const Tags = Array.from({ length: 30 }, (_, index) => ({ Key: `key-${index}`, Value: 'v'.repeat(256) }))
    await world.iam.write('UpdateAssumeRolePolicy', {
      RoleName: 'deploy',
      PolicyDocument: trusting({ Action: ['sts:AssumeRole', 'sts:TagSession'] }),
    })
    expect((await refusal(assume(ALICE, 'deploy', { Tags }))).code).toBe('PackedPolicyTooLarge')
  })

  it('names that would change what an ARN says are refused', async () => {
    await createRole('deploy')
    for (const RoleSessionName of ['a', 'a/b', 'a:b', 'x'.repeat(65)])
      expect((await refusal(assume(ALICE, 'deploy', { RoleSessionName }))).code).toBe('ValidationError')
  })
})

/** @see IAM User Guide, "Pass session tags in AWS STS" */
describe('what is passed along', () => {
  const tagging = { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }
  const Tags = [{ Key: 'team', Value: 'a' }]

  it("tags need the permission to tag, and win over the role's", async () => {
    await createRole('deploy')
    expect((await refusal(assume(ALICE, 'deploy', { Tags }))).message).toContain('perform: sts:TagSession')
    await createRole('tagged', tagging, [
      {
        Effect: 'Allow',
        Action: 'iam:ListUsers',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
      },
    ])
    await world.iam.write('TagRole', { RoleName: 'tagged', Tags: [{ Key: 'Team', Value: 'b' }] })
    await world.authorize(
      await world.callerOf((await assume(ALICE, 'tagged', { Tags })).Credentials),
      'ListUsers',
      {},
    )
    const without = await world.callerOf((await assume(ALICE, 'tagged')).Credentials)
    expect((await refusal(world.authorize(without, 'ListUsers', {}))).code).toBe('AccessDenied')
  })

  it("transitive tags go on, can't be passed otherwise, and need the permission again", async () => {
    await createRole('first', tagging)
    await createRole('plain')
    await createRole('second', tagging, [
      {
        Effect: 'Allow',
        Action: 'iam:ListUsers',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
      },
    ])
    const first = await world.callerOf(
      (await assume(ALICE, 'first', { Tags, TransitiveTagKeys: ['team'] })).Credentials,
    )
    expect((await refusal(assume(first, 'plain'))).message).toContain('perform: sts:TagSession')
    const second = await world.callerOf((await assume(first, 'second')).Credentials)
    await world.authorize(second, 'ListUsers', {})
    expect((await refusal(assume(first, 'second', { Tags: [{ Key: 'Team', Value: 'b' }] }))).code).toBe(
      'InvalidParameterValue',
    )
    expect((await refusal(assume(ALICE, 'first', { TransitiveTagKeys: ['other'] }))).code).toBe(
      'InvalidParameterValue',
    )
    expect(
      (await refusal(assume(ALICE, 'first', { Tags: [...Tags, { Key: 'TEAM', Value: '' }] }))).code,
    ).toBe('InvalidParameterValue')
  })

  it('a source identity needs its permission, and stays', async () => {
    await createRole('plain')
    expect((await refusal(assume(ALICE, 'plain', { SourceIdentity: 'alice' }))).message).toContain(
      'perform: sts:SetSourceIdentity',
    )
    await createRole('first', tagging)
    await createRole('second', { ...tagging, Condition: { StringEquals: { 'aws:SourceIdentity': 'alice' } } })
    const { Credentials, SourceIdentity } = await assume(ALICE, 'first', { SourceIdentity: 'alice' })
    expect(SourceIdentity).toBe('alice')
    const first = await world.callerOf(Credentials)
    expect((await refusal(assume(first, 'plain'))).message).toContain('perform: sts:SetSourceIdentity')
    expect((await assume(first, 'second')).SourceIdentity).toBe('alice')
    expect((await refusal(assume(first, 'second', { SourceIdentity: 'bob' }))).code).toBe('AccessDenied')
  })
})

describe('MFA', () => {
  let seed = ''
  const serial = `arn:aws:iam::${ACCOUNT.id}:mfa/phone`
  const step = () => Math.floor(world.now() / 1000 / TOTP_STEP)
  const code = (by = 0) => totpCode(seed, step() + by)
  beforeEach(async () => {
    const made = await world.iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
    seed = Buffer.from(made.VirtualMFADevice?.Base32StringSeed ?? []).toString()
    await world.iam.write('EnableMFADevice', {
      UserName: 'alice',
      SerialNumber: serial,
      AuthenticationCode1: code(-1),
      AuthenticationCode2: code(0),
    })
    world.pass(TOTP_STEP)
  })
  const getSession = (input: Record<string, unknown>, caller: Caller = ALICE) =>
    world.sts.signed('GetSessionToken', { caller, input, request: world.request() })

  it('with a code a session of a user calls IAM, without one it does not', async () => {
    const without = await world.callerOf((await getSession({})).Credentials)
    expect((await refusal(world.authorize(without, 'GetUser', {}))).code).toBe('InvalidClientTokenId')
    const caller = await world.callerOf(
      (await getSession({ SerialNumber: serial, TokenCode: code() })).Credentials,
    )
    await world.authorize(caller, 'GetUser', {})
    expect(await identity(caller)).toEqual({
      UserId: (await world.iam.read('GetUser', { UserName: 'alice' })).User?.UserId,
      Account: ACCOUNT.id,
      Arn: `arn:aws:iam::${ACCOUNT.id}:user/team/alice`,
    })
  })

  it('no code is taken twice, nor one of too long ago, nor one that the device was enabled with', async () => {
    const shown = { SerialNumber: serial, TokenCode: code() }
    expect((await refusal(getSession({ SerialNumber: serial, TokenCode: code(-1) }))).code).toBe(
      'AccessDenied',
    )
    await getSession(shown)
    expect(await refusal(getSession(shown))).toMatchObject({
      code: 'AccessDenied',
      message: 'MultiFactorAuthentication failed with invalid MFA one time pass code.',
    })
    world.pass(10 * TOTP_STEP)
    expect((await refusal(getSession({ SerialNumber: serial, TokenCode: code(-2) }))).code).toBe(
      'AccessDenied',
    )
    await getSession({ SerialNumber: serial, TokenCode: code(-1) })
  })

  it('a drifting clock is followed, and a device that is off is set anew by two codes', async () => {
    await getSession({ SerialNumber: serial, TokenCode: code(1) })
    world.pass(2 * TOTP_STEP)
    await getSession({ SerialNumber: serial, TokenCode: code(2) })
    world.pass(100 * TOTP_STEP)
    expect((await refusal(getSession({ SerialNumber: serial, TokenCode: code(50) }))).code).toBe(
      'AccessDenied',
    )
    await world.iam.write('ResyncMFADevice', {
      UserName: 'alice',
      SerialNumber: serial,
      AuthenticationCode1: code(50),
      AuthenticationCode2: code(51),
    })
    expect((await refusal(getSession({ SerialNumber: serial, TokenCode: code(51) }))).code).toBe(
      'AccessDenied',
    )
    world.pass(2 * TOTP_STEP)
    await getSession({ SerialNumber: serial, TokenCode: code(50) })
  })

  it("a trust that asks for it is met in the call, and a role's session has none", async () => {
    const withMfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
    await createRole('deploy', withMfa)
    await createRole('next', withMfa)
    expect((await refusal(assume(ALICE, 'deploy'))).code).toBe('AccessDenied')
    const caller = await world.callerOf(
      (await assume(ALICE, 'deploy', { SerialNumber: serial, TokenCode: code() })).Credentials,
    )
    expect((await refusal(assume(caller, 'next'))).code).toBe('AccessDenied')
    world.pass(TOTP_STEP)
    const session = await world.callerOf(
      (await getSession({ SerialNumber: serial, TokenCode: code() })).Credentials,
    )
    await assume(session, 'deploy')
  })

  it("somebody else's device, half of what is needed, and root's are refused", async () => {
    await world.iam.write('CreateUser', { UserName: 'bob' })
    const shown = { SerialNumber: serial, TokenCode: code() }
    for (const caller of [userCalling('bob'), ROOT])
      expect((await refusal(getSession(shown, caller))).message).toMatch(/unable to validate MFA code/)
    expect((await refusal(getSession({ SerialNumber: serial }))).message).toMatch(/must provide both/)
    expect((await refusal(getSession({ ...shown, TokenCode: '12345a' }))).code).toBe('AccessDenied')
  })
})

describe('GetSessionToken and GetFederationToken', () => {
  const federate = (input: Record<string, unknown>, caller: Caller = ALICE) =>
    world.sts.signed('GetFederationToken', {
      caller,
      input: { Name: 'fed', ...input },
      request: world.request(),
    })

  it('of root last an hour at most', async () => {
    const call = { caller: ROOT, input: { DurationSeconds: 43_200 }, request: world.request() }
    const { Credentials } = await world.sts.signed('GetSessionToken', call)
    expect(Credentials?.Expiration?.getTime()).toBe(world.now() + 3_600_000)
    const { Arn } = await identity(await world.callerOf(Credentials))
    expect(Arn).toBe(`arn:aws:iam::${ACCOUNT.id}:root`)
  })

  it('no temporary credentials ask for more of them', async () => {
    await createRole('deploy')
    const caller = await world.callerOf((await assume(ALICE, 'deploy')).Credentials)
    for (const operation of ['GetSessionToken', 'GetFederationToken'] as const)
      expect(
        await refusal(
          world.sts.signed(operation, { caller, input: { Name: 'fed' }, request: world.request() }),
        ),
      ).toMatchObject({
        code: 'AccessDenied',
        message: `Cannot call ${operation} with session credentials`,
      })
  })

  it('a federated user says who it is, and calls neither IAM nor STS besides', async () => {
    const { Credentials, FederatedUser } = await federate({
      Policy: policyText({ Effect: 'Allow', Action: '*', Resource: '*' }),
    })
    expect(FederatedUser).toEqual({
      FederatedUserId: `${ACCOUNT.id}:fed`,
      Arn: `arn:aws:sts::${ACCOUNT.id}:federated-user/fed`,
    })
    const caller = await world.callerOf(Credentials)
    expect((await identity(caller)).Arn).toBe(FederatedUser?.Arn)
    expect((await refusal(world.authorize(caller, 'GetUser', { UserName: 'alice' }))).code).toBe(
      'InvalidClientTokenId',
    )
    await createRole('deploy')
    expect((await refusal(assume(caller, 'deploy'))).code).toBe('AccessDenied')
  })

  it("needs the permission, on the federated user's ARN, and to tag", async () => {
    await world.iam.write('PutUserPolicy', {
      UserName: 'alice',
      PolicyName: 'own',
      PolicyDocument: policyText({
        Effect: 'Allow',
        Action: 'sts:GetFederationToken',
        Resource: `arn:aws:sts::${ACCOUNT.id}:federated-user/fed`,
      }),
    })
    await federate({})
    expect((await refusal(federate({ Name: 'other' }))).code).toBe('AccessDenied')
    expect((await refusal(federate({ Tags: [{ Key: 'a', Value: 'b' }] }))).message).toContain(
      'perform: sts:TagSession',
    )
  })
})

describe('what STS tells', () => {
  it('the account of a key, by its id', async () => {
    const key = (await world.iam.write('CreateAccessKey', { UserName: 'alice' })).AccessKey?.AccessKeyId
    const info = (AccessKeyId: unknown) =>
      world.sts.signed('GetAccessKeyInfo', {
        caller: ALICE,
        input: { AccessKeyId },
        request: world.request(),
      })
    expect(await info(key)).toEqual({ Account: ACCOUNT.id })
    // One that AWS gave, and the account that it was given in, as is known of it in public.
    expect(await info('ASIAQNZGKIQY56JQ7WML')).toEqual({ Account: '029608264753' })
    expect((await refusal(info('AKIAIOSFODNN7EXAMPLE'))).code).toBe('ValidationError')
  })

  it('what a denial was about, to who may know', async () => {
    const { message } = await refusal(world.authorize(ALICE, 'ListUsers', {}))
    const EncodedMessage = /message: (\S+)$/.exec(message)?.[1]
    const decode = (caller: Caller, input: Record<string, unknown>) =>
      world.sts.signed('DecodeAuthorizationMessage', { caller, input, request: world.request() })
    const { DecodedMessage = '' } = await decode(ALICE, { EncodedMessage })
    expect(JSON.parse(DecodedMessage)).toMatchObject({
      allowed: false,
      explicitDeny: false,
      context: { action: 'iam:ListUsers' },
    })
    await world.iam.write('CreateUser', { UserName: 'bob' })
    expect((await refusal(decode(userCalling('bob'), { EncodedMessage }))).code).toBe('AccessDenied')
    expect((await refusal(decode(ALICE, { EncodedMessage: 'v1.abc' }))).code).toBe(
      'InvalidAuthorizationMessageException',
    )
  })
})
