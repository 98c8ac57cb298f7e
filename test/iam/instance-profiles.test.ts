// Instance profiles as the IAM API has them. @see IAM API Reference, the operations named; messages as AWS has been seen to answer.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IamReading, IamWriting } from '../../src/iam/embedded-iam.ts'
import { ACCOUNT, openAccount, refusal } from './account.ts'

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})
const arn = (path: string): string => `arn:aws:iam::${ACCOUNT.id}:instance-profile${path}`
const web = { InstanceProfileName: 'web' }

describe('instance profiles', () => {
  let iam: IamReading & IamWriting
  let close: () => Promise<void>

  beforeEach(async () => {
    const account = await openAccount()
    iam = account.iam
    close = account.close
  })
  afterEach(() => close())

  const role = (RoleName: string, Path = '/') =>
    iam.write('CreateRole', { RoleName, Path, AssumeRolePolicyDocument: TRUST })
  const told = async (call: Promise<unknown>): Promise<string> => {
    const { code, message } = await refusal(call)
    return `${code}: ${message}`
  }

  it('are made with a path and tags, and shown with the role in them', async () => {
    await role('server', '/ec2/')
    const { InstanceProfile: made } = await iam.write('CreateInstanceProfile', {
      ...web,
      Path: '/x/',
      Tags: [{ Key: 'team', Value: 'a' }],
    })
    expect(made).toMatchObject({
      Path: '/x/',
      Arn: arn('/x/web'),
      Roles: [],
      Tags: [{ Key: 'team', Value: 'a' }],
    })
    expect(made?.InstanceProfileId).toMatch(/^AIPA[A-Z2-7]{17}$/)
    await iam.write('AddRoleToInstanceProfile', { ...web, RoleName: 'server' })
    const { InstanceProfile: shown } = await iam.read('GetInstanceProfile', web)
    expect(shown).toMatchObject({
      InstanceProfileId: made?.InstanceProfileId,
      Roles: [{ RoleName: 'server', Path: '/ec2/', AssumeRolePolicyDocument: encodeURIComponent(TRUST) }],
      Tags: [{ Key: 'team', Value: 'a' }],
    })
    const { InstanceProfiles: listed } = await iam.read('ListInstanceProfiles', {})
    expect(listed).toMatchObject([{ Arn: arn('/x/web'), Roles: [{ RoleName: 'server' }] }])
    expect(listed?.[0]).not.toHaveProperty('Tags')
  })

  it('are listed page by page, by path and by role', async () => {
    await role('server')
    for (const name of ['c', 'a', 'B'])
      await iam.write('CreateInstanceProfile', {
        InstanceProfileName: name,
        Path: name === 'a' ? '/' : '/x/',
      })
    for (const InstanceProfileName of ['B', 'a'])
      await iam.write('AddRoleToInstanceProfile', { InstanceProfileName, RoleName: 'server' })
    const namesOf = (profiles: readonly { readonly InstanceProfileName: string | undefined }[] | undefined) =>
      (profiles ?? []).map(({ InstanceProfileName }) => InstanceProfileName)
    const first = await iam.read('ListInstanceProfiles', { MaxItems: 2 })
    expect(namesOf(first.InstanceProfiles)).toEqual(['a', 'B'])
    const rest = await iam.read('ListInstanceProfiles', { Marker: first.Marker ?? '' })
    expect([namesOf(rest.InstanceProfiles), rest.IsTruncated]).toEqual([['c'], false])
    expect(namesOf((await iam.read('ListInstanceProfiles', { PathPrefix: '/x/' })).InstanceProfiles)).toEqual(
      ['B', 'c'],
    )
    const one = await iam.read('ListInstanceProfilesForRole', { RoleName: 'server', MaxItems: 1 })
    expect([namesOf(one.InstanceProfiles), one.IsTruncated]).toEqual([['a'], true])
    const two = await iam.read('ListInstanceProfilesForRole', {
      RoleName: 'server',
      Marker: one.Marker ?? '',
    })
    expect(namesOf(two.InstanceProfiles)).toEqual(['B'])
  })

  it('stand with their role in the details of the account', async () => {
    await role('server')
    await role('idle')
    await iam.write('CreateInstanceProfile', web)
    await iam.write('AddRoleToInstanceProfile', { ...web, RoleName: 'server' })
    const { RoleDetailList } = await iam.read('GetAccountAuthorizationDetails', {})
    expect(RoleDetailList).toMatchObject([
      { RoleName: 'idle', InstanceProfileList: [] },
      { RoleName: 'server', InstanceProfileList: [{ Arn: arn('/web'), Roles: [{ RoleName: 'server' }] }] },
    ])
  })

  it('hold one role, also where it would be the same', async () => {
    await role('server')
    await role('other')
    await iam.write('CreateInstanceProfile', web)
    await iam.write('AddRoleToInstanceProfile', { ...web, RoleName: 'server' })
    for (const RoleName of ['server', 'other'])
      expect(await told(iam.write('AddRoleToInstanceProfile', { ...web, RoleName }))).toBe(
        'LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
      )
    expect(
      (await refusal(iam.write('RemoveRoleFromInstanceProfile', { ...web, RoleName: 'other' }))).code,
    ).toBe('NoSuchEntity')
    await iam.write('RemoveRoleFromInstanceProfile', { ...web, RoleName: 'server' })
    await iam.write('AddRoleToInstanceProfile', { ...web, RoleName: 'other' })
    expect((await iam.read('GetInstanceProfile', web)).InstanceProfile?.Roles).toMatchObject([
      { RoleName: 'other' },
    ])
  })

  it('keep their role from being deleted, and it them', async () => {
    await role('server')
    await iam.write('CreateInstanceProfile', web)
    await iam.write('AddRoleToInstanceProfile', { ...web, RoleName: 'server' })
    for (const call of [
      iam.write('DeleteRole', { RoleName: 'server' }),
      iam.write('DeleteInstanceProfile', web),
    ])
      expect(await told(call)).toBe(
        'DeleteConflict: Cannot delete entity, must remove roles from instance profile first.',
      )
    await iam.write('RemoveRoleFromInstanceProfile', { ...web, RoleName: 'server' })
    await iam.write('DeleteInstanceProfile', web)
    await iam.write('DeleteRole', { RoleName: 'server' })
  })

  it('are refused where there is none, or one already, of whatever case', async () => {
    await iam.write('CreateInstanceProfile', web)
    expect(await told(iam.write('CreateInstanceProfile', { InstanceProfileName: 'WEB' }))).toBe(
      'EntityAlreadyExists: Instance Profile web already exists.',
    )
    const none = { InstanceProfileName: 'none' }
    const missing = 'NoSuchEntity: Instance Profile none cannot be found.'
    expect(await told(iam.write('DeleteInstanceProfile', none))).toBe(missing)
    expect(await told(iam.read('GetInstanceProfile', none))).toBe(missing)
    expect(await told(iam.write('AddRoleToInstanceProfile', { ...none, RoleName: 'x' }))).toBe(missing)
    expect(await told(iam.write('AddRoleToInstanceProfile', { ...web, RoleName: 'x' }))).toBe(
      'NoSuchEntity: The role with name x cannot be found.',
    )
    expect((await refusal(iam.read('ListInstanceProfilesForRole', { RoleName: 'x' }))).code).toBe(
      'NoSuchEntity',
    )
    expect((await refusal(iam.write('CreateInstanceProfile', { InstanceProfileName: 'a b' }))).code).toBe(
      'ValidationError',
    )
  })

  it('have tags whose keys differ by case, and no more than the quota', async () => {
    await iam.write('CreateInstanceProfile', web)
    await iam.write('TagInstanceProfile', {
      ...web,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
    })
    await iam.write('UntagInstanceProfile', { ...web, TagKeys: ['a'] })
    const { Tags } = await iam.read('ListInstanceProfileTags', web)
    expect(Tags).toEqual([{ Key: 'A', Value: '2' }])
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
    expect((await refusal(iam.write('TagInstanceProfile', { ...web, Tags: many }))).code).toBe(
      'LimitExceeded',
    )
  })

  it('there are no more of than the quota', async () => {
    const { iam: small, close: done } = await openAccount({ instanceProfilesPerAccount: 1 })
    await small.write('CreateInstanceProfile', web)
    expect(await told(small.write('CreateInstanceProfile', { InstanceProfileName: 'db' }))).toBe(
      'LimitExceeded: Cannot exceed quota for InstanceProfilesPerAccount: 1',
    )
    await done()
  })
})
