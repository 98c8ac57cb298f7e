// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { beforeAll, describe, expect, it, test } from 'vitest'
import { loadActions } from '../../../src/catalog/actions.ts'
import { CarriedKeys } from '../../../src/catalog/carried-keys.ts'
import { mayBeOf } from '../../../src/evaluator/keys/sign-in-keys.ts'
import type { PolicyStatement } from '../../../src/model/index.ts'
import { accountOf, document, estateWith, grant, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

describe('keys that requests for an action carry', () => {
  let carried: CarriedKeys
  beforeAll(async () => {
    carried = new CarriedKeys(await loadActions())
  })

  test.each([
    // Of the action's own service, listed or not.
    ['s3:getobject', 's3:prefix', true],
    ['s3:getobject', 's3:existingobjecttag/team', true],
    // Of another service.
    ['sns:deletetopic', 'sts:externalid', false],
    ['ec2:runinstances', 's3:prefix', false],
    ['s3:getobject', 'iam:passedtoservice', false],
    ['s3:getobject', 'kms:viaservice', false],
    ['s3:getobject', 'ec2:resourcetag/team', false],
    // Of another service, but listed by this one; and of services that share keys.
    ['ec2-instance-connect:sendsshpublickey', 'ec2:osuser', true],
    ['s3express:createsession', 's3:signatureversion', true],
    // In requests for credentials only.
    ['sts:assumerole', 'sts:externalid', true],
    ['sts:tagsession', 'sts:rolesessionname', true],
    ['sts:getcalleridentity', 'sts:externalid', false],
    ['sts:getfederationtoken', 'sts:sourceidentity', false],
    // With credentials, wherever they are used.
    ['s3:getobject', 'lambda:sourcefunctionarn', true],
    ['s3:getobject', 'ec2:sourceinstancearn', true],
    // Global ones, and what nobody knows.
    ['s3:getobject', 'aws:sourcearn', true],
    ['s3:getobject', 's3:unheard', true],
    ['sns:publish', 's3:unheard', true],
    ['unheard:of', 'sts:durationseconds', true],
    ['s3:getobject', 'unheard:of', true],
  ])('%s with %s: %s', (action, key, expected) => {
    expect(carried.mayCarry(action, key)).toBe(expected)
  })

  test.each([
    ['user', 'saml:aud', false],
    ['user', 'accounts.google.com:sub', false],
    ['user', 'token.actions.githubusercontent.com:sub', false],
    ['user', 'aws:federatedprovider', false],
    ['role', 'saml:aud', true],
    ['role', 'accounts.google.com:sub', true],
    ['provider', 'saml:aud', true],
    ['user', 's3:prefix', true],
    ['user', 'aws:sourceip', true],
  ] as const)('of a %s: %s %s', (kind, key, expected) => {
    expect(mayBeOf(kind, key)).toBe(expected)
  })
})

describe('a condition on a key that the request never has', () => {
  const analysis = analysisForTests()
  const when = (action: string | readonly string[], condition: object, more: object = {}): PolicyStatement =>
    ({ Effect: 'Allow', Action: action, Resource: '*', Condition: condition, ...more }) as PolicyStatement
  const gainsOf = (...statements: readonly PolicyStatement[]) => {
    const estate = (policy: ReturnType<typeof document>) =>
      estateWith([accountOf(HOME, { al: { policy } }, {})])
    const before = document(when('ec2:DescribeInstances', {}))
    const { gained, unknown } = analysis().diff(
      estate(before),
      estate(document(when('ec2:DescribeInstances', {}), ...statements)),
    )
    return [
      ...gained.flatMap(({ tier, actions }) => actions.map((action) => `${tier} ${action}`)),
      ...unknown.map(({ reason }) => reason),
    ]
  }
  const equals = (key: string, value = 'abc') => ({ StringEquals: { [key]: value } })

  it('is never met', () => {
    expect(gainsOf(when('sns:DeleteTopic', equals('sts:ExternalId')))).toEqual([])
    expect(gainsOf(when('sns:*', equals('sts:ExternalId')))).toEqual([])
    expect(gainsOf(when('sns:DeleteTopic', equals('saml:aud')))).toEqual([])
    expect(gainsOf(when('sns:DeleteTopic', equals('accounts.google.com:aud')))).toEqual([])
    expect(gainsOf(when('sns:DeleteTopic', equals('aws:FederatedProvider')))).toEqual([])
  })

  it('is met by its being absent', () => {
    expect(gainsOf(when('sns:DeleteTopic', { StringNotEquals: { 'sts:ExternalId': 'abc' } }))).toEqual([
      'typed sns:DeleteTopic',
    ])
    expect(gainsOf(when('sns:DeleteTopic', { Null: { 'sts:ExternalId': 'true' } }))).toEqual([
      'typed sns:DeleteTopic',
    ])
    expect(gainsOf(when('sns:DeleteTopic', { StringEqualsIfExists: { 'sts:ExternalId': 'abc' } }))).toEqual([
      'typed sns:DeleteTopic',
    ])
  })

  it('tells the actions of a statement apart', () => {
    expect(gainsOf(when(['s3:ListBucket', 'sns:DeleteTopic'], equals('s3:prefix')))).toEqual([
      'typed s3:ListBucket',
    ])
    expect(gainsOf(when('*', equals('iam:PassedToService'))).filter((each) => !/ iam:/.test(each))).toEqual(
      [],
    )
  })

  it('of a denial takes nothing away', () => {
    const deny = when('*', equals('sts:ExternalId'), { Effect: 'Deny' })
    expect(gainsOf(when('sns:DeleteTopic', {}), deny)).toEqual(['typed sns:DeleteTopic'])
  })

  it('as a variable has no value', () => {
    expect(
      gainsOf(when('sns:Publish', {}, { Resource: 'arn:aws:sns:us-east-1:111122223333:${sts:ExternalId}' })),
    ).toEqual([])
  })

  it('is met by sessions of roles where it is about who has signed in', () => {
    const provider = `arn:aws:iam::${HOME}:saml-provider/corp`
    const trust = document(grant({ Federated: provider }, 'sts:AssumeRoleWithSAML'))
    const estate = (condition: object) =>
      estateWith([
        accountOf(HOME, {}, { d: { trust, policy: document(when('sns:DeleteTopic', condition)) } }),
      ])
    const { gained } = analysis().diff(estate(equals('aws:SourceIp')), estate(equals('saml:aud')))
    expect(gained.map(({ actions }) => actions.join())).toEqual(['sns:DeleteTopic'])
  })
})
