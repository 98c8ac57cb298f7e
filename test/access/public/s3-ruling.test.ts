import { describe, expect, test } from 'vitest'
import { publicStatements, s3KindOf } from '../../../src/access/public/s3-ruling.ts'
import { Symbols } from '../../../src/access/symbolic/symbols.ts'
import type { PolicyDocument } from '../../../src/model/index.ts'
import { parsePolicy } from '../../../src/policy/parse.ts'
import { casesOf } from '../../public/public-cases.ts'

const BUCKET = 'arn:aws:s3:::data'
const ACCESS_POINT = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports'
const symbols = new Symbols()

function judged(arn: string, document: PolicyDocument) {
  const { policy } = parsePolicy(document, null, 'resource', 'evaluate')
  const kind = s3KindOf(arn)
  if (policy === null || kind === null) throw new Error(`no policy that S3 judges, of ${arn}`)
  return publicStatements(policy, arn, kind, symbols)
}

type Statement = Readonly<Record<string, unknown>>

const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `${BUCKET}/*`,
  ...more,
})
const deny = (more: Statement = {}): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [BUCKET, `${BUCKET}/*`],
  ...more,
})
const when = (operator: string, key: string, ...values: readonly string[]): Statement => ({
  Condition: { [operator]: { [key]: values } },
})
const document = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements as never,
})
const isPublic = (...statements: readonly Statement[]): boolean =>
  judged(BUCKET, document(...statements)).length > 0
const onlyUnless = (condition: Statement) => isPublic(allow(), deny(condition))

