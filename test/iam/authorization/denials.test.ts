import { describe, expect, it } from 'vitest'
import type { Caller, Session } from '../../../src/iam/caller.ts'
import type { Organization, OrganizationPolicy } from '../../../src/model/index.ts'
import { ACCOUNT, refusal } from '../account.ts'
import { MESSAGES, NOW, openAuthorized, policyText, ROOT, userCalling } from './world.ts'

const allowAll = { Effect: 'Allow', Action: '*', Resource: '*' }
const FULL: OrganizationPolicy = {
  name: 'FullAWSAccess',
  document: {
    json: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    located: null,
  },
}
const NO_USERS: OrganizationPolicy = {
  name: 'no-users',
  document: {
    json: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' }] },
    located: null,
  },
}
const ORGANIZATION: Organization = {
  id: 'o-1234567890',
  managementAccount: '999988887777',
  root: {
    kind: 'root',
    id: 'r-1',
    name: 'root',
    serviceControlPolicies: [FULL, NO_USERS],
    resourceControlPolicies: [],
    children: [
      {
        kind: 'account',
        id: ACCOUNT.id,
        name: 'a',
        serviceControlPolicies: [FULL],
        resourceControlPolicies: [],
        children: [],
      },
    ],
  },
}

type World = Awaited<ReturnType<typeof openAuthorized>>

async function worldWith(
  statements: readonly object[],
  organization: Organization | null = null,
): Promise<World> {
  const world = await openAuthorized(organization)
  await world.iam.write('CreateUser', { UserName: 'alice', Path: '/team/' })
  if (statements.length > 0)
    await world.iam.write('PutUserPolicy', {
      UserName: 'alice',
      PolicyName: 'own',
      PolicyDocument: policyText(...statements),
    })
  return world
}

const ALICE = userCalling('alice')
const createUser = (caller: Caller) => ({ caller, operation: 'CreateUser', input: { UserName: 'new' } })
const WHO = `User: arn:aws:iam::${ACCOUNT.id}:user/team/alice is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${ACCOUNT.id}:user/new`

const sessionOf = (bearer: Session['bearer'], parts: Partial<Session> = {}): Caller => ({
  kind: 'session',
  accountId: ACCOUNT.id,
  accessKeyId: 'ASIA1',
  userName: null,
  session: {
    bearer,
    issued: NOW - 60_000,
    expires: NOW + 60_000,
    policies: { inline: null, arns: [] },
    tags: [],
    transitive: [],
    sourceIdentity: null,
    mfa: null,
    context: [],
    ...parts,
  },
})

const aliceId = async ({ iam }: World): Promise<string> =>
  (await iam.read('GetUser', { UserName: 'alice' })).User?.UserId ?? ''

