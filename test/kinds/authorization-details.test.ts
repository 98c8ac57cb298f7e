// What the embedded IAM answers to GetAccountAuthorizationDetails of an account that has some of every kind.
import { expect, it } from 'vitest'
import type { EntityKind } from '../../src/model/index.ts'
import fc from '../fixed-seed.ts'
import { converge, declared, intentOf, withListed } from './listed.ts'
import type { ToyWorld } from './toy/world.ts'

/** @see IAM API Reference: the members of UserDetail, GroupDetail, RoleDetail, ManagedPolicyDetail, InstanceProfile, PolicyVersion */
const MEMBERS = {
  user: 'Path UserName UserId Arn CreateDate UserPolicyList GroupList AttachedManagedPolicies PermissionsBoundary Tags',
  group: 'Path GroupName GroupId Arn CreateDate GroupPolicyList AttachedManagedPolicies',
  role: 'Path RoleName RoleId Arn CreateDate AssumeRolePolicyDocument InstanceProfileList RolePolicyList AttachedManagedPolicies PermissionsBoundary Tags RoleLastUsed',
  policy:
    'PolicyName PolicyId Arn Path DefaultVersionId AttachmentCount PermissionsBoundaryUsageCount IsAttachable Description CreateDate UpdateDate PolicyVersionList',
  profile: 'Path InstanceProfileName InstanceProfileId Arn CreateDate Roles Tags',
  version: 'Document VersionId IsDefaultVersion CreateDate',
}
/** Those that AWS leaves out where there is nothing to say. */
const OPTIONAL = new Set(['PermissionsBoundary', 'Description', 'Tags'])
const LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const

function expectMembers(what: object, of: keyof typeof MEMBERS): void {
  const known = MEMBERS[of].split(' ')
  const own = Object.entries(what).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  expect(
    own.filter((name) => !known.includes(name)),
    of,
  ).toEqual([])
  expect(
    known.filter((name) => !OPTIONAL.has(name) && !own.includes(name)),
    of,
  ).toEqual([])
}

const isEncoded = (text = ''): boolean => /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$/.test(text)

