import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import type { Intake } from '../../src/intake/intake.ts'
import { withResourcePolicies } from '../../src/intake/resource-policies.ts'
import { readTfplan } from '../../src/intake/tfplan/read-tfplan.ts'
import { isUnknown } from '../../src/model/index.ts'
import { analysisForTests } from '../access/diff/estate-diffs.ts'
import { readTemplate } from './cfn/read-template.ts'
import { gaadIn } from './read-back.ts'
import { type Planned, planBytes, planJson } from './tfplan/plan-json.ts'
import { shown, trusting } from './tfplan/read-plan.ts'

const ID = '111122223333'
const BUCKET = 'arn:aws:s3:::data'
const KEY = `arn:aws:kms:eu-west-1:${ID}:key/1234`
const EXPORTED = JSON.stringify({
  UserDetailList: [],
  GroupDetailList: [],
  RoleDetailList: [
    {
      Path: '/',
      RoleName: 'deploy',
      Arn: `arn:aws:iam::${ID}:role/deploy`,
      AssumeRolePolicyDocument: trusting('ec2.amazonaws.com'),
      RolePolicyList: [],
      AttachedManagedPolicies: [],
    },
  ],
  Policies: [],
})
const OWN = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ID}:root` }, Action: '*', Resource: '*' }],
}
/** Everything that a claim about outsiders needs. */
const POLICIES = { [BUCKET]: OWN, [KEY]: OWN }

/** A plan on an account of which everything is known. */
function onWhole(resources: readonly Planned[], side: 'before' | null = null): Intake {
  const texts = new SourceTexts()
  const all = { file: 'all.json', name: 'all', bytes: planBytes(POLICIES) }
  return readTfplan({
    file: 'plan.json',
    bytes: planBytes(planJson(resources)),
    side,
    account: { id: ID, partition: null },
    on: {
      file: 'account.json',
      bytes: new Uint8Array(),
      intake: withResourcePolicies(gaadIn(EXPORTED, texts), [all], texts),
    },
    texts,
  })
}
const there = (type: string, after: object, rest: Partial<Planned> = {}): Planned => ({
  type,
  name: 'x',
  after: { ...after },
  ...rest,
})
const bucket = (after: object = {}) => there('aws_s3_bucket', { bucket: 'data', arn: BUCKET, ...after })
const acl = (after: object, rest: Partial<Planned> = {}) =>
  there('aws_s3_bucket_acl', { bucket: 'data', ...after }, rest)
const granted = (grantee: object) => ({
  access_control_policy: [
    {
      owner: [{ id: 'me' }],
      grant: [
        { permission: 'FULL_CONTROL', grantee: [{ type: 'CanonicalUser', id: 'me' }] },
        { permission: 'READ', grantee: [grantee] },
      ],
    },
  ],
})
const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers'
const ANYBODY = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'
const owned = (rule: string) =>
  there('aws_s3_bucket_ownership_controls', { bucket: 'data', rule: [{ object_ownership: rule }] })
const blocked = (type: string, after: object) => there(type, { ...after, ignore_public_acls: true })
const kmsGrant = (after: object = {}) =>
  there('aws_kms_grant', {
    key_id: KEY,
    grantee_principal: 'arn:aws:iam::444455556666:role/x',
    operations: ['Decrypt'],
    ...after,
  })

const differ = analysisForTests()
const isPublic = ({ estate }: Intake) => differ().analyzer.noPublicAccess(estate, [ID])
const isOutside = ({ estate }: Intake) =>
  differ().analyzer.noOutsideAccess(estate, [ID], { trusted: [], services: 'noted' })

const OPEN: readonly (readonly [string, readonly Planned[]])[] = [
  ['public-read', [acl({ acl: 'public-read' })]],
  ['public-read-write', [acl({ acl: 'public-read-write' })]],
  ['authenticated-read', [acl({ acl: 'authenticated-read' })]],
  ['a grant to everybody', [acl(granted({ type: 'Group', uri: EVERYBODY }))]],
  ['a grant to anybody who signs', [acl(granted({ type: 'Group', uri: ANYBODY }))]],
  ['one that is known after the apply', [acl({}, { before: null, unknown: { acl: ['var.acl'] } })]],
  ['that of the bucket itself', [bucket({ acl: 'public-read' })]],
  [
    'grants of the bucket itself',
    [bucket({ grant: [{ type: 'Group', uri: EVERYBODY, permissions: ['READ'] }] })],
  ],
  ['that of an object', [there('aws_s3_object', { bucket: 'data', key: 'a', acl: 'public-read' })]],
  ['where others own objects', [acl({ acl: 'public-read' }), owned('ObjectWriter')]],
  [
    'where new ones alone are blocked',
    [
      acl({ acl: 'public-read' }),
      there('aws_s3_bucket_public_access_block', { bucket: 'data', block_public_acls: true }),
    ],
  ],
  [
    'where those of another bucket are ignored',
    [acl({ acl: 'public-read' }), blocked('aws_s3_bucket_public_access_block', { bucket: 'other' })],
  ],
]
const CLOSED: readonly (readonly [string, readonly Planned[]])[] = [
  ['none', []],
  ['private', [acl({ acl: 'private' })]],
  [
    'of the owner alone',
    [
      acl({
        access_control_policy: granted({}).access_control_policy.map((each) => ({
          ...each,
          grant: each.grant.slice(0, 1),
        })),
      }),
    ],
  ],
  [
    'what the provider has read of a private one',
    [
      bucket({
        acl: null,
        grant: [{ id: 'me', type: 'CanonicalUser', permissions: ['FULL_CONTROL'], uri: '' }],
      }),
    ].map((each) => ({ ...each, configuredAs: { bucket: 'data' } })),
  ],
  ['turned off', [acl({ acl: 'public-read' }), owned('BucketOwnerEnforced')]],
  [
    'ignored in the bucket',
    [acl({ acl: 'public-read' }), blocked('aws_s3_bucket_public_access_block', { bucket: 'data' })],
  ],
  [
    'ignored in the account',
    [acl(granted({ type: 'Group', uri: ANYBODY })), blocked('aws_s3_account_public_access_block', {})],
  ],
  ['of an object that is private', [there('aws_s3_object', { bucket: 'data', key: 'a', acl: 'private' })]],
]

describe('an ACL of S3', () => {
  it.each(OPEN)('lets in whom nobody knows, by no policy: %s', (_, resources) => {
    const proof = isPublic(onWhole(resources))
    expect(proof.holds).toBe('unknown')
    const [open] = proof.unknown.filter(({ policy }) => policy === BUCKET)
    expect(open?.source?.file).toMatch(/^plan\.json#aws_s3_/)
  })

  it.each(CLOSED)('keeps everybody out: %s', (_, resources) => {
    const proof = isPublic(onWhole(resources))
    expect(proof).toMatchObject({ holds: true, unknown: [] })
  })

  it('that lets in another account is ignored by no public access block', () => {
    const resources = [
      acl(granted({ type: 'CanonicalUser', id: 'another' })),
      blocked('aws_s3_bucket_public_access_block', { bucket: 'data' }),
    ]
    expect(isOutside(onWhole(resources)).holds).toBe('unknown')
  })

  it('is named by its address, and is no more among what is not looked at', () => {
    const { findings } = onWhole([acl({ acl: 'public-read' }), owned('ObjectWriter')])
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toContain(
      'intake.beside-policy: `arn:aws:s3:::data` lets in others beside its policy: an ACL (`public-read`) of `aws_s3_bucket_acl.x`',
    )
    expect(findings.map(({ code }) => code)).not.toContain('intake.not-modelled')
  })

  it('keeps what the policy says', () => {
    const { estate } = onWhole([
      acl({ acl: 'public-read' }),
      there('aws_s3_bucket_policy', { bucket: 'data', policy: JSON.stringify(OWN) }),
    ])
    expect(shown(estate.resources.get(BUCKET)?.policy)).toEqual({ unknown: 'not-all', known: OWN.Statement })
  })

  it('is a difference where it changes, and where it goes leaves what the account has', () => {
    const plan = [acl({ acl: 'private' }, { before: { bucket: 'data', acl: 'public-read' } })]
    const [before, after] = [onWhole(plan, 'before'), onWhole(plan)]
    expect(shown(before.estate.resources.get(BUCKET)?.policy)).toMatchObject({ unknown: 'not-all' })
    expect(shown(after.estate.resources.get(BUCKET)?.policy)).toEqual(OWN.Statement)
    expect(after.estate.unseen?.has('changes')).toBe(false)
    expect(differ().diff(before.estate, after.estate, ID).verdict).toBe('unknown')
    const same = [acl({ acl: 'public-read' })]
    expect(differ().diff(onWhole(same, 'before').estate, onWhole(same).estate, ID).verdict).toBe('none')
  })

  it('of a bucket that nobody can tell is a change that is not looked at', () => {
    const { estate } = onWhole([
      acl({ acl: 'public-read', bucket: undefined }, { before: null, unknown: { bucket: ['var.bucket'] } }),
    ])
    expect(estate.unseen?.has('changes')).toBe(true)
  })
})

describe('a grant of a key', () => {
  it('lets in whom it names, by no policy', () => {
    expect(isOutside(onWhole([])).holds).toBe(true)
    const proof = isOutside(onWhole([kmsGrant()]))
    expect(proof.holds).toBe('unknown')
    expect(proof.unknown.map(({ policy, source }) => [policy, source?.file])).toContainEqual([
      KEY,
      'plan.json#aws_kms_grant.x',
    ])
  })

  it('stands in the way of no claim about other keys and buckets', () => {
    const { estate } = onWhole([kmsGrant()])
    const of = (action: string, resource: string) =>
      differ().analyzer.notGranted(estate, { actions: [action], resources: [resource], context: new Map() }, [
        ID,
      ]).holds
    expect(of('kms:Decrypt', KEY)).toBe('unknown')
    expect(of('s3:GetObject', `${BUCKET}/*`)).toBe(true)
  })
})

describe('an ACL of a template', () => {
  const read = (properties: object): Intake =>
    readTemplate({
      Resources: { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data', ...properties } } },
    })
  const policyOf = (intake: Intake) => intake.estate.resources.get(BUCKET)?.policy ?? null

  it.each([
    { AccessControl: 'PublicRead' },
    {
      AccessControl: 'AuthenticatedRead',
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    },
    { AccessControl: { 'Fn::ImportValue': 'x' } },
    { AccessControl: 'PublicRead', PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
  ])('lets in whom nobody knows: %j', (properties) => {
    const policy = policyOf(read(properties))
    expect(policy !== null && isUnknown(policy) && policy.unknown).toBe('not-all')
  })

  it.each([
    {},
    { AccessControl: 'Private' },
    {
      AccessControl: 'PublicRead',
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    },
    { AccessControl: 'PublicRead', PublicAccessBlockConfiguration: { IgnorePublicAcls: true } },
  ])('keeps everybody out: %j', (properties) => expect(policyOf(read(properties))).toBeNull())

  it('is not gone where the policies of resources are given beside the template', () => {
    const texts = new SourceTexts()
    const intake = withResourcePolicies(
      read({ AccessControl: 'PublicRead' }),
      [{ file: 'all.json', name: 'all', bytes: planBytes(POLICIES) }],
      texts,
    )
    expect(shown(policyOf(intake))).toEqual({ unknown: 'not-all', known: OWN.Statement })
  })
})
