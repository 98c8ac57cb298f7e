import { describe, expect, it } from 'vitest'
import { encodeDocument } from '../../src/iam/documents.ts'
import type { IamReading, IamWriting } from '../../src/iam/embedded-iam.ts'
import { IamError } from '../../src/iam/service-error.ts'
import { uniqueId } from '../../src/iam/unique-id.ts'
import type { WriteOperation } from '../../src/model/operations.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { openAccount, policyArn } from './account.ts'

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
})
const trusting = (arn: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' },
  })

/** Few names, so that calls often meet what others have left. */
const name = fc.constantFrom('a', 'A', 'b')
const arn = fc.constantFrom(policyArn('/a'), policyArn('/b'), 'arn:aws:iam::aws:policy/ReadOnlyAccess')
const inline = fc.constantFrom('x', 'y').map((PolicyName) => ({ PolicyName, PolicyDocument: DOCUMENT }))
const principal = fc.constantFrom(
  '444455556666',
  'arn:aws:iam::111122223333:user/a',
  'arn:aws:iam::111122223333:role/b',
)
const Tags = fc.constantFrom([{ Key: 'k', Value: '1' }], [{ Key: 'K', Value: '2' }], [])
const PermissionsBoundary = fc.option(arn, { nil: undefined })

const callOf = (operation: WriteOperation, input: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(input).map((value) => [operation, value] as const)
const inlineOf = (operation: WriteOperation, field: string) =>
  fc.tuple(name, inline).map(([owner, policy]) => [operation, { [field]: owner, ...policy }] as const)

const call = fc.oneof(
  callOf('CreateUser', { UserName: name, Tags, PermissionsBoundary }),
  callOf('DeleteUser', { UserName: name }),
  callOf('UpdateUser', { UserName: name, NewUserName: name }),
  callOf('TagUser', { UserName: name, Tags }),
  callOf('CreateGroup', { GroupName: name }),
  callOf('DeleteGroup', { GroupName: name }),
  callOf('AddUserToGroup', { UserName: name, GroupName: name }),
  callOf('RemoveUserFromGroup', { UserName: name, GroupName: name }),
  callOf('CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: principal.map(trusting),
    PermissionsBoundary,
  }),
  callOf('UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument: principal.map(trusting) }),
  callOf('DeleteRole', { RoleName: name }),
  callOf('CreatePolicy', { PolicyName: name, PolicyDocument: fc.constant(DOCUMENT) }),
  callOf('DeletePolicy', { PolicyArn: arn }),
  callOf('CreatePolicyVersion', {
    PolicyArn: arn,
    PolicyDocument: fc.constant(DOCUMENT),
    SetAsDefault: fc.boolean(),
  }),
  callOf('DeletePolicyVersion', { PolicyArn: arn, VersionId: fc.constantFrom('v1', 'v2', 'v3') }),
  callOf('AttachUserPolicy', { UserName: name, PolicyArn: arn }),
  callOf('DetachUserPolicy', { UserName: name, PolicyArn: arn }),
  callOf('AttachGroupPolicy', { GroupName: name, PolicyArn: arn }),
  callOf('DetachGroupPolicy', { GroupName: name, PolicyArn: arn }),
  callOf('AttachRolePolicy', { RoleName: name, PolicyArn: arn }),
  callOf('DetachRolePolicy', { RoleName: name, PolicyArn: arn }),
  inlineOf('PutUserPolicy', 'UserName'),
  inlineOf('DeleteUserPolicy', 'UserName'),
  inlineOf('PutRolePolicy', 'RoleName'),
  inlineOf('DeleteRolePolicy', 'RoleName'),
  callOf('PutUserPermissionsBoundary', { UserName: name, PermissionsBoundary: arn }),
  callOf('DeleteUserPermissionsBoundary', { UserName: name }),
)

/** Everything that can be read must fit together, by whatever calls it came about. */
async function expectConsistent(iam: IamReading & IamWriting): Promise<void> {
  const details = await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
  const users = details.UserDetailList ?? []
  const groups = details.GroupDetailList ?? []
  const roles = details.RoleDetailList ?? []
  const policies = details.Policies ?? []

  for (const names of [
    users.map((user) => user.UserName),
    groups.map((group) => group.GroupName),
    roles.map((role) => role.RoleName),
    policies.filter(({ Arn }) => !Arn?.includes('::aws:')).map((policy) => policy.PolicyName),
  ]) {
    const folded = names.map((each) => each?.toLowerCase())
    expect(new Set(folded).size).toBe(names.length)
    expect(folded).toEqual([...folded].sort())
  }
  const ids = [...users.map((user) => user.UserId), ...roles.map((role) => role.RoleId)]
  expect(new Set(ids).size).toBe(users.length + roles.length)

  const groupNames = new Set(groups.map((group) => group.GroupName))
  for (const user of users) for (const group of user.GroupList ?? []) expect(groupNames).toContain(group)
  for (const group of groups) {
    const { Users } = await iam.read('GetGroup', { GroupName: group.GroupName })
    expect(Users?.map((user) => user.UserName)).toEqual(
      users.filter((user) => user.GroupList?.includes(group.GroupName ?? '')).map((user) => user.UserName),
    )
  }

  const attached = [...users, ...groups, ...roles].flatMap((each) => each.AttachedManagedPolicies ?? [])
  const boundaries = [...users, ...roles].flatMap(
    (each) => each.PermissionsBoundary?.PermissionsBoundaryArn ?? [],
  )
  for (const policy of policies) {
    expect(policy.AttachmentCount).toBe(attached.filter(({ PolicyArn }) => PolicyArn === policy.Arn).length)
    expect(policy.PermissionsBoundaryUsageCount).toBe(boundaries.filter((each) => each === policy.Arn).length)
    const defaults = policy.PolicyVersionList?.filter((version) => version.IsDefaultVersion)
    expect(defaults?.map((version) => version.VersionId)).toEqual([policy.DefaultVersionId])
  }
  const arns = new Set(policies.map((policy) => policy.Arn))
  for (const used of [...attached.map(({ PolicyArn }) => PolicyArn), ...boundaries])
    expect(arns).toContain(used)

  const tagKeys = users.map((user) => user.Tags?.map(({ Key }) => Key?.toLowerCase()) ?? [])
  for (const keys of tagKeys) expect(new Set(keys).size).toBe(keys.length)

  // A trust names its principal by an ARN that is right now, or by an id that nobody has.
  const arnsNow = new Set([...users, ...roles].map(({ Arn }) => Arn))
  for (const role of roles) {
    const trust = JSON.parse(decodeURIComponent(role.AssumeRolePolicyDocument ?? ''))
    const named: string = trust.Statement.Principal.AWS
    if (named.startsWith('arn:')) expect(arnsNow).toContain(named)
    else if (named !== '444455556666') expect(ids).not.toContain(named)
  }
}

describe('the embedded IAM', () => {
  it('after any calls, done or refused, what can be read fits together; a refused call changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 20, maxLength: 60 }), async (calls) => {
        const { iam, close } = await openAccount()
        try {
          for (const [operation, input] of calls) {
            const before = await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
            try {
              await iam.write(operation, input as never)
            } catch (error) {
              if (!(error instanceof IamError)) throw error
              expect(await iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })).toEqual(before)
            }
          }
          await expectConsistent(iam)
        } finally {
          await close()
        }
      }),
      { numRuns: sampleOf(60) },
    )
  })
})

describe('what the API returns', () => {
  it('documents decode to what was written, and hold nothing that RFC 3986 reserves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (within) => {
        const text = JSON.stringify({ Id: within, Statement: [] })
        const encoded = encodeDocument(text)
        expect(decodeURIComponent(encoded)).toBe(text)
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/)
      }),
    )
  })

  it('unique ids are a prefix and 17 characters of base 32, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 17 }), (bytes) => {
        expect(uniqueId('AROA', () => bytes)).toMatch(/^AROA[A-Z2-7]{17}$/)
      }),
    )
  })
})