describe('S3 calls a policy public', () => {
  test.each(casesOf('./cases.json').filter(({ attachedTo }) => s3KindOf(attachedTo) !== null))(
    '$name: $source',
    ({ attachedTo, policy, public: expected }) => {
      expect(judged(attachedTo, policy).length > 0).toBe(expected)
    },
  )

  test('only a bucket and an access point have policies that S3 judges', () => {
    expect(s3KindOf(BUCKET)).toBe('bucket')
    expect(s3KindOf(ACCESS_POINT)).toBe('accessPoint')
    expect(s3KindOf('arn:aws:s3::111122223333:accesspoint/m1a2b3.mrap')).toBe('accessPoint')
    expect(s3KindOf('arn:aws:sqs:eu-west-1:111122223333:jobs')).toBe(null)
    expect(s3KindOf('arn:aws:s3:::data/x')).toBe(null)
  })

  test.each([
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:userid',
    's3:DataAccessPointAccount',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
  ])('a fixed value of %s narrows; a pattern, a variable and an absent key do not', (key) => {
    expect(isPublic(allow(when('StringEquals', key, 'fixed')))).toBe(false)
    expect(isPublic(allow(when('StringLike', key, 'fixed')))).toBe(false)
    expect(isPublic(allow(when('ForAnyValue:StringLike', key, 'fixed', 'other')))).toBe(false)
    expect(isPublic(allow(when('StringLike', key, 'fixed', 'open-*')))).toBe(true)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    expect(isPublic(allow(when('StringEquals', key, 'fixed-${aws:PrincipalTag/x}')))).toBe(true)
    expect(isPublic(allow(when('StringEqualsIfExists', key, 'fixed')))).toBe(true)
    expect(isPublic(allow(when('ForAllValues:StringEquals', key, 'fixed')))).toBe(true)
    expect(isPublic(allow(when('StringNotEquals', key, 'fixed')))).toBe(true)
    expect(isPublic(allow(when('Null', key, 'false')))).toBe(true)
  })

  test.each([
    'aws:SecureTransport',
    'aws:UserAgent',
    'aws:Referer',
    'aws:PrincipalTag/team',
    'aws:PrincipalType',
    'aws:username',
    'aws:SourceOrgID',
    's3:prefix',
    's3:x-amz-acl',
    's3:ExistingObjectTag/public',
  ])('%s narrows nothing, by itself or as a Deny', (key) => {
    expect(isPublic(allow(when('StringEquals', key, 'fixed')))).toBe(true)
    expect(onlyUnless(when('StringNotEquals', key, 'fixed'))).toBe(true)
  })

  test('text that only looks like a variable or a wildcard is fixed', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    const own = allow(when('StringEquals', 'aws:SourceAccount', '${aws:PrincipalAccount}'))
    expect(judged(BUCKET, { Version: '2008-10-17', Statement: [own] as never })).toEqual([])
    expect(isPublic(own)).toBe(true)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the character, written as a variable
    expect(isPublic(allow(when('StringLike', 'aws:SourceArn', 'arn:aws:sns:a:b:${*}')))).toBe(false)
    expect(isPublic(allow(when('StringEquals', 'aws:SourceVpc', 'vpc-*')))).toBe(false)
    expect(isPublic(allow(when('ArnEquals', 'aws:SourceArn', 'arn:aws:sns:*:*:topic')))).toBe(true)
  })

  test('each address range counts for itself', () => {
    const from = (...ranges: readonly string[]) =>
      isPublic(allow(when('IpAddress', 'aws:SourceIp', ...ranges)))
    expect(from('203.0.113.0/24', '198.0.0.0/8', '2001:db8::/32')).toBe(false)
    expect(from('203.0.113.0/24', '198.0.0.0/7')).toBe(true)
    expect(from('2001:db8::/31')).toBe(true)
    expect(from('::/0')).toBe(true)
    expect(from('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')).toBe(false)
    expect(onlyUnless(when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'))).toBe(false)
    expect(onlyUnless(when('NotIpAddress', 'aws:SourceIp', '0.0.0.0/1'))).toBe(true)
  })

  test('of an access point the name may be open in the policy of a bucket, and not in its own', () => {
    const by = (arn: string) => allow(when('StringLike', 's3:DataAccessPointArn', arn))
    expect(isPublic(by('arn:aws:s3:us-west-2:123456789012:accesspoint/*'))).toBe(false)
    expect(isPublic(by('arn:aws:s3:us-west-2:*:accesspoint/*'))).toBe(true)
    expect(isPublic(by('arn:aws:s3:us-west-2:123456789012:*'))).toBe(true)
    const own = document({
      ...by('arn:aws:s3:us-west-2:123456789012:accesspoint/*'),
      Resource: `${ACCESS_POINT}/object/*`,
    })
    expect(judged(ACCESS_POINT, own)).toHaveLength(1)
  })

  test('sessions of one role are not fixed by its id, one session is', () => {
    expect(isPublic(allow(when('StringLike', 'aws:userid', 'AROAEXAMPLEID:*')))).toBe(true)
    expect(isPublic(allow(when('StringLike', 'aws:userid', 'AROAEXAMPLEID:backup')))).toBe(false)
    expect(isPublic(allow(when('StringEquals', 'aws:userid', '111122223333')))).toBe(false)
  })

  test('an organization is fixed whatever unit of it is meant', () => {
    const in_ = (path: string) =>
      isPublic(allow(when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', path)))
    expect(in_('o-a1b2c3d4e5/*')).toBe(false)
    expect(in_('o-a1b2c3d4e5*')).toBe(true)
    expect(in_('o-*/r-ab12/*')).toBe(true)
  })

  test('who is named is not everybody, but all whom a public provider vouches for are', () => {
    const to = (principal: unknown) => isPublic(allow({ Principal: principal }))
    expect(to({ AWS: 'arn:aws:iam::444455556666:role/reader' })).toBe(false)
    expect(to({ Service: 'cloudfront.amazonaws.com' })).toBe(false)
    expect(to({ CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' })).toBe(
      false,
    )
    expect(to({ AWS: ['444455556666', '*'] })).toBe(true)
    expect(to({ Federated: 'graph.facebook.com' })).toBe(true)
    expect(to({ Federated: 'arn:aws:iam::111122223333:saml-provider/own' })).toBe(false)
    expect(isPublic({ ...allow(), Principal: undefined, NotPrincipal: { AWS: '444455556666' } })).toBe(true)
  })

  test('an action that does not exist yet counts like any other', () => {
    expect(isPublic(allow({ Action: 's3:ReadThroughWalls' }))).toBe(true)
    expect(isPublic(allow({ Action: undefined, NotAction: 's3:*' }))).toBe(true)
  })

  test('a key that something else makes sure of may be tested by an operator that passes without it', () => {
    const key = 'aws:PrincipalOrgID'
    const tested = { StringEqualsIfExists: { [key]: 'o-a1b2c3d4e5' } }
    expect(isPublic(allow({ Condition: { ...tested, Null: { [key]: 'false' } } }))).toBe(false)
    expect(isPublic(allow({ Condition: { ...tested, Null: { [key]: 'true' } } }))).toBe(true)
    expect(isPublic(allow({ Condition: tested }), deny(when('Null', key, 'true')))).toBe(false)
    expect(isPublic(allow({ Condition: tested }), deny(when('Null', 'aws:SourceVpc', 'true')))).toBe(true)
  })

  describe('a Deny narrows', () => {
    const elsewhere = when('StringNotEquals', 'aws:SourceVpce', 'vpce-1a2b3c4d')

    test('by fixed values of a listed key, present or not', () => {
      expect(onlyUnless(elsewhere)).toBe(false)
      expect(onlyUnless(when('StringNotEqualsIfExists', 'aws:SourceVpce', 'vpce-1a2b3c4d'))).toBe(false)
      expect(onlyUnless(when('ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/a'))).toBe(
        false,
      )
      expect(onlyUnless(when('StringNotLike', 'aws:SourceVpce', 'vpce-*'))).toBe(true)
      expect(onlyUnless(when('StringEquals', 'aws:SourceVpce', 'vpce-1a2b3c4d'))).toBe(true)
      expect(onlyUnless(when('ForAnyValue:StringNotLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'))).toBe(
        true,
      )
    })

    test('with all of its conditions only where each one narrows', () => {
      const { Condition } = elsewhere as { readonly Condition: object }
      const and = (more: object) => onlyUnless({ Condition: { ...Condition, ...more } })
      expect(and({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })).toBe(false)
      expect(and({ Bool: { 'aws:ViaAWSService': 'false' } })).toBe(true)
      expect(and({ NotIpAddress: { 'aws:SourceIp': '0.0.0.0/1' } })).toBe(true)
    })

    test('only what it is about', () => {
      expect(isPublic(allow(), deny({ ...elsewhere, Action: 's3:PutObject' }))).toBe(true)
      expect(isPublic(allow(), deny({ ...elsewhere, Action: 's3:Get*' }))).toBe(false)
      expect(isPublic(allow({ Action: 's3:Get*' }), deny({ ...elsewhere, Action: 's3:GetObject' }))).toBe(
        true,
      )
      expect(isPublic(allow(), deny({ ...elsewhere, Resource: BUCKET }))).toBe(true)
      expect(isPublic(allow(), deny({ ...elsewhere, Resource: `${BUCKET}/private/*` }))).toBe(true)
      expect(isPublic(allow(), deny({ ...elsewhere, Resource: '*' }))).toBe(false)
      expect(isPublic(allow(), deny({ ...elsewhere, Action: undefined, NotAction: 's3:PutObject' }))).toBe(
        false,
      )
      expect(isPublic(allow(), deny({ ...elsewhere, Action: undefined, NotAction: 's3:Get*' }))).toBe(true)
      expect(isPublic(allow(), deny({ ...elsewhere, Principal: { AWS: '444455556666' } }))).toBe(true)
    })

    test('together with others that are about the rest', () => {
      const wide = allow({ Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' })
      const some = (action: string, ...resources: readonly string[]) =>
        deny({ ...elsewhere, Action: action, Resource: resources })
      expect(isPublic(wide, some('s3:Get*', '*'), some('s3:List*', '*'))).toBe(false)
      expect(isPublic(wide, some('*', BUCKET), some('*', `${BUCKET}/*`))).toBe(false)
      expect(isPublic(wide, some('s3:Get*', BUCKET), some('s3:List*', `${BUCKET}/*`))).toBe(true)
    })

    test('to whom it spares by name', () => {
      const sparing = (principal: unknown) =>
        isPublic(allow(), deny({ Principal: undefined, NotPrincipal: principal }))
      expect(sparing({ AWS: ['111122223333', 'arn:aws:iam::111122223333:role/a'] })).toBe(false)
      expect(sparing({ AWS: '*' })).toBe(true)
      expect(sparing({ Federated: 'accounts.google.com' })).toBe(true)
    })

    test('not in another policy, and not what is public on its own', () => {
      expect(isPublic(deny())).toBe(false)
      expect(
        judged(BUCKET, document(allow({ Sid: 'Open' }), allow({ Principal: { AWS: '444455556666' } }))),
      ).toEqual([{ statement: expect.objectContaining({ sid: 'Open' }), why: [] }])
    })
  })

  test('and says which value leaves it open', () => {
    const why = (condition: Statement) => judged(BUCKET, document(allow(condition)))[0]?.why
    expect(why(when('StringLike', 'aws:SourceVpc', 'vpc-1', 'vpc-*'))).toEqual([
      { key: 'aws:SourceVpc', by: 'wildcard', value: 'vpc-*' },
    ])
    expect(why(when('IpAddress', 'aws:SourceIp', '0.0.0.0/1'))).toEqual([
      { key: 'aws:SourceIp', by: 'wide-range', value: '0.0.0.0/1' },
    ])
    expect(why(when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'))).toEqual([
      { key: 'aws:PrincipalOrgID', by: 'absent', value: '' },
    ])
    expect(why(when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'))).toEqual([
      { key: 'aws:SourceIp', by: 'negated', value: '' },
    ])
  })
})
