import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IamReading, IamWriting } from '../../../src/iam/embedded-iam.ts'
import type { IamErrorCode } from '../../../src/iam/service-error.ts'
import type { Account } from '../../../src/model/index.ts'
import type { WriteOperation, WriteOperations } from '../../../src/model/operations.ts'
import { refusal } from '../account.ts'

/** An IAM that the contract is held against: in process, over HTTP, or a real account set apart for it. */
interface ContractSubject {
  readonly account: Account
  readonly iam: IamReading & IamWriting
  /** Absent: in process. `texts`: whatever is given crosses as text, so that a number in place of a text is one. */
  readonly wire?: 'texts'
  close(): Promise<void>
}

const ALLOW_READ = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
})
const ALLOW_LIST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a(b)*' },
})
const trusting = (principal: unknown): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  })
const LAMBDA = trusting({ Service: 'lambda.amazonaws.com' })
/** A valid document of exactly so many characters without white space. */
const sized = (characters: number): string => {
  const base = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::' }],
  })
  return base.replace('arn:aws:s3:::', `arn:aws:s3:::${'x'.repeat(characters - base.length)}`)
}
const spread = (document: string): string => JSON.stringify(JSON.parse(document), null, 8)

const READ_ONLY_ACCESS = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const decoded = (document: string | undefined): unknown => JSON.parse(decodeURIComponent(document ?? ''))

