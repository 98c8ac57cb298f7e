import { describe, expect, it, test } from 'vitest'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import type { PolicyStatement } from '../../../src/model/index.ts'
import { accountOf, document, estateWith, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const when = (action: string, condition: object, resource = '*'): PolicyStatement =>
  ({ Effect: 'Allow', Action: action, Resource: resource, Condition: condition }) as PolicyStatement
const estate = (...statements: readonly PolicyStatement[]) =>
  estateWith([accountOf(HOME, { al: { policy: document(...statements) } }, {})])
const nothing = when('ec2:DescribeInstances', {})
const gainsOf = (...statements: readonly PolicyStatement[]): readonly AccessEntry[] =>
  analysis().diff(estate(nothing), estate(nothing, ...statements)).gained
const contextOf = ({ witness }: AccessEntry) => Object.fromEntries(witness.context)
const accountIn = (arn: string) => arn.split(':')[4]

describe('what the resource tells', () => {
  it('is told by the context as well: its account', () => {
    const [entry, more] = gainsOf(when('sns:Publish', { StringNotEquals: { 'aws:ResourceAccount': HOME } }))
    if (entry === undefined) throw new Error('nothing gained')
    expect(more).toBeUndefined()
    const account = accountIn(entry.witness.resource)
    expect(account).toMatch(/^\d{12}$/)
    expect(account).not.toBe(HOME)
    expect(contextOf(entry)['aws:ResourceAccount']).toEqual([account])
    expect(entry.isPotential).toBe(true)
  })

  it('is told by the context as well: its region', () => {
    const [entry] = gainsOf(when('sns:Publish', { StringLike: { 'aws:RequestedRegion': 'eu-*' } }))
    if (entry === undefined) throw new Error('nothing gained')
    expect(contextOf(entry)['aws:RequestedRegion']).toEqual([entry.witness.resource.split(':')[3]])
  })
})

describe('what the resource does not tell', () => {
  it('is a real account, whose policy must allow it as well', () => {
    const [entry] = gainsOf(when('s3:PutBucketPolicy', { StringNotEquals: { 'aws:ResourceAccount': HOME } }))
    if (entry === undefined) throw new Error('nothing gained')
    const [account] = contextOf(entry)['aws:ResourceAccount'] ?? []
    expect(account).toMatch(/^\d{12}$/)
    expect(entry).toMatchObject({ isPotential: true, witness: { resourceAccount: account } })
  })

  it('is certain where it is the own account', () => {
    const [entry] = gainsOf(when('s3:PutBucketPolicy', { StringEquals: { 'aws:ResourceAccount': HOME } }))
    expect(entry).toMatchObject({ isPotential: false, witness: { resourceAccount: HOME } })
  })

  test.each([
    ['s3:CreateBucket', { StringNotLike: { 'aws:RequestedRegion': 'us-*' } }, /^[a-z]{2}-\w+-\d$/],
    ['sns:ListTopics', { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }, /^[a-z]{2}-\w+-\d$/],
  ])('is a real region: %s %j', (action, condition, form) => {
    const [entry] = gainsOf(when(action, condition))
    if (entry === undefined) throw new Error('nothing gained')
    expect(contextOf(entry)['aws:RequestedRegion']?.[0]).toMatch(form)
  })

  it('is no region of another partition', () => {
    const region = (name: string) => ({ StringLike: { 'aws:RequestedRegion': name } })
    for (const name of ['us-gov-west-1', 'us-gov-*', 'cn-north-1', 'eusc-*'])
      expect(gainsOf(when('s3:GetObject', region(name), 'arn:*:s3:::data/*'))).toEqual([])
    expect(gainsOf(when('s3:GetObject', region('us-*'), 'arn:*:s3:::data/*'))).toHaveLength(1)
  })

  it('of IAM is the one region that it is in', () => {
    const elsewhere = { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }
    expect(gainsOf(when('iam:CreateUser', elsewhere))).toEqual([])
    expect(
      gainsOf(when('*', elsewhere))
        .flatMap(({ actions }) => actions)
        .filter((each) => each.startsWith('iam:')),
    ).toEqual([])
    expect(
      gainsOf(when('iam:CreateUser', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })),
    ).toHaveLength(1)
  })
})

test.each([
  ['aws:SourceVpc', { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }, /^vpc-/],
  ['aws:SourceVpce', { StringNotLike: { 'aws:SourceVpce': 'vpce-1*' } }, /^vpce-/],
  ['aws:ResourceOrgID', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }, /^o-/],
])('%s has the form that such values have', (key, condition, form) => {
  const [entry] = gainsOf(when('sns:ListTopics', { ...condition, Null: { [key]: 'false' } }))
  if (entry === undefined) throw new Error('nothing gained')
  expect(contextOf(entry)[key]?.[0]).toMatch(form)
})

describe('through an endpoint there is no public address', () => {
  const address = { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }

  test.each(['aws:SourceVpc', 'aws:SourceVpce', 'aws:VpcSourceIp'])(
    'so that nothing is allowed to whoever needs it and %s',
    (key) => {
      const both = { ...address, Null: { [key]: 'false' } }
      expect(gainsOf(when('s3:GetObject', both))).toEqual([])
    },
  )

  it('and either one is enough where either one is asked for', () => {
    const [entry] = gainsOf(
      when('s3:GetObject', { IpAddressIfExists: address.IpAddress, Null: { 'aws:SourceVpce': 'false' } }),
    )
    if (entry === undefined) throw new Error('nothing gained')
    expect(Object.keys(contextOf(entry))).toEqual(['aws:SourceVpce'])
  })
})

// By one statement somebody gains two actions, of which the one that people know best is shown: a deny may speak of that alone.
describe('what every request says is told where it decides', () => {
  const both = ['ec2:StopInstances', 's3:GetObject']
  const gained = (key: string, value: string, Resource = '*') =>
    gainsOf(
      { Effect: 'Allow', Action: both, Resource: '*' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource, Condition: { Bool: { [key]: value } } },
    )

  it.each([
    ['aws:ViaAWSService', 'false', 'true'],
    ['aws:ViaAWSService', 'true', 'false'],
    ['aws:SecureTransport', 'false', 'true'],
  ])('of another action than the one that was found: %s is not %s', (key, denied, value) => {
    const [entry, more] = gained(key, denied)
    if (entry === undefined) throw new Error('nothing gained')
    expect(more).toBeUndefined()
    expect(entry.actions).toEqual(both)
    expect([entry.witness.action, contextOf(entry)]).toEqual(['s3:GetObject', { [key]: [value] }])
  })

  it('not where the deny is about something else', () => {
    const [entry] = gained('aws:ViaAWSService', 'false', 'arn:aws:s3:::other/*')
    if (entry === undefined) throw new Error('nothing gained')
    expect([entry.witness.action, contextOf(entry)]).toEqual(['s3:GetObject', {}])
  })

  it('and what nobody can fill in is shown by the action that was found', () => {
    const [entry] = gainsOf(
      { Effect: 'Allow', Action: both, Resource: '*' },
      {
        Effect: 'Deny',
        Action: 's3:GetObject',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
      },
    )
    if (entry === undefined) throw new Error('nothing gained')
    expect(entry.witness.action).toBe('ec2:StopInstances')
  })
})