/** Some of every kind, each with policies of both sorts, a boundary and tags where it can have them. */
async function withEverything(use: (world: ToyWorld) => Promise<void>): Promise<void> {
  const [sections] = fc.sample(declared('all'), 1)
  if (sections === undefined) throw new Error('no sample')
  await withListed(async (world) => {
    await converge(world, intentOf(sections))
    const [policy] = (await world.observe()).entities.policy.values()
    const PolicyArn = policy?.arn ?? ''
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::ü (a)/*!' },
    })
    await world.iam.write('CreateUser', {
      UserName: 'whole',
      PermissionsBoundary: PolicyArn,
      Tags: [{ Key: 'a', Value: '' }],
    })
    await world.iam.write('AttachUserPolicy', {
      UserName: 'whole',
      PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll',
    })
    await world.iam.write('PutUserPolicy', { UserName: 'whole', PolicyName: 'own', PolicyDocument })
    await world.iam.write('CreateAccessKey', { UserName: 'whole' })
    await world.iam.write('CreateGroup', { GroupName: 'whole' })
    await world.iam.write('AddUserToGroup', { UserName: 'whole', GroupName: 'whole' })
    await world.iam.write('CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true })
    await use(world)
  })
}

it('has what AWS documents of each entity, and nothing else', () =>
  withEverything(async (world) => {
    const details = await world.iam.read('GetAccountAuthorizationDetails', { MaxItems: 1000 })
    const { UserDetailList = [], GroupDetailList = [], RoleDetailList = [], Policies = [] } = details
    for (const each of UserDetailList) expectMembers(each, 'user')
    for (const each of GroupDetailList) expectMembers(each, 'group')
    for (const each of RoleDetailList) expectMembers(each, 'role')
    // The catalogue has neither ids nor dates of AWS's own.
    const unknown = (arn = '') =>
      arn.includes(':iam::aws:') ? { PolicyId: 'ANPA', CreateDate: new Date(0), UpdateDate: new Date(0) } : {}
    for (const each of Policies) expectMembers({ ...unknown(each.Arn), ...each }, 'policy')
    const profiles = RoleDetailList.flatMap(({ InstanceProfileList = [] }) => InstanceProfileList)
    expect(profiles).not.toEqual([])
    for (const each of profiles) {
      expectMembers(each, 'profile')
      expect(each.Roles?.map(({ RoleName }) => RoleName)).toHaveLength(1)
    }
    const documents = [
      ...UserDetailList.flatMap(({ UserPolicyList = [] }) =>
        UserPolicyList.map((each) => each.PolicyDocument),
      ),
      ...RoleDetailList.flatMap(({ RolePolicyList = [] }) =>
        RolePolicyList.map((each) => each.PolicyDocument),
      ),
      ...RoleDetailList.map((each) => each.AssumeRolePolicyDocument),
      ...Policies.flatMap(({ PolicyVersionList = [] }) => PolicyVersionList.map((each) => each.Document)),
    ]
    expect(documents.filter((text) => !isEncoded(text))).toEqual([])
    for (const each of Policies) {
      for (const version of each.PolicyVersionList ?? []) {
        const { CreateDate } = unknown(each.Arn)
        expectMembers({ ...(CreateDate && { CreateDate }), ...version }, 'version')
      }
      const byDefault = each.PolicyVersionList?.filter(({ IsDefaultVersion }) => IsDefaultVersion)
      expect(byDefault?.map(({ VersionId }) => VersionId)).toEqual([each.DefaultVersionId])
    }
    const whole = UserDetailList.find(({ UserName }) => UserName === 'whole')
    expect(whole).toMatchObject({ GroupList: ['whole'], Tags: [{ Key: 'a', Value: '' }] })
    expect(
      Policies.find(({ Arn }) => Arn === whole?.PermissionsBoundary?.PermissionsBoundaryArn),
    ).toMatchObject({
      PermissionsBoundaryUsageCount: expect.any(Number),
      PolicyVersionList: [{ IsDefaultVersion: true }, { IsDefaultVersion: false }],
    })
    // Credentials, providers and certificates are no part of it.
    const { AccessKeyMetadata = [] } = await world.iam.read('ListAccessKeys', { UserName: 'whole' })
    const text = JSON.stringify(details)
    for (const id of [AccessKeyMetadata[0]?.AccessKeyId ?? '', 'oidc-provider/', 'server-certificate/'])
      expect(text.includes(id), id).toBe(false)
  }))

it('has every entity of its kinds once, by filters and by pages of any size', () =>
  withEverything(async (world) => {
    const observed = await world.observe()
    const arns = (kind: EntityKind) => [...observed.entities[kind].values()].map(({ arn }) => arn).sort()
    // A service-linked role is a role.
    const expected: Readonly<Record<string, readonly string[]>> = {
      User: arns('user'),
      Group: arns('group'),
      Role: [...new Set([...arns('role'), ...arns('serviceLinkedRole')])].sort(),
      LocalManagedPolicy: arns('policy'),
      AWSManagedPolicy: ['arn:aws:iam::aws:policy/AWSDenyAll'],
    }
    const read = async (Filter: string | null, MaxItems: number) => {
      const found: string[] = []
      for (let Marker: string | undefined; ; ) {
        const page = await world.iam.read('GetAccountAuthorizationDetails', {
          MaxItems,
          ...(Filter === null ? {} : { Filter: [Filter as 'User'] }),
          ...(Marker === undefined ? {} : { Marker }),
        })
        const entries = LISTS.flatMap(
          (list): readonly { readonly Arn?: string | undefined }[] => page[list] ?? [],
        )
        expect(entries.length).toBeLessThanOrEqual(MaxItems)
        found.push(...entries.map(({ Arn = '' }) => Arn))
        if (page.IsTruncated !== true) return found.sort()
        Marker = page.Marker
      }
    }
    for (const [filter, of] of Object.entries(expected)) {
      expect(await read(filter, 2), filter).toEqual(of)
    }
    const all = await read(null, 1000)
    expect(new Set(all).size).toBe(all.length)
    expect(await read(null, 3)).toEqual(all)
  }))