/** The rules of the IAM API, for any implementation of it. Each test starts with an account that holds nothing. */
export function describeIamContract(name: string, open: () => Promise<ContractSubject>): void {
  describe(`IAM contract: ${name}`, () => {
    let subject: ContractSubject
    let iam: IamReading & IamWriting
    let policyArn: (path: string) => string
    let roleArn: (path: string) => string
    let userArn: (path: string) => string

    beforeEach(async () => {
      subject = await open()
      iam = subject.iam
      const arn = (kind: string) => (path: string) =>
        `arn:${subject.account.partition}:iam::${subject.account.id}:${kind}${path}`
      policyArn = arn('policy')
      roleArn = arn('role')
      userArn = arn('user')
    })
    afterEach(() => subject.close())

    const write = <O extends WriteOperation>(operation: O, input: WriteOperations[O]['input']) =>
      iam.write(operation, input)

    /** Sets up one entity of a kind, with AWS's minimal input. */
    const user = (UserName = 'alice') => write('CreateUser', { UserName })
    const group = (GroupName = 'developers') => write('CreateGroup', { GroupName })
    const role = (RoleName = 'deploy') => write('CreateRole', { RoleName, AssumeRolePolicyDocument: LAMBDA })
    const policy = (PolicyName = 'reader') =>
      write('CreatePolicy', { PolicyName, PolicyDocument: ALLOW_READ })

    async function expectRefused(
      code: IamErrorCode,
      message: RegExp | string,
      ...calls: readonly (readonly [WriteOperation, unknown])[]
    ): Promise<void> {
      for (const [operation, input] of calls) {
        const before = await everything()
        const error = await refusal(write(operation, input as never))
        expect([operation, error.code, error.message]).toEqual([
          operation,
          code,
          message instanceof RegExp ? expect.stringMatching(message) : expect.stringContaining(message),
        ])
        expect(error.retryable).toBe(false)
        expect(await everything()).toEqual(before)
      }
    }

    const everything = async () => ({
      ...(await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })),
      ...(await iam.read('ListRoles', { MaxItems: 1000 })),
      ...(await iam.read('ListAccountAliases', {})),
    })

    describe('users', () => {
      it('a user is created with path, boundary and tags, and read back', async () => {
        await policy('edge')
        const created = await write('CreateUser', {
          UserName: 'Alice.B+c=d,e@f-g_h',
          Path: '/engineering/core/',
          PermissionsBoundary: policyArn('/edge'),
          Tags: [
            { Key: 'team', Value: 'core' },
            { Key: 'cost center', Value: '' },
          ],
        })
        expect(created.User).toMatchObject({
          Path: '/engineering/core/',
          UserName: 'Alice.B+c=d,e@f-g_h',
          Arn: userArn('/engineering/core/Alice.B+c=d,e@f-g_h'),
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: policyArn('/edge'),
          },
        })
        expect(created.User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/)
        expect(created.User?.CreateDate).toBeInstanceOf(Date)
        expect(created.User?.CreateDate?.getMilliseconds()).toBe(0)
        const { User: read } = await iam.read('GetUser', { UserName: 'Alice.B+c=d,e@f-g_h' })
        expect(read).toMatchObject({
          Path: '/engineering/core/',
          UserId: created.User?.UserId,
          Arn: created.User?.Arn,
        })
        expect(new Map(read?.Tags?.map(({ Key, Value }) => [Key, Value]))).toEqual(
          new Map([
            ['team', 'core'],
            ['cost center', ''],
          ]),
        )
      })

      it('names are unique whatever their case, and found by exact name', async () => {
        await user('alice')
        await expectRefused('EntityAlreadyExists', 'User with name alice already exists', [
          'CreateUser',
          { UserName: 'ALICE' },
        ])
        expect((await refusal(iam.read('GetUser', { UserName: 'Alice' }))).code).toBe('NoSuchEntity')
      })

      it('a user moves to a new path and a new name, and keeps its id and policies', async () => {
        const created = await user('alice')
        await user('bob')
        await write('PutUserPolicy', { UserName: 'alice', PolicyName: 'own', PolicyDocument: ALLOW_READ })
        await write('UpdateUser', { UserName: 'alice', NewPath: '/a/', NewUserName: 'Alice' })
        expect((await iam.read('GetUser', { UserName: 'Alice' })).User).toMatchObject({
          UserId: created.User?.UserId,
          Arn: userArn('/a/Alice'),
        })
        const details = await iam.read('GetAccountAuthorizationDetails', { Filter: ['User'] })
        expect(details.UserDetailList?.[0]?.UserPolicyList?.[0]?.PolicyName).toBe('own')
        await expectRefused('EntityAlreadyExists', 'bob', [
          'UpdateUser',
          { UserName: 'Alice', NewUserName: 'BOB' },
        ])
      })

      it('what a user still has must go before the user', async () => {
        await user()
        await group()
        await policy()
        await write('AttachUserPolicy', { UserName: 'alice', PolicyArn: policyArn('/reader') })
        await write('PutUserPolicy', { UserName: 'alice', PolicyName: 'own', PolicyDocument: ALLOW_READ })
        await write('AddUserToGroup', { UserName: 'alice', GroupName: 'developers' })
        await expectRefused('DeleteConflict', 'must detach all policies first', [
          'DeleteUser',
          { UserName: 'alice' },
        ])
        await write('DetachUserPolicy', { UserName: 'alice', PolicyArn: policyArn('/reader') })
        await expectRefused('DeleteConflict', 'must delete policies first', [
          'DeleteUser',
          { UserName: 'alice' },
        ])
        await write('DeleteUserPolicy', { UserName: 'alice', PolicyName: 'own' })
        await expectRefused('DeleteConflict', 'must remove users from group first', [
          'DeleteUser',
          { UserName: 'alice' },
        ])
        await write('RemoveUserFromGroup', { UserName: 'alice', GroupName: 'developers' })
        await write('DeleteUser', { UserName: 'alice' })
        expect((await refusal(iam.read('GetUser', { UserName: 'alice' }))).code).toBe('NoSuchEntity')
      })

      it('a boundary and tags go with the user, and a user of the same name starts without', async () => {
        await policy()
        const first = await write('CreateUser', {
          UserName: 'alice',
          PermissionsBoundary: policyArn('/reader'),
          Tags: [{ Key: 'team', Value: 'core' }],
        })
        await write('DeleteUser', { UserName: 'alice' })
        const second = await user()
        expect(second.User?.UserId).not.toBe(first.User?.UserId)
        const { User: read } = await iam.read('GetUser', { UserName: 'alice' })
        expect(read?.Tags ?? []).toEqual([])
        expect(read?.PermissionsBoundary).toBeUndefined()
      })
    })

    describe('groups', () => {
      it('a group is created, renamed, moved, and lists its members by page', async () => {
        const created = await write('CreateGroup', { GroupName: 'developers', Path: '/x/' })
        expect(created.Group?.GroupId).toMatch(/^AGPA[A-Z2-7]{17}$/)
        for (const name of ['carol', 'Alice', 'bob']) {
          await user(name)
          await write('AddUserToGroup', { UserName: name, GroupName: 'developers' })
        }
        await write('AddUserToGroup', { UserName: 'bob', GroupName: 'developers' })
        await write('UpdateGroup', { GroupName: 'developers', NewPath: '/y/', NewGroupName: 'Builders' })
        const first = await iam.read('GetGroup', { GroupName: 'Builders', MaxItems: 2 })
        expect(first.Group).toMatchObject({
          GroupId: created.Group?.GroupId,
          Arn: policyArn('/y/Builders').replace(':policy/', ':group/'),
        })
        expect(first.IsTruncated).toBe(true)
        const second = await iam.read('GetGroup', { GroupName: 'Builders', Marker: first.Marker })
        expect(
          [...(first.Users ?? []), ...(second.Users ?? [])].map(({ UserName }) => UserName).sort(),
        ).toEqual(['Alice', 'bob', 'carol'])
        expect(second.IsTruncated).toBe(false)
      })

      it('names are unique whatever their case', async () => {
        await group('developers')
        await group('testers')
        await expectRefused(
          'EntityAlreadyExists',
          'Group with name developers already exists',
          ['CreateGroup', { GroupName: 'Developers' }],
          ['UpdateGroup', { GroupName: 'testers', NewGroupName: 'DEVELOPERS' }],
        )
      })

      it('members and policies must go before the group', async () => {
        await user()
        await group()
        await policy()
        await write('AddUserToGroup', { UserName: 'alice', GroupName: 'developers' })
        await write('AttachGroupPolicy', { GroupName: 'developers', PolicyArn: policyArn('/reader') })
        await write('PutGroupPolicy', {
          GroupName: 'developers',
          PolicyName: 'x',
          PolicyDocument: ALLOW_READ,
        })
        const deletion = ['DeleteGroup', { GroupName: 'developers' }] as const
        await expectRefused('DeleteConflict', 'must detach all policies first', deletion)
        await write('DetachGroupPolicy', { GroupName: 'developers', PolicyArn: policyArn('/reader') })
        await expectRefused('DeleteConflict', 'must delete policies first', deletion)
        await write('DeleteGroupPolicy', { GroupName: 'developers', PolicyName: 'x' })
        await expectRefused('DeleteConflict', 'must remove users from group first', deletion)
        await write('RemoveUserFromGroup', { UserName: 'alice', GroupName: 'developers' })
        await write(...deletion)
        expect((await refusal(iam.read('GetGroup', { GroupName: 'developers' }))).code).toBe('NoSuchEntity')
      })
    })

    describe('roles', () => {
      it('a role is created with everything, and read back by GetRole and ListRoles', async () => {
        await policy()
        const created = await write('CreateRole', {
          RoleName: 'deploy',
          Path: '/ci/',
          Description: 'Déploie tout',
          MaxSessionDuration: 7200,
          AssumeRolePolicyDocument: LAMBDA,
          PermissionsBoundary: policyArn('/reader'),
          Tags: [{ Key: 'team', Value: 'core' }],
        })
        expect(created.Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
        const { Role: read } = await iam.read('GetRole', { RoleName: 'deploy' })
        const listed = {
          Path: '/ci/',
          RoleName: 'deploy',
          RoleId: created.Role?.RoleId,
          Arn: roleArn('/ci/deploy'),
          Description: 'Déploie tout',
          MaxSessionDuration: 7200,
        }
        expect(read).toMatchObject({
          ...listed,
          PermissionsBoundary: { PermissionsBoundaryArn: policyArn('/reader') },
          Tags: [{ Key: 'team', Value: 'core' }],
        })
        expect(decoded(read?.AssumeRolePolicyDocument)).toEqual(JSON.parse(LAMBDA))
        const { Roles = [] } = await iam.read('ListRoles', { PathPrefix: '/ci' })
        expect(Roles).toHaveLength(1)
        expect(Roles[0]).toMatchObject(listed)
        expect(Roles[0]?.Tags).toBeUndefined()
        expect(Roles[0]?.PermissionsBoundary).toBeUndefined()
        expect((await iam.read('ListRoles', { PathPrefix: '/other/' })).Roles).toEqual([])
      })

      it('a session lasts an hour and there is no description, unless said otherwise', async () => {
        await role()
        const { Role: read } = await iam.read('GetRole', { RoleName: 'deploy' })
        expect(read?.MaxSessionDuration).toBe(3600)
        expect(read?.Description ?? '').toBe('')
      })

      it('UpdateRole changes what it names and leaves the rest', async () => {
        await role()
        await write('UpdateRole', { RoleName: 'deploy', Description: 'new' })
        await write('UpdateRole', { RoleName: 'deploy', MaxSessionDuration: 43200 })
        expect((await iam.read('GetRole', { RoleName: 'deploy' })).Role).toMatchObject({
          Description: 'new',
          MaxSessionDuration: 43200,
        })
        await write('UpdateRole', { RoleName: 'deploy', Description: '' })
        expect((await iam.read('GetRole', { RoleName: 'deploy' })).Role?.Description ?? '').toBe('')
      })

      it('names are unique whatever their case', async () => {
        await role()
        await expectRefused('EntityAlreadyExists', 'Role with name deploy already exists', [
          'CreateRole',
          { RoleName: 'Deploy', AssumeRolePolicyDocument: LAMBDA },
        ])
      })

      it('policies must go before the role, its boundary goes with it', async () => {
        await policy()
        await role()
        await write('PutRolePermissionsBoundary', {
          RoleName: 'deploy',
          PermissionsBoundary: policyArn('/reader'),
        })
        await write('AttachRolePolicy', { RoleName: 'deploy', PolicyArn: policyArn('/reader') })
        await write('PutRolePolicy', { RoleName: 'deploy', PolicyName: 'x', PolicyDocument: ALLOW_READ })
        const deletion = ['DeleteRole', { RoleName: 'deploy' }] as const
        await expectRefused('DeleteConflict', 'must detach all policies first', deletion)
        await write('DetachRolePolicy', { RoleName: 'deploy', PolicyArn: policyArn('/reader') })
        await expectRefused('DeleteConflict', 'must delete policies first', deletion)
        await write('DeleteRolePolicy', { RoleName: 'deploy', PolicyName: 'x' })
        await write(...deletion)
        await write('DeletePolicy', { PolicyArn: policyArn('/reader') })
        expect((await refusal(iam.read('GetRole', { RoleName: 'deploy' }))).code).toBe('NoSuchEntity')
      })

      it('no role is created among those that AWS services create', async () => {
        await expectRefused(
          'InvalidInput',
          'reserved',
          [
            'CreateRole',
            { RoleName: 'x', Path: '/aws-service-role/x.amazonaws.com/', AssumeRolePolicyDocument: LAMBDA },
          ],
          [
            'CreateRole',
            { RoleName: 'x', Path: '/aws-reserved/sso.amazonaws.com/', AssumeRolePolicyDocument: LAMBDA },
          ],
        )
      })
    })

    describe('trust policies', () => {
      const trustOf = async (RoleName: string) =>
        decoded((await iam.read('GetRole', { RoleName })).Role?.AssumeRolePolicyDocument)

      it('a user or role of this account that does not exist is refused', async () => {
        await role()
        await write('CreateUser', { UserName: 'bob', Path: '/here/' })
        await group()
        for (const principal of [
          userArn('/alice'),
          roleArn('/nobody'),
          roleArn('/self'),
          // The path is part of a name, and the case.
          userArn('/bob'),
          userArn('/here/Bob'),
          'AIDAAAAAAAAAAAAAAAAAA',
        ])
          await expectRefused(
            'MalformedPolicyDocument',
            `Invalid principal in policy: "AWS":"${principal}"`,
            ['CreateRole', { RoleName: 'self', AssumeRolePolicyDocument: trusting({ AWS: principal }) }],
            [
              'UpdateAssumeRolePolicy',
              { RoleName: 'deploy', PolicyDocument: trusting({ AWS: [subject.account.id, principal] }) },
            ],
          )
      })

      it('what exists, other accounts, services, providers and everyone are accepted, and shown as written', async () => {
        await user('alice')
        await role('deploy')
        const principals = {
          AWS: [
            userArn('/alice'),
            roleArn('/deploy'),
            `arn:aws:iam::${subject.account.id}:root`,
            '444455556666',
            'arn:aws:iam::444455556666:role/anything',
          ],
          Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'],
          Federated: 'arn:aws:iam::111122223333:saml-provider/corp',
        }
        const document = trusting(principals)
        await write('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: document })
        expect(await trustOf('deploy')).toEqual(JSON.parse(document))
        await write('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: trusting('*') })
        expect(await trustOf('deploy')).toEqual(JSON.parse(trusting('*')))
      })

      it('a deleted principal shows as its unique id, also when one of the same name is created', async () => {
        const { User: alice } = await user('alice')
        await role('deploy')
        const trust = (entry: string | undefined) => ({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: ['444455556666', entry] }, Action: 'sts:AssumeRole' },
            { Sid: 'Tag', Effect: 'Allow', Principal: { AWS: entry }, Action: 'sts:TagSession' },
          ],
        })
        await write('UpdateAssumeRolePolicy', {
          RoleName: 'deploy',
          PolicyDocument: JSON.stringify(trust(userArn('/alice'))),
        })
        await write('DeleteUser', { UserName: 'alice' })
        expect(await trustOf('deploy')).toEqual(trust(alice?.UserId))
        await user('alice')
        expect(await trustOf('deploy')).toEqual(trust(alice?.UserId))
        const { Roles } = await iam.read('ListRoles', {})
        expect(decoded(Roles?.[0]?.AssumeRolePolicyDocument)).toEqual(trust(alice?.UserId))
        const details = await iam.read('GetAccountAuthorizationDetails', {})
        expect(decoded(details.RoleDetailList?.[0]?.AssumeRolePolicyDocument)).toEqual(trust(alice?.UserId))

        await write('UpdateAssumeRolePolicy', {
          RoleName: 'deploy',
          PolicyDocument: JSON.stringify(trust(userArn('/alice'))),
        })
        expect(await trustOf('deploy')).toEqual(trust(userArn('/alice')))
      })

      it('a renamed principal shows under its new ARN', async () => {
        await user('alice')
        await role('deploy')
        await write('UpdateAssumeRolePolicy', {
          RoleName: 'deploy',
          PolicyDocument: trusting({ AWS: userArn('/alice') }),
        })
        await write('UpdateUser', { UserName: 'alice', NewUserName: 'alison', NewPath: '/new/' })
        expect(await trustOf('deploy')).toEqual(JSON.parse(trusting({ AWS: userArn('/new/alison') })))
      })

      it('roles may trust each other and themselves once they exist', async () => {
        await role('a')
        await write('CreateRole', {
          RoleName: 'b',
          AssumeRolePolicyDocument: trusting({ AWS: roleArn('/a') }),
        })
        const both = trusting({ AWS: [roleArn('/b'), roleArn('/a')] })
        await write('UpdateAssumeRolePolicy', { RoleName: 'a', PolicyDocument: both })
        expect(await trustOf('a')).toEqual(JSON.parse(both))
        expect(await trustOf('b')).toEqual(JSON.parse(trusting({ AWS: roleArn('/a') })))
      })

      it('a unique id that exists can be written, and shows as the ARN', async () => {
        const { User: alice } = await user('alice')
        await write('CreateRole', {
          RoleName: 'deploy',
          AssumeRolePolicyDocument: trusting({ AWS: alice?.UserId }),
        })
        expect(await trustOf('deploy')).toEqual(JSON.parse(trusting({ AWS: userArn('/alice') })))
      })
    })

    describe('managed policies', () => {
      it('a policy is created and read back, with its version and tags', async () => {
        const created = await write('CreatePolicy', {
          PolicyName: 'reader',
          Path: '/data/',
          Description: 'reads',
          PolicyDocument: ALLOW_LIST,
          Tags: [
            { Key: 'Team', Value: 'a' },
            { Key: 'team', Value: 'b' },
          ],
        })
        expect(created.Policy?.PolicyId).toMatch(/^ANPA[A-Z2-7]{17}$/)
        const arn = policyArn('/data/reader')
        const { Policy: read } = await iam.read('GetPolicy', { PolicyArn: arn })
        expect(read).toMatchObject({
          PolicyName: 'reader',
          Path: '/data/',
          Arn: arn,
          Description: 'reads',
          DefaultVersionId: 'v1',
          AttachmentCount: 0,
          PermissionsBoundaryUsageCount: 0,
          IsAttachable: true,
        })
        // Tag keys of policies differ by case; those of users and roles don't.
        const { Tags } = await iam.read('ListPolicyTags', { PolicyArn: arn })
        expect(Tags).toEqual([
          { Key: 'Team', Value: 'a' },
          { Key: 'team', Value: 'b' },
        ])
        const { PolicyVersion: version } = await iam.read('GetPolicyVersion', {
          PolicyArn: arn,
          VersionId: 'v1',
        })
        expect(version).toMatchObject({ VersionId: 'v1', IsDefaultVersion: true })
        // RFC 3986: AWS encodes five characters more than `encodeURIComponent`.
        expect(version?.Document).not.toMatch(/[!'()*]/)
        expect(decoded(version?.Document)).toEqual(JSON.parse(ALLOW_LIST))
      })

      it('names are unique across paths, whatever their case', async () => {
        await policy('reader')
        await expectRefused('EntityAlreadyExists', 'A policy called READER already exists', [
          'CreatePolicy',
          { PolicyName: 'READER', Path: '/other/', PolicyDocument: ALLOW_READ },
        ])
      })

      it('versions: five at most, numbers are never used again, the default one stays', async () => {
        await policy()
        const PolicyArn = policyArn('/reader')
        for (const [index, SetAsDefault] of [true, false, undefined, true].entries())
          await write('CreatePolicyVersion', { PolicyArn, PolicyDocument: sized(200 + index), SetAsDefault })
        const versions = async () =>
          (await iam.read('ListPolicyVersions', { PolicyArn })).Versions?.map(
            ({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? ' default' : ''}`,
          )
        expect(await versions()).toEqual(['v5 default', 'v4', 'v3', 'v2', 'v1'])
        await expectRefused('LimitExceeded', 'up to 5 versions', [
          'CreatePolicyVersion',
          { PolicyArn, PolicyDocument: ALLOW_LIST },
        ])
        await expectRefused('DeleteConflict', 'Cannot delete the default version', [
          'DeletePolicyVersion',
          { PolicyArn, VersionId: 'v5' },
        ])
        await write('SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v1' })
        await write('DeletePolicyVersion', { PolicyArn, VersionId: 'v5' })
        const created = await write('CreatePolicyVersion', { PolicyArn, PolicyDocument: ALLOW_LIST })
        expect(created.PolicyVersion).toMatchObject({ VersionId: 'v6', IsDefaultVersion: false })
        expect(await versions()).toEqual(['v6', 'v4', 'v3', 'v2', 'v1 default'])
        expect((await iam.read('GetPolicy', { PolicyArn })).Policy?.DefaultVersionId).toBe('v1')
        const firstPage = await iam.read('ListPolicyVersions', { PolicyArn, MaxItems: 3 })
        const secondPage = await iam.read('ListPolicyVersions', { PolicyArn, Marker: firstPage.Marker })
        expect([firstPage.IsTruncated, secondPage.IsTruncated]).toEqual([true, false])
        expect([...(firstPage.Versions ?? []), ...(secondPage.Versions ?? [])]).toHaveLength(5)
        await expectRefused(
          'NoSuchEntity',
          'version v5',
          ['DeletePolicyVersion', { PolicyArn, VersionId: 'v5' }],
          ['SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v5' }],
        )
      })

      it('a policy in use, or with more than its default version, is not deleted', async () => {
        await policy()
        await user()
        await role()
        await group()
        const PolicyArn = policyArn('/reader')
        const deletion = ['DeletePolicy', { PolicyArn }] as const
        await write('AttachGroupPolicy', { GroupName: 'developers', PolicyArn })
        await expectRefused('DeleteConflict', 'attached to entities', deletion)
        await write('DetachGroupPolicy', { GroupName: 'developers', PolicyArn })
        await write('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: PolicyArn })
        await expectRefused('DeleteConflict', 'attached to entities', deletion)
        expect((await iam.read('GetPolicy', { PolicyArn })).Policy).toMatchObject({
          AttachmentCount: 0,
          PermissionsBoundaryUsageCount: 1,
        })
        await write('DeleteUserPermissionsBoundary', { UserName: 'alice' })
        await write('CreatePolicyVersion', { PolicyArn, PolicyDocument: ALLOW_LIST, SetAsDefault: true })
        await expectRefused('DeleteConflict', 'more than one version', deletion)
        await write('DeletePolicyVersion', { PolicyArn, VersionId: 'v1' })
        await write(...deletion)
        expect((await refusal(iam.read('GetPolicy', { PolicyArn }))).code).toBe('NoSuchEntity')
        await policy()
        expect((await iam.read('GetPolicy', { PolicyArn })).Policy?.DefaultVersionId).toBe('v1')
      })

      it("AWS's own policies can be read and attached, not changed", async () => {
        await user()
        await write('AttachUserPolicy', { UserName: 'alice', PolicyArn: READ_ONLY_ACCESS })
        const { Policy: read } = await iam.read('GetPolicy', { PolicyArn: READ_ONLY_ACCESS })
        expect(read).toMatchObject({ PolicyName: 'ReadOnlyAccess', Path: '/', AttachmentCount: 1 })
        const VersionId = read?.DefaultVersionId
        const { PolicyVersion: version } = await iam.read('GetPolicyVersion', {
          PolicyArn: READ_ONLY_ACCESS,
          VersionId,
        })
        expect(decoded(version?.Document)).toMatchObject({ Version: '2012-10-17' })
        const { Versions } = await iam.read('ListPolicyVersions', { PolicyArn: READ_ONLY_ACCESS })
        expect(Versions?.find((each) => each.IsDefaultVersion)?.VersionId).toBe(VersionId)
        await expectRefused(
          'AccessDenied',
          /managed by AWS|not authorized/,
          ['DeletePolicy', { PolicyArn: READ_ONLY_ACCESS }],
          ['CreatePolicyVersion', { PolicyArn: READ_ONLY_ACCESS, PolicyDocument: ALLOW_READ }],
          ['TagPolicy', { PolicyArn: READ_ONLY_ACCESS, Tags: [{ Key: 'a', Value: 'b' }] }],
        )
      })
    })

    describe('attachments, memberships, boundaries and inline policies', () => {
      it('attaching, joining and leaving twice is doing it once', async () => {
        await user()
        await group()
        await policy()
        const PolicyArn = policyArn('/reader')
        for (let time = 0; time < 2; time++) {
          await write('AttachUserPolicy', { UserName: 'alice', PolicyArn })
          await write('AddUserToGroup', { UserName: 'alice', GroupName: 'developers' })
        }
        expect((await iam.read('GetPolicy', { PolicyArn })).Policy?.AttachmentCount).toBe(1)
        const details = await iam.read('GetAccountAuthorizationDetails', { Filter: ['User'] })
        expect(details.UserDetailList?.[0]).toMatchObject({
          GroupList: ['developers'],
          AttachedManagedPolicies: [{ PolicyName: 'reader', PolicyArn }],
        })
        for (let time = 0; time < 2; time++)
          await write('RemoveUserFromGroup', { UserName: 'alice', GroupName: 'developers' })
        expect((await iam.read('GetGroup', { GroupName: 'developers' })).Users).toEqual([])
      })

      it('an inline policy is replaced by one of the same name', async () => {
        await role()
        for (const PolicyDocument of [ALLOW_READ, ALLOW_LIST])
          await write('PutRolePolicy', { RoleName: 'deploy', PolicyName: 'own', PolicyDocument })
        const details = await iam.read('GetAccountAuthorizationDetails', { Filter: ['Role'] })
        const inline = details.RoleDetailList?.[0]?.RolePolicyList ?? []
        expect(inline.map(({ PolicyName, PolicyDocument }) => [PolicyName, decoded(PolicyDocument)])).toEqual(
          [['own', JSON.parse(ALLOW_LIST)]],
        )
      })

      it('a boundary is replaced, and removing none is no error', async () => {
        await user()
        await role()
        await policy()
        const boundaries = async () => {
          const details = await iam.read('GetAccountAuthorizationDetails', { Filter: ['User', 'Role'] })
          return [...(details.UserDetailList ?? []), ...(details.RoleDetailList ?? [])].map(
            (entity) => entity.PermissionsBoundary?.PermissionsBoundaryArn,
          )
        }
        for (const PermissionsBoundary of [policyArn('/reader'), READ_ONLY_ACCESS]) {
          await write('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary })
          await write('PutRolePermissionsBoundary', { RoleName: 'deploy', PermissionsBoundary })
          expect(await boundaries()).toEqual([PermissionsBoundary, PermissionsBoundary])
        }
        for (let time = 0; time < 2; time++) {
          await write('DeleteUserPermissionsBoundary', { UserName: 'alice' })
          await write('DeleteRolePermissionsBoundary', { RoleName: 'deploy' })
          expect(await boundaries()).toEqual([undefined, undefined])
        }
      })

      it('what is to be attached or to be a boundary must be a managed policy that exists', async () => {
        await user()
        await role()
        await group()
        await policy()
        for (const arn of [
          policyArn('/nothing'),
          policyArn('/path/reader'),
          policyArn('/Reader'),
          'arn:aws:iam::aws:policy/NoSuchPolicy',
          'arn:aws:iam::444455556666:policy/reader',
        ])
          await expectRefused(
            'NoSuchEntity',
            `${arn} does not exist or is not attachable`,
            ['AttachUserPolicy', { UserName: 'alice', PolicyArn: arn }],
            ['AttachGroupPolicy', { GroupName: 'developers', PolicyArn: arn }],
            ['AttachRolePolicy', { RoleName: 'deploy', PolicyArn: arn }],
            ['PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: arn }],
            ['PutRolePermissionsBoundary', { RoleName: 'deploy', PermissionsBoundary: arn }],
            ['CreateUser', { UserName: 'bob', PermissionsBoundary: arn }],
            ['CreateRole', { RoleName: 'b', AssumeRolePolicyDocument: LAMBDA, PermissionsBoundary: arn }],
          )
        for (const arn of [
          'reader-and-then-some-more',
          roleArn('/deploy-role-x'),
          'arn:aws:s3:::a-bucket-of-mine',
        ])
          await expectRefused(
            'InvalidInput',
            `ARN ${arn} is not valid`,
            ['AttachUserPolicy', { UserName: 'alice', PolicyArn: arn }],
            ['PutRolePermissionsBoundary', { RoleName: 'deploy', PermissionsBoundary: arn }],
            ['DeletePolicy', { PolicyArn: arn }],
          )
      })

      it('taking away what is not there is NoSuchEntity', async () => {
        await user()
        await role()
        await group()
        await policy()
        const PolicyArn = policyArn('/reader')
        await expectRefused(
          'NoSuchEntity',
          /not found|cannot be found/,
          ['DetachUserPolicy', { UserName: 'alice', PolicyArn }],
          ['DetachGroupPolicy', { GroupName: 'developers', PolicyArn }],
          ['DetachRolePolicy', { RoleName: 'deploy', PolicyArn }],
          ['DeleteUserPolicy', { UserName: 'alice', PolicyName: 'x' }],
          ['DeleteGroupPolicy', { GroupName: 'developers', PolicyName: 'x' }],
          ['DeleteRolePolicy', { RoleName: 'deploy', PolicyName: 'x' }],
          ['DeletePolicy', { PolicyArn: policyArn('/nothing') }],
        )
      })
    })

    it('every operation on an entity that does not exist is NoSuchEntity', async () => {
      await user('here')
      await group('here')
      const PolicyArn = policyArn('/nothing')
      const UserName = 'nobody'
      const GroupName = 'nowhere'
      const RoleName = 'nothing'
      const inline = { PolicyName: 'x', PolicyDocument: ALLOW_READ }
      const Tags = [{ Key: 'a', Value: 'b' }]
      await expectRefused(
        'NoSuchEntity',
        /cannot be found|was not found/,
        ['UpdateUser', { UserName }],
        ['DeleteUser', { UserName }],
        ['TagUser', { UserName, Tags }],
        ['UntagUser', { UserName, TagKeys: ['a'] }],
        ['PutUserPolicy', { UserName, ...inline }],
        ['DeleteUserPolicy', { UserName, ...inline }],
        ['AttachUserPolicy', { UserName, PolicyArn: READ_ONLY_ACCESS }],
        ['DetachUserPolicy', { UserName, PolicyArn: READ_ONLY_ACCESS }],
        ['PutUserPermissionsBoundary', { UserName, PermissionsBoundary: READ_ONLY_ACCESS }],
        ['DeleteUserPermissionsBoundary', { UserName }],
        ['AddUserToGroup', { UserName, GroupName: 'here' }],
        ['AddUserToGroup', { UserName: 'here', GroupName }],
        ['RemoveUserFromGroup', { UserName, GroupName: 'here' }],
        ['RemoveUserFromGroup', { UserName: 'here', GroupName }],
        ['UpdateGroup', { GroupName }],
        ['DeleteGroup', { GroupName }],
        ['PutGroupPolicy', { GroupName, ...inline }],
        ['DeleteGroupPolicy', { GroupName, ...inline }],
        ['AttachGroupPolicy', { GroupName, PolicyArn: READ_ONLY_ACCESS }],
        ['DetachGroupPolicy', { GroupName, PolicyArn: READ_ONLY_ACCESS }],
        ['UpdateRole', { RoleName }],
        ['DeleteRole', { RoleName }],
        ['UpdateAssumeRolePolicy', { RoleName, PolicyDocument: LAMBDA }],
        ['TagRole', { RoleName, Tags }],
        ['UntagRole', { RoleName, TagKeys: ['a'] }],
        ['PutRolePolicy', { RoleName, ...inline }],
        ['DeleteRolePolicy', { RoleName, ...inline }],
        ['AttachRolePolicy', { RoleName, PolicyArn: READ_ONLY_ACCESS }],
        ['DetachRolePolicy', { RoleName, PolicyArn: READ_ONLY_ACCESS }],
        ['PutRolePermissionsBoundary', { RoleName, PermissionsBoundary: READ_ONLY_ACCESS }],
        ['DeleteRolePermissionsBoundary', { RoleName }],
        ['DeletePolicy', { PolicyArn }],
        ['CreatePolicyVersion', { PolicyArn, PolicyDocument: ALLOW_READ }],
        ['DeletePolicyVersion', { PolicyArn, VersionId: 'v1' }],
        ['SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v1' }],
        ['TagPolicy', { PolicyArn, Tags }],
        ['UntagPolicy', { PolicyArn, TagKeys: ['a'] }],
        ['DeleteAccountPasswordPolicy', {}],
        ['DeleteAccountAlias', { AccountAlias: 'acme' }],
      )
      for (const call of [
        iam.read('GetUser', { UserName }),
        iam.read('GetGroup', { GroupName }),
        iam.read('GetRole', { RoleName }),
        iam.read('GetPolicy', { PolicyArn }),
        iam.read('GetPolicy', { PolicyArn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }),
        iam.read('GetPolicyVersion', { PolicyArn, VersionId: 'v1' }),
        iam.read('ListPolicyVersions', { PolicyArn }),
        iam.read('ListPolicyTags', { PolicyArn }),
        iam.read('GetAccountPasswordPolicy', {}),
      ])
        expect((await refusal(call)).code).toBe('NoSuchEntity')
    })

    describe('tags', () => {
      it('tags are added, replaced and removed; keys of users and roles ignore case', async () => {
        await user()
        await role()
        const tags = async (kind: 'user' | 'role') =>
          (kind === 'user'
            ? (await iam.read('GetUser', { UserName: 'alice' })).User?.Tags
            : (await iam.read('GetRole', { RoleName: 'deploy' })).Role?.Tags) ?? []
        for (const [kind, tag, untag] of [
          [
            'user',
            (Tags: { Key: string; Value: string }[]) => write('TagUser', { UserName: 'alice', Tags }),
            (TagKeys: string[]) => write('UntagUser', { UserName: 'alice', TagKeys }),
          ],
          [
            'role',
            (Tags: { Key: string; Value: string }[]) => write('TagRole', { RoleName: 'deploy', Tags }),
            (TagKeys: string[]) => write('UntagRole', { RoleName: 'deploy', TagKeys }),
          ],
        ] as const) {
          await tag([
            { Key: 'Team', Value: 'core' },
            { Key: 'stage', Value: 'test' },
          ])
          await tag([{ Key: 'team', Value: 'edge' }])
          expect(await tags(kind)).toEqual([
            { Key: 'stage', Value: 'test' },
            { Key: 'team', Value: 'edge' },
          ])
          await untag(['TEAM', 'never there'])
          expect(await tags(kind)).toEqual([{ Key: 'stage', Value: 'test' }])
        }
      })

      it('fifty at most, counting those that are there', async () => {
        const numbered = (from: number, count: number) =>
          Array.from({ length: count }, (_, index) => ({ Key: `key-${from + index}`, Value: '' }))
        await policy()
        const PolicyArn = policyArn('/reader')
        await write('TagPolicy', { PolicyArn, Tags: numbered(0, 49) })
        await expectRefused('LimitExceeded', 'tags', ['TagPolicy', { PolicyArn, Tags: numbered(48, 3) }])
        await write('TagPolicy', { PolicyArn, Tags: numbered(47, 3) })
        await write('UntagPolicy', { PolicyArn, TagKeys: ['key-7', 'KEY-8'] })
        const first = await iam.read('ListPolicyTags', { PolicyArn, MaxItems: 40 })
        const second = await iam.read('ListPolicyTags', { PolicyArn, MaxItems: 40, Marker: first.Marker })
        expect([first.Tags?.length, first.IsTruncated]).toEqual([40, true])
        expect([second.Tags?.length, second.IsTruncated]).toEqual([9, false])
        await expectRefused('ValidationError', 'less than or equal to 50', [
          'CreateUser',
          { UserName: 'bob', Tags: numbered(0, 51) },
        ])
      })

      it('keys are not reserved, empty, over-long or twice the same', async () => {
        await user()
        await policy()
        const tag = (...Tags: unknown[]) => ['TagUser', { UserName: 'alice', Tags }] as const
        await expectRefused('InvalidInput', 'aws:', tag({ Key: 'AWS:x', Value: '' }))
        await expectRefused(
          'InvalidInput',
          'Duplicate tag keys',
          tag({ Key: 'a', Value: '' }, { Key: 'A', Value: '' }),
          [
            'TagPolicy',
            { PolicyArn: policyArn('/reader'), Tags: [1, 2].map(() => ({ Key: 'a', Value: '' })) },
          ],
        )
        await expectRefused(
          'ValidationError',
          'tags.1.member',
          tag({ Key: '', Value: '' }),
          tag({ Key: 'x'.repeat(129), Value: '' }),
          tag({ Key: 'a', Value: 'x'.repeat(257) }),
          tag({ Key: 'a*', Value: '' }),
          tag({ Key: 'a', Value: '<b>' }),
          tag({ Key: 'a' }),
        )
        await write('TagUser', {
          UserName: 'alice',
          Tags: [{ Key: 'ключ _.:/=+-@9', Value: 'Wert _.:/=+-@9' }],
        })
      })
    })

    it('lists what there is, by path and page, and what each holds', async () => {
      for (const name of ['alice', 'bob', 'carol'])
        await write('CreateUser', {
          UserName: name,
          Path: name === 'bob' ? '/team/' : '/',
          Tags: [{ Key: 'k', Value: name }],
        })
      await group()
      await group('admins')
      await role()
      await policy()
      const arn = policyArn('/reader')
      await write('AttachUserPolicy', { UserName: 'alice', PolicyArn: arn })
      await write('AttachUserPolicy', { UserName: 'alice', PolicyArn: READ_ONLY_ACCESS })
      await write('AttachGroupPolicy', { GroupName: 'admins', PolicyArn: arn })
      await write('PutRolePermissionsBoundary', { RoleName: 'deploy', PermissionsBoundary: arn })
      await write('PutUserPolicy', { UserName: 'alice', PolicyName: 'own', PolicyDocument: ALLOW_LIST })
      for (const GroupName of ['developers', 'admins'])
        await write('AddUserToGroup', { GroupName, UserName: 'alice' })

      const named = (list: readonly { readonly UserName?: string | undefined }[] = []) =>
        list.map(({ UserName }) => UserName)
      const first = await iam.read('ListUsers', { MaxItems: 2 })
      expect(named(first.Users)).toEqual(['alice', 'bob'])
      expect(first.IsTruncated).toBe(true)
      const second = await iam.read('ListUsers', { MaxItems: 2, Marker: first.Marker })
      expect([named(second.Users), second.IsTruncated]).toEqual([['carol'], false])
      expect(named((await iam.read('ListUsers', { PathPrefix: '/team/' })).Users)).toEqual(['bob'])
      // @see IAM API Reference, ListUsers: tags and boundaries are left out
      expect(first.Users?.[0]).not.toHaveProperty('Tags')
      expect((await iam.read('ListUserTags', { UserName: 'bob' })).Tags).toEqual([{ Key: 'k', Value: 'bob' }])
      expect((await iam.read('ListRoleTags', { RoleName: 'deploy' })).Tags).toEqual([])
      expect((await iam.read('ListGroups', {})).Groups?.map(({ GroupName }) => GroupName)).toEqual([
        'admins',
        'developers',
      ])
      expect(
        (await iam.read('ListGroupsForUser', { UserName: 'alice' })).Groups?.map(
          ({ GroupName }) => GroupName,
        ),
      ).toEqual(['admins', 'developers'])

      const { AttachedPolicies = [] } = await iam.read('ListAttachedUserPolicies', { UserName: 'alice' })
      expect(AttachedPolicies.map(({ PolicyArn }) => PolicyArn).sort()).toEqual(
        [READ_ONLY_ACCESS, arn].sort(),
      )
      expect((await iam.read('ListAttachedRolePolicies', { RoleName: 'deploy' })).AttachedPolicies).toEqual(
        [],
      )
      expect((await iam.read('ListUserPolicies', { UserName: 'alice' })).PolicyNames).toEqual(['own'])
      const own = await iam.read('GetUserPolicy', { UserName: 'alice', PolicyName: 'own' })
      expect([own.UserName, own.PolicyName, decoded(own.PolicyDocument)]).toEqual([
        'alice',
        'own',
        JSON.parse(ALLOW_LIST),
      ])

      const holders = await iam.read('ListEntitiesForPolicy', { PolicyArn: arn })
      expect(holders.PolicyUsers).toEqual([{ UserName: 'alice', UserId: expect.stringMatching(/^AIDA/) }])
      expect(holders.PolicyGroups?.map(({ GroupName }) => GroupName)).toEqual(['admins'])
      expect(holders.PolicyRoles?.map(({ RoleName }) => RoleName)).toEqual(['deploy'])
      const bound = await iam.read('ListEntitiesForPolicy', {
        PolicyArn: arn,
        PolicyUsageFilter: 'PermissionsBoundary',
      })
      expect([bound.PolicyUsers, bound.PolicyGroups, bound.PolicyRoles?.length]).toEqual([[], [], 1])

      const scoped = async (input: object) =>
        ((await iam.read('ListPolicies', input)).Policies ?? []).map(({ PolicyName }) => PolicyName)
      expect(await scoped({ Scope: 'Local' })).toEqual(['reader'])
      expect(await scoped({ OnlyAttached: true })).toEqual(
        expect.arrayContaining(['reader', 'ReadOnlyAccess']),
      )
      expect(await scoped({ Scope: 'Local', PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['reader'])

      const nowhere = await refusal(iam.read('ListEntitiesForPolicy', { PolicyArn: policyArn('/none') }))
      expect(nowhere.code).toBe('NoSuchEntity')

      const described = await write('UpdateRoleDescription', { RoleName: 'deploy', Description: 'ships' })
      expect(described.Role?.Description).toBe('ships')
    })

    it.each([
      ['GetUserPolicy', { UserName: 'alice', PolicyName: 'none' }],
      ['GetGroupPolicy', { GroupName: 'none', PolicyName: 'none' }],
      ['GetRolePolicy', { RoleName: 'none', PolicyName: 'none' }],
      ['ListGroupsForUser', { UserName: 'none' }],
      ['ListUserTags', { UserName: 'none' }],
      ['ListAttachedGroupPolicies', { GroupName: 'none' }],
      ['ListRolePolicies', { RoleName: 'none' }],
    ] as const)('%s of what is not there is refused', async (operation, input) => {
      await user()
      const error = await refusal(iam.read(operation, input as never))
      expect(error.code).toBe('NoSuchEntity')
    })

    it('names, paths and texts follow their grammar', async () => {
      await user('here')
      const document = { AssumeRolePolicyDocument: LAMBDA }
      await expectRefused(
        'ValidationError',
        /userName|newUserName|groupName|roleName|policyName|path|description|maxSessionDuration|versionId|failed to satisfy/,
        ['CreateUser', {}],
        ['CreateUser', { UserName: '' }],
        ['CreateUser', { UserName: 'a b' }],
        ['CreateUser', { UserName: 'a/b' }],
        ['CreateUser', { UserName: 'é' }],
        ['CreateUser', { UserName: 'x'.repeat(65) }],
        ...(subject.wire === 'texts' ? [] : [['CreateUser', { UserName: 42 }] as const]),
        ['UpdateUser', { UserName: 'here', NewUserName: 'a b' }],
        ['UpdateUser', { UserName: 'here', NewPath: 'x' }],
        ['CreateGroup', { GroupName: 'x'.repeat(129) }],
        ['CreateGroup', { GroupName: 'a:b' }],
        ['CreateUser', { UserName: 'a', Path: 'engineering' }],
        ['CreateUser', { UserName: 'a', Path: '/engineering' }],
        ['CreateUser', { UserName: 'a', Path: '/a b/' }],
        ['CreateUser', { UserName: 'a', Path: '' }],
        ['CreateUser', { UserName: 'a', Path: `/${'x'.repeat(511)}/` }],
        ['CreatePolicy', { PolicyName: 'a', Path: '/a*b/', PolicyDocument: ALLOW_READ }],
        ['CreatePolicy', { PolicyName: 'x'.repeat(129), PolicyDocument: ALLOW_READ }],
        ['CreatePolicy', { PolicyName: 'a', Description: 'x'.repeat(1001), PolicyDocument: ALLOW_READ }],
        ['CreateRole', { RoleName: 'x'.repeat(65), ...document }],
        ['CreateRole', { RoleName: 'a', Description: '😀', ...document }],
        ['CreateRole', { RoleName: 'a', MaxSessionDuration: 3599, ...document }],
        ['CreateRole', { RoleName: 'a', MaxSessionDuration: 43201, ...document }],
        ['CreateRole', { RoleName: 'a', MaxSessionDuration: 3600.5, ...document }],
        ['PutUserPolicy', { UserName: 'here', PolicyName: 'a b', PolicyDocument: ALLOW_READ }],
        ['DeletePolicyVersion', { PolicyArn: policyArn('/nothing'), VersionId: '3' }],
        ['AttachUserPolicy', { UserName: 'here', PolicyArn: 'short' }],
      )
      await write('CreateUser', { UserName: 'x'.repeat(64), Path: `/${'y'.repeat(510)}/` })
      await write('CreateGroup', { GroupName: 'x'.repeat(128), Path: '/a!~*/b/' })
      await write('CreateRole', { RoleName: 'x'.repeat(64), MaxSessionDuration: 43200, ...document })
      await write('CreatePolicy', { PolicyName: 'x'.repeat(128), PolicyDocument: ALLOW_READ })
    })

    it('documents that the grammar refuses are MalformedPolicyDocument', async () => {
      await user()
      await role()
      const statement = (parts: object) =>
        JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...parts }] })
      for (const document of [
        'not json',
        '[]',
        '{}',
        '{"Version":"2012-10-17"}',
        '{"Version":"2011-01-01","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
        statement({ Action: 's3:*' }),
        statement({ Resource: '*' }),
        statement({ Action: 's3:*', Resource: '*', Effect: 'allow' }),
        statement({ Action: 's3', Resource: '*' }),
        statement({ Action: 's3:*', Resource: '*', Principal: '*' }),
        statement({ Action: 's3:*', Resource: '*', Condition: { NoSuchOperator: { a: 'b' } } }),
        statement({ Action: 's3:*', Resource: '*' }).replace(
          '{"Effect"',
          '{"Effect" :"Allow", "Eff\\u0065ct"',
        ),
      ])
        await expectRefused(
          'MalformedPolicyDocument',
          /./,
          ['CreatePolicy', { PolicyName: 'a', PolicyDocument: document }],
          ['PutUserPolicy', { UserName: 'alice', PolicyName: 'a', PolicyDocument: document }],
        )
      for (const document of [ALLOW_READ, statement({ Action: 'sts:AssumeRole' })])
        await expectRefused(
          'MalformedPolicyDocument',
          /./,
          ['CreateRole', { RoleName: 'a', AssumeRolePolicyDocument: document }],
          ['UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: document }],
        )
      await expectRefused('ValidationError', 'regular expression', [
        'CreatePolicy',
        { PolicyName: 'a', PolicyDocument: ALLOW_READ.replace('*', '*😀') },
      ])
    })

    it('sizes are counted without white space, and bind managed, trust and the sum of inline policies', async () => {
      await user()
      await group()
      await role()
      await write('CreatePolicy', { PolicyName: 'fits', PolicyDocument: spread(sized(6144)) })
      await expectRefused(
        'LimitExceeded',
        '6144',
        ['CreatePolicy', { PolicyName: 'a', PolicyDocument: sized(6145) }],
        ['CreatePolicyVersion', { PolicyArn: policyArn('/fits'), PolicyDocument: sized(6145) }],
      )
      for (const [kind, limit, put] of [
        ['user', 2048, (input: object) => ['PutUserPolicy', { UserName: 'alice', ...input }] as const],
        [
          'group',
          5120,
          (input: object) => ['PutGroupPolicy', { GroupName: 'developers', ...input }] as const,
        ],
        ['role', 10240, (input: object) => ['PutRolePolicy', { RoleName: 'deploy', ...input }] as const],
      ] as const) {
        const call = async ([operation, input]: readonly [WriteOperation, unknown]) =>
          write(operation, input as never)
        await call(put({ PolicyName: 'a', PolicyDocument: spread(sized(limit - 200)) }))
        await expectRefused(
          'LimitExceeded',
          `Maximum policy size of ${limit} bytes exceeded for ${kind}`,
          put({ PolicyName: 'b', PolicyDocument: sized(201) }),
        )
        await call(put({ PolicyName: 'b', PolicyDocument: sized(200) }))
        await call(put({ PolicyName: 'b', PolicyDocument: sized(150) }))
      }
      const trust = (characters: number) => {
        const base = trusting({ Service: 'lambda.amazonaws.com' })
        const document = JSON.parse(base)
        document.Statement[0].Sid = 'x'.repeat(characters - base.length - '"Sid":"",'.length)
        return JSON.stringify(document, null, 4)
      }
      await write('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: trust(2048) })
      await expectRefused(
        'LimitExceeded',
        'ACLSizePerRole: 2048',
        ['UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: trust(2049) }],
        ['CreateRole', { RoleName: 'a', AssumeRolePolicyDocument: trust(2049) }],
      )
    })

    it('ten groups a user, ten managed policies an identity', async () => {
      await user()
      await group()
      await role()
      for (let index = 0; index < 11; index++) {
        await policy(`p${index}`)
        await group(`g${index}`)
      }
      for (let index = 0; index < 10; index++) {
        const PolicyArn = policyArn(`/p${index}`)
        await write('AttachUserPolicy', { UserName: 'alice', PolicyArn })
        await write('AttachGroupPolicy', { GroupName: 'developers', PolicyArn })
        await write('AttachRolePolicy', { RoleName: 'deploy', PolicyArn })
        await write('AddUserToGroup', { UserName: 'alice', GroupName: `g${index}` })
      }
      const PolicyArn = policyArn('/p10')
      await expectRefused(
        'LimitExceeded',
        /Cannot exceed quota for (?:PoliciesPer(?:User|Group|Role)|GroupsPerUser): 10/,
        ['AttachUserPolicy', { UserName: 'alice', PolicyArn }],
        ['AttachGroupPolicy', { GroupName: 'developers', PolicyArn }],
        ['AttachRolePolicy', { RoleName: 'deploy', PolicyArn }],
        ['AddUserToGroup', { UserName: 'alice', GroupName: 'g10' }],
      )
      // What is there already is no further one.
      await write('AttachUserPolicy', { UserName: 'alice', PolicyArn: policyArn('/p0') })
      await write('AddUserToGroup', { UserName: 'alice', GroupName: 'g0' })
      // A boundary doesn't count.
      await write('PutUserPermissionsBoundary', { UserName: 'alice', PermissionsBoundary: PolicyArn })
    })

    describe('account settings', () => {
      it('the password policy is replaced as a whole: what is left out takes its default', async () => {
        await write('UpdateAccountPasswordPolicy', {
          MinimumPasswordLength: 14,
          RequireSymbols: true,
          RequireNumbers: true,
          RequireUppercaseCharacters: true,
          RequireLowercaseCharacters: true,
          AllowUsersToChangePassword: true,
          MaxPasswordAge: 90,
          PasswordReusePrevention: 24,
          HardExpiry: true,
        })
        expect((await iam.read('GetAccountPasswordPolicy', {})).PasswordPolicy).toEqual({
          MinimumPasswordLength: 14,
          RequireSymbols: true,
          RequireNumbers: true,
          RequireUppercaseCharacters: true,
          RequireLowercaseCharacters: true,
          AllowUsersToChangePassword: true,
          ExpirePasswords: true,
          MaxPasswordAge: 90,
          PasswordReusePrevention: 24,
          HardExpiry: true,
        })
        await write('UpdateAccountPasswordPolicy', { MinimumPasswordLength: 8 })
        const { PasswordPolicy: read } = await iam.read('GetAccountPasswordPolicy', {})
        expect(read).toMatchObject({
          MinimumPasswordLength: 8,
          RequireSymbols: false,
          ExpirePasswords: false,
          HardExpiry: false,
        })
        expect([read?.MaxPasswordAge, read?.PasswordReusePrevention]).toEqual([undefined, undefined])
        await expectRefused(
          'ValidationError',
          /minimumPasswordLength|maxPasswordAge|passwordReusePrevention|requireSymbols/,
          ['UpdateAccountPasswordPolicy', { MinimumPasswordLength: 5 }],
          ['UpdateAccountPasswordPolicy', { MinimumPasswordLength: 129 }],
          ['UpdateAccountPasswordPolicy', { MaxPasswordAge: 1096 }],
          ['UpdateAccountPasswordPolicy', { PasswordReusePrevention: 25 }],
          ['UpdateAccountPasswordPolicy', { RequireSymbols: 'yes' }],
        )
        await write('DeleteAccountPasswordPolicy', {})
        expect((await refusal(iam.read('GetAccountPasswordPolicy', {}))).code).toBe('NoSuchEntity')
      })

      it('an account has one alias; a new one takes its place', async () => {
        const aliases = async () => (await iam.read('ListAccountAliases', {})).AccountAliases
        expect(await aliases()).toEqual([])
        await write('CreateAccountAlias', { AccountAlias: 'acme' })
        await write('CreateAccountAlias', { AccountAlias: 'acme-2' })
        expect(await aliases()).toEqual(['acme-2'])
        await expectRefused('NoSuchEntity', 'acme', ['DeleteAccountAlias', { AccountAlias: 'acme' }])
        await expectRefused(
          'ValidationError',
          'accountAlias',
          ...['ab', 'Acme', '-acme', 'acme-', 'ac--me', 'ac.me', '123456789012', 'x'.repeat(64)].map(
            (AccountAlias) => ['CreateAccountAlias', { AccountAlias }] as const,
          ),
        )
        await write('DeleteAccountAlias', { AccountAlias: 'acme-2' })
        expect(await aliases()).toEqual([])
      })
    })

    describe('GetAccountAuthorizationDetails', () => {
      async function populate(): Promise<void> {
        await policy('zeta')
        await policy('alpha')
        await user('bob')
        await write('CreateUser', {
          UserName: 'alice',
          Path: '/x/',
          PermissionsBoundary: 'arn:aws:iam::aws:policy/job-function/Billing',
          Tags: [{ Key: 'a', Value: 'b' }],
        })
        await group('developers')
        await role('deploy')
        await write('AddUserToGroup', { UserName: 'alice', GroupName: 'developers' })
        await write('AttachGroupPolicy', { GroupName: 'developers', PolicyArn: policyArn('/alpha') })
        await write('AttachRolePolicy', { RoleName: 'deploy', PolicyArn: READ_ONLY_ACCESS })
        await write('PutUserPolicy', { UserName: 'alice', PolicyName: 'own', PolicyDocument: ALLOW_READ })
        await write('CreatePolicyVersion', {
          PolicyArn: policyArn('/alpha'),
          PolicyDocument: ALLOW_LIST,
          SetAsDefault: true,
        })
      }

      it('tells everything, AWS policies in use included', async () => {
        await populate()
        const details = await iam.read('GetAccountAuthorizationDetails', {})
        expect(details.IsTruncated).toBe(false)
        const alice = details.UserDetailList?.find(({ UserName }) => UserName === 'alice')
        expect(alice).toMatchObject({
          Path: '/x/',
          Arn: userArn('/x/alice'),
          GroupList: ['developers'],
          AttachedManagedPolicies: [],
          PermissionsBoundary: {
            PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/job-function/Billing',
          },
          Tags: [{ Key: 'a', Value: 'b' }],
        })
        expect(alice?.UserPolicyList?.map(({ PolicyDocument }) => decoded(PolicyDocument))).toEqual([
          JSON.parse(ALLOW_READ),
        ])
        expect(details.GroupDetailList?.[0]).toMatchObject({
          GroupName: 'developers',
          GroupPolicyList: [],
          AttachedManagedPolicies: [{ PolicyName: 'alpha', PolicyArn: policyArn('/alpha') }],
        })
        expect(details.RoleDetailList?.[0]).toMatchObject({
          RoleName: 'deploy',
          RolePolicyList: [],
          InstanceProfileList: [],
          AttachedManagedPolicies: [{ PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY_ACCESS }],
          Tags: [],
        })
        const policies = new Map(details.Policies?.map((each) => [each.Arn, each]))
        expect([...policies.keys()].sort()).toEqual(
          [
            policyArn('/alpha'),
            policyArn('/zeta'),
            READ_ONLY_ACCESS,
            'arn:aws:iam::aws:policy/job-function/Billing',
          ].sort(),
        )
        const alpha = policies.get(policyArn('/alpha'))
        expect(alpha).toMatchObject({ DefaultVersionId: 'v2', AttachmentCount: 1 })
        expect(
          alpha?.PolicyVersionList?.map(({ VersionId, IsDefaultVersion, Document }) => [
            VersionId,
            IsDefaultVersion,
            decoded(Document),
          ]),
        ).toEqual([
          ['v2', true, JSON.parse(ALLOW_LIST)],
          ['v1', false, JSON.parse(ALLOW_READ)],
        ])
        expect(policies.get('arn:aws:iam::aws:policy/job-function/Billing')).toMatchObject({
          PolicyName: 'Billing',
          Path: '/job-function/',
          PermissionsBoundaryUsageCount: 1,
        })
      })

      it('tells only what the filter names', async () => {
        await populate()
        const counts = async (
          Filter: ('User' | 'Group' | 'Role' | 'LocalManagedPolicy' | 'AWSManagedPolicy')[],
        ) => {
          const details = await iam.read('GetAccountAuthorizationDetails', { Filter })
          return [
            details.UserDetailList?.length,
            details.GroupDetailList?.length,
            details.RoleDetailList?.length,
            details.Policies?.length,
          ]
        }
        expect(await counts(['User'])).toEqual([2, 0, 0, 0])
        expect(await counts(['Role', 'Group'])).toEqual([0, 1, 1, 0])
        expect(await counts(['LocalManagedPolicy'])).toEqual([0, 0, 0, 2])
        expect(await counts(['AWSManagedPolicy'])).toEqual([0, 0, 0, 2])
        const refused = refusal(iam.read('GetAccountAuthorizationDetails', { Filter: ['Nothing' as 'User'] }))
        expect((await refused).code).toBe('ValidationError')
      })

      it('pages of any size tell the same, each entity once', async () => {
        await populate()
        const whole = await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
        for (let size = 1; size <= 9; size++) {
          const paged = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] } as {
            -readonly [K in 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies']: unknown[]
          }
          let Marker: string | undefined
          let pages = 0
          do {
            const page = await iam.read('GetAccountAuthorizationDetails', { MaxItems: size, Marker })
            const count = Object.keys(paged).reduce((sum, list) => {
              const entries = page[list as keyof typeof paged] ?? []
              paged[list as keyof typeof paged].push(...entries)
              return sum + entries.length
            }, 0)
            expect(count).toBeLessThanOrEqual(size)
            expect(page.IsTruncated === true).toBe(page.Marker !== undefined)
            Marker = page.Marker
            pages++
          } while (Marker !== undefined)
          expect(pages).toBe(Math.ceil(8 / size))
          expect(paged).toEqual({
            UserDetailList: whole.UserDetailList,
            GroupDetailList: whole.GroupDetailList,
            RoleDetailList: whole.RoleDetailList,
            Policies: whole.Policies,
          })
        }
      })

      it('page sizes and markers are checked', async () => {
        for (const input of [{ MaxItems: 0 }, { MaxItems: 1001 }, { Marker: '%%%' }, { Marker: '' }])
          expect((await refusal(iam.read('GetAccountAuthorizationDetails', input))).code).toBe(
            'ValidationError',
          )
      })
    })

    it('ListRoles goes through all roles by page', async () => {
      for (const name of ['delta', 'Alpha', 'charlie', 'bravo']) await role(name)
      const names: (string | undefined)[] = []
      let Marker: string | undefined
      do {
        const page = await iam.read('ListRoles', { MaxItems: 3, Marker })
        names.push(...(page.Roles ?? []).map(({ RoleName }) => RoleName))
        Marker = page.Marker
      } while (Marker !== undefined)
      expect(names.sort()).toEqual(['Alpha', 'bravo', 'charlie', 'delta'])
    })
  })
}