/** @see IAM User Guide, "Troubleshoot access denied error messages" */
describe('a denial names who, what, on what, and the layer', () => {
  const said = async (world: World, caller: Caller = ALICE): Promise<string> => {
    const { code, message } = await refusal(world.authorize(createUser(caller)))
    expect(code).toBe('AccessDenied')
    return message.replace(/\. Encoded authorization failure message: .*$/, '')
  }

  it('no identity-based policy', async () => {
    expect(await said(await worldWith([]))).toBe(
      `${WHO} because no identity-based policy allows the iam:CreateUser action`,
    )
  })

  it('an explicit deny in an identity-based policy', async () => {
    const world = await worldWith([allowAll, { Effect: 'Deny', Action: 'iam:Create*', Resource: '*' }])
    expect(await said(world)).toBe(`${WHO} with an explicit deny in an identity-based policy`)
  })

  it('a permissions boundary, both ways', async () => {
    const world = await worldWith([allowAll])
    const boundary = async (statement: object) => {
      await world.iam.write('CreatePolicy', { PolicyName: 'limit', PolicyDocument: policyText(statement) })
      await world.iam.write('PutUserPermissionsBoundary', {
        UserName: 'alice',
        PermissionsBoundary: `arn:aws:iam::${ACCOUNT.id}:policy/limit`,
      })
    }
    await boundary({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
    expect(await said(world)).toBe(`${WHO} because no permissions boundary allows the iam:CreateUser action`)
    await world.iam.write('CreatePolicyVersion', {
      PolicyArn: `arn:aws:iam::${ACCOUNT.id}:policy/limit`,
      PolicyDocument: policyText({ Effect: 'Deny', Action: 'iam:*', Resource: '*' }),
      SetAsDefault: true,
    })
    expect(await said(world)).toBe(`${WHO} with an explicit deny in a permissions boundary`)
  })

  it('a session policy', async () => {
    const world = await worldWith([allowAll])
    const caller = sessionOf(
      { kind: 'sameUser', userId: await aliceId(world) },
      {
        mfa: NOW,
        policies: { inline: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), arns: [] },
      },
    )
    expect(await said(world, caller)).toBe(
      `${WHO} because no session policy allows the iam:CreateUser action`,
    )
  })

  it('a session policy that is gone lets nothing through', async () => {
    const world = await worldWith([allowAll])
    const caller = sessionOf(
      { kind: 'sameUser', userId: await aliceId(world) },
      { mfa: NOW, policies: { inline: null, arns: [`arn:aws:iam::${ACCOUNT.id}:policy/gone`] } },
    )
    expect(await said(world, caller)).toMatch(/because no session policy allows/)
  })

  it('a service control policy, of users and of root', async () => {
    const world = await worldWith([allowAll], ORGANIZATION)
    expect(await said(world)).toBe(`${WHO} with an explicit deny in a service control policy`)
    expect(await said(world, ROOT)).toBe(
      `User: arn:aws:iam::${ACCOUNT.id}:root is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${ACCOUNT.id}:user/new with an explicit deny in a service control policy`,
    )
  })

  it('encodes what decided, which only its own account opens', async () => {
    const world = await worldWith([
      allowAll,
      { Sid: 'NoUsers', Effect: 'Deny', Action: 'iam:Create*', Resource: '*' },
    ])
    const { message } = await refusal(world.authorize(createUser(ALICE)))
    const [, encoded = ''] = /message: (\S+)$/.exec(message) ?? []
    expect(encoded).not.toContain('NoUsers')
    expect(JSON.parse(MESSAGES.decode(encoded) ?? 'null')).toMatchObject({
      allowed: false,
      explicitDeny: true,
      layer: 'identity',
      matchedStatements: {
        items: [{ policy: 'inline:own', statementId: 'NoUsers', statement: 1, file: 'people.yaml', line: 8 }],
      },
      context: { action: 'iam:CreateUser', resource: `arn:aws:iam::${ACCOUNT.id}:user/new` },
    })
    expect(MESSAGES.decode(`${encoded.slice(0, -8)}AAAAAAAA`)).toBeNull()
  })
})

/** @see IAM User Guide, "Compare AWS STS credentials" */
describe('credentials', () => {
  it("of a user who was made anew under the old name are nobody's", async () => {
    const world = await worldWith([allowAll])
    const caller = sessionOf({ kind: 'sameUser', userId: await aliceId(world) }, { mfa: NOW })
    await world.authorize(createUser(caller))
    await world.iam.write('DeleteUserPolicy', { UserName: 'alice', PolicyName: 'own' })
    await world.iam.write('DeleteUser', { UserName: 'alice' })
    await world.iam.write('CreateUser', { UserName: 'alice' })
    expect((await refusal(world.authorize(createUser(caller)))).code).toBe('InvalidClientTokenId')
  })

  it("of another account are nobody's here", async () => {
    const world = await worldWith([])
    const other: Caller = { kind: 'root', accountId: '999988887777', accessKeyId: 'AKIA1' }
    expect((await refusal(world.authorize(createUser(other)))).code).toBe('InvalidClientTokenId')
  })

  it('of GetSessionToken call IAM with MFA only, of GetFederationToken never', async () => {
    const world = await worldWith([allowAll])
    const userId = await aliceId(world)
    expect((await refusal(world.authorize(createUser(sessionOf({ kind: 'sameUser', userId }))))).code).toBe(
      'InvalidClientTokenId',
    )
    expect(
      (await refusal(world.authorize(createUser(sessionOf({ kind: 'root', assumed: false }))))).code,
    ).toBe('InvalidClientTokenId')
    const federated = sessionOf(
      { kind: 'federatedUser', name: 'fed', userId },
      { mfa: NOW, policies: { inline: policyText(allowAll), arns: [] } },
    )
    expect((await refusal(world.authorize(createUser(federated)))).code).toBe('InvalidClientTokenId')
  })
})

describe('what follows of the caller', () => {
  it('no tag of a request stands for a tag or a name of the caller', async () => {
    const world = await worldWith([
      {
        Effect: 'Allow',
        Action: 'iam:CreateUser',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
      },
      { Effect: 'Allow', Action: 'iam:TagUser', Resource: '*' },
    ])
    const Tags = [
      { Key: 'team', Value: 'a' },
      { Key: 'TEAM', Value: 'a' },
    ]
    const asked = {
      caller: ALICE,
      operation: 'CreateUser',
      input: { UserName: 'new', Tags, 'aws:PrincipalTag/team': 'a' },
    }
    expect((await refusal(world.authorize(asked))).code).toBe('AccessDenied')
    await world.iam.write('TagUser', { UserName: 'alice', Tags: [{ Key: 'Team', Value: 'a' }] })
    await world.authorize(asked)
  })

  it('tags of a request whose keys differ in case satisfy no plain operator', async () => {
    const world = await worldWith([
      {
        Effect: 'Allow',
        Action: 'iam:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestTag/team': 'a' } },
      },
    ])
    const asked = (Tags: readonly object[]) => ({
      caller: ALICE,
      operation: 'TagPolicy',
      input: { PolicyArn: `arn:aws:iam::${ACCOUNT.id}:policy/p`, Tags },
    })
    await world.authorize(asked([{ Key: 'team', Value: 'a' }]))
    const both = asked([
      { Key: 'team', Value: 'a' },
      { Key: 'Team', Value: 'b' },
    ])
    expect((await refusal(world.authorize(both))).code).toBe('AccessDenied')
  })

  it('who may change passwords by the password policy, may change their own', async () => {
    const world = await worldWith([])
    const asked = { caller: ALICE, operation: 'ChangePassword', input: {} }
    expect((await refusal(world.authorize(asked))).code).toBe('AccessDenied')
    await world.iam.write('UpdateAccountPasswordPolicy', { AllowUsersToChangePassword: true })
    await world.authorize(asked)
    await world.iam.write('PutUserPolicy', {
      UserName: 'alice',
      PolicyName: 'own',
      PolicyDocument: policyText({ Effect: 'Deny', Action: 'iam:ChangePassword', Resource: '*' }),
    })
    expect((await refusal(world.authorize(asked))).code).toBe('AccessDenied')
  })

  it('a session of a role has to name the user', async () => {
    const world = await worldWith([])
    await world.iam.write('CreateRole', {
      RoleName: 'deploy',
      AssumeRolePolicyDocument: policyText({
        Effect: 'Allow',
        Principal: { AWS: ACCOUNT.id },
        Action: 'sts:AssumeRole',
      }),
    })
    const roleId = (await world.iam.read('GetRole', { RoleName: 'deploy' })).Role?.RoleId ?? ''
    const caller = sessionOf({ kind: 'assumedRole', roleId, sessionName: 'ci' })
    expect(await refusal(world.authorize({ caller, operation: 'ListAccessKeys', input: {} }))).toMatchObject({
      code: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    })
  })
})
