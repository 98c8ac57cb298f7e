// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// What AWS's documentation leaves open is neither granted nor denied by an analysis.
import { describe, expect, it } from 'vitest'
import { createAccessAnalyzer } from '../../src/access/analyzer.ts'
import type { ConditionBlock, PolicyStatement, PrincipalBlock } from '../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  deny,
  document,
  estateWith,
  FACTS,
  grant,
  HOME,
  nodeOf,
  organizationOf,
  resourceOf,
} from '../evaluator/estate-world.ts'
import { analysisForTests } from './diff/estate-diffs.ts'

const analysis = analysisForTests()

const holding = (...statements: readonly PolicyStatement[]) =>
  estateWith([accountOf(HOME, { al: { policy: document(...statements) } })], null, [])

const nobodyMay = (estate: ReturnType<typeof holding>, action: string) =>
  analysis().analyzer.notGranted(estate, { actions: [action], resources: ['*'], context: new Map() }, [HOME])

const NO_KEYS = deny('kms:*', { Principal: '*' })
/** The same where resource control policies bind the account. */
const controlledBy = (estate: ReturnType<typeof holding>, ...rcp: readonly PolicyStatement[]) => ({
  ...estate,
  organization: organizationOf(
    nodeOf('root', 'r-ab12', {
      resourceControlPolicies: [controlPolicy('rcp', ...rcp)],
      children: [nodeOf('account', HOME)],
    }),
  ),
})

const LISTED = { StringEquals: { 'aws:TagKeys': 'team' }, Null: { 'aws:RequestTag/other': 'false' } }

describe('a plain operator on a key of several values', () => {
  it('neither grants nor leaves it at that: rule 25', () => {
    const { holds, unknown } = nobodyMay(
      holding(allow('ec2:CreateTags', { Condition: LISTED })),
      'ec2:CreateTags',
    )
    expect(holds).toBe('unknown')
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '25']])
  })
  it('denies for sure where there is one value, and perhaps where there are several', () => {
    const estate = holding(
      allow('ec2:CreateTags', { Condition: { Null: { 'aws:RequestTag/other': 'false' } } }),
      deny('ec2:CreateTags', { Condition: { StringLike: { 'aws:TagKeys': '*' } } }),
    )
    expect(nobodyMay(estate, 'ec2:CreateTags').holds).toBe('unknown')
  })
  it('says nothing that is open of a key of one value', () => {
    const estate = holding(
      allow('s3:GetObject', { Condition: { StringEquals: { 'aws:RequestedRegion': 'x' } } }),
    )
    expect(nobodyMay(estate, 's3:GetObject').unknown).toEqual([])
  })
  it('is a gain that is not known when it is added, and a loss that is not known when it goes', () => {
    const [without, withIt] = [holding(), holding(allow('ec2:CreateTags', { Condition: LISTED }))]
    const of = (before: typeof without, after: typeof without) =>
      [...analysis().analyzer.diffEstates(before, after, [HOME]).values()].flatMap(({ unknown }) =>
        unknown.map(({ direction, reason, rule }) => [direction, reason, rule]),
      )
    expect(of(without, withIt)).toEqual([['gained', 'assumed', '25']])
    expect(of(withIt, without)).toEqual([['lost', 'assumed', '25']])
  })
})

describe('ForAnyValue with IfExists in a Deny', () => {
  const guarded = (extra: object) =>
    holding(
      allow('s3:PutObject'),
      deny('s3:PutObject', { Condition: { 'ForAnyValue:StringNotEqualsIfExists': { 'aws:TagKeys': 'a' } } }),
      ...(Object.keys(extra).length === 0 ? [] : [deny('s3:PutObject', extra)]),
    )
  it('is open where the key is missing: rule 24', () => {
    const estate = guarded({ Condition: { Null: { 'aws:TagKeys': 'false' } } })
    const { holds, unknown } = nobodyMay(estate, 's3:PutObject')
    expect(holds).toBe('unknown')
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '24']])
  })
  it('takes nothing else down with it', () => {
    const { violations } = nobodyMay(guarded({}), 's3:PutObject')
    expect(violations.map(({ principals }) => principals)).toEqual([[`arn:aws:iam::${HOME}:user/al`]])
  })
})

const LATELY = { DateGreaterThanEquals: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }

/** Statements of which nothing is allowed by the reading that decisions take, and something by the other one. */
const OTHER_READINGS: readonly (readonly [rule: string, about: string, ...statements: PolicyStatement[]])[] =
  [
    ['9', 'an empty list of values', onlyIf({ StringEquals: { 'aws:SourceIp': [] } })],
    ['20', 'a pattern that is no ARN', onlyIf({ ArnLike: { 's3:DataAccessPointArn': '*' } })],
    ['20', 'the same denied', onlyIf({}), unless({ ArnNotLike: { 's3:DataAccessPointArn': '*' } })],
    ['22', 'four digits as a year', onlyIf({ ...LATELY, DateLessThan: { 'aws:CurrentTime': '2999' } })],
    [
      '22',
      'four digits as a year in a Deny',
      onlyIf(LATELY),
      unless({ DateGreaterThan: { 'aws:CurrentTime': '2999' } }),
    ],
    ['26', 'a number that is none', onlyIf({ NumericEquals: { 's3:max-keys': 'many' } })],
    [
      '26',
      'an address that is none',
      onlyIf({}),
      unless({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }),
    ],
    ['26', '`Null` by what is no boolean', onlyIf({ Null: { 'aws:SecureTransport': 'perhaps' } })],
    ['26', 'a boolean that is none', onlyIf({ Bool: { 'aws:SecureTransport': 'yes' } })],
    ['28', 'a variable in Bool', onlyIf({ Bool: { 'aws:SecureTransport': '${aws:ViaAWSService}' } })],
  ]

function onlyIf(condition: ConditionBlock): PolicyStatement {
  return allow('s3:ListBucket', { Condition: condition })
}
function unless(condition: ConditionBlock): PolicyStatement {
  return deny('s3:ListBucket', { Condition: condition })
}

describe('a provider that the policy of a resource names', () => {
  const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/id.example.com`
  const ROLE = `arn:aws:iam::${HOME}:role/app`
  const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
  const withTrust = (principal: PrincipalBlock, ...own: readonly PolicyStatement[]) =>
    estateWith(
      [accountOf(HOME, {}, { app: { trust: document(grant(principal, 'sts:*')) } })],
      null,
      own.length === 0 ? [] : [resourceOf(QUEUE, HOME, document(...own))],
    )
  const byProvider = grant({ Federated: PROVIDER }, 'sqs:SendMessage')
  const ofRole = (estate: ReturnType<typeof withTrust>) => {
    const { violations, unknown } = nobodyMay(estate, 'sqs:SendMessage')
    return [
      ...violations.flatMap(({ principals }) => principals).filter((each) => each === ROLE),
      ...unknown.flatMap(({ principals, reason, rule }) => principals.map((each) => [each, reason, rule])),
    ]
  }

  it('may name sessions of a role that are issued through it: rule 11', () => {
    expect(ofRole(withTrust({ Federated: PROVIDER }, byProvider))).toEqual([[ROLE, 'assumed', '11']])
  })
  it('names no role that another provider vouches for, nor one that only principals assume', () => {
    for (const trusted of [{ Federated: `${PROVIDER}/other` }, { AWS: HOME }])
      expect(ofRole(withTrust(trusted, byProvider))).toEqual([])
  })
  it('is a gain that is not known when it is named, and a loss that is not known when it goes', () => {
    const [without, withIt] = [
      withTrust({ Federated: PROVIDER }),
      withTrust({ Federated: PROVIDER }, byProvider),
    ]
    const of = (before: typeof without, after: typeof without) =>
      [...analysis().analyzer.diffEstates(before, after, [HOME]).values()].flatMap(({ unknown }) =>
        unknown.flatMap(({ direction, principals, rule }) =>
          principals.includes(ROLE) ? [[direction, rule]] : [],
        ),
      )
    expect(of(without, withIt)).toEqual([['gained', '11']])
    expect(of(withIt, without)).toEqual([['lost', '11']])
  })
  it('takes nothing from a role that is assumed otherwise as well, where a Deny names it', () => {
    const denied = { ...byProvider, Effect: 'Deny' as const }
    const everybody = grant({ AWS: ROLE }, 'sqs:SendMessage')
    expect(ofRole(withTrust({ Federated: PROVIDER, AWS: HOME }, everybody, denied))).toEqual([ROLE])
  })
  it('is told of beside resource control policies that say nothing of it', () => {
    const estate = withTrust({ Federated: PROVIDER }, byProvider)
    expect(ofRole(controlledBy(estate, NO_KEYS))).toEqual([[ROLE, 'assumed', '11']])
  })
  it('is told of where the tags of sessions are open too', () => {
    const byTag = {
      ...byProvider,
      Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
    }
    expect(ofRole(withTrust({ Federated: PROVIDER, AWS: HOME }, byTag))).toContainEqual([
      ROLE,
      'assumed',
      '11',
    ])
  })
})

describe('somebody whom a Deny names alone with NotPrincipal', () => {
  const AL = `arn:aws:iam::${HOME}:user/al`
  const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
  const sparing = (): PolicyStatement => {
    const { Principal: _, ...denied } = grant('*', 'sqs:*', { Effect: 'Deny' })
    return { ...denied, NotPrincipal: { AWS: AL } }
  }
  const estate = estateWith([accountOf(HOME, { al: { policy: document(allow('sqs:*')) } })], null, [
    resourceOf(QUEUE, HOME, document(sparing())),
  ])
  const rulesOf = (of: typeof estate) => {
    const probe = { actions: ['sqs:SendMessage'], resources: [QUEUE], context: new Map() }
    return analysis()
      .analyzer.notGranted(of, probe, [HOME])
      .unknown.map(({ reason, rule }) => [reason, rule])
  }

  it('is perhaps spared: rule 13', () => {
    expect(rulesOf(estate)).toEqual([['assumed', '13']])
  })
  it('is perhaps spared beside resource control policies that say nothing of it', () => {
    expect(rulesOf(controlledBy(estate, NO_KEYS))).toEqual([['assumed', '13']])
  })
})

describe('a key that is there and empty', () => {
  const empty = { StringEquals: { 's3:prefix': '' } }
  const ofListing = (...statements: readonly PolicyStatement[]) =>
    nobodyMay(holding(...statements), 's3:ListBucket')

  it('is one of a request, as of who lists a whole bucket', () => {
    const { holds, violations } = ofListing(onlyIf(empty))
    expect(holds).toBe(false)
    expect(violations.map(({ witness }) => [...witness.context])).toEqual([[['s3:prefix', ['']]]])
    const denied = deny('s3:ListBucket', { Condition: { StringNotEquals: { 's3:prefix': 'home/' } } })
    expect(ofListing(onlyIf(empty), denied).holds).toBe(true)
  })
  it.each([
    ['there', [onlyIf({ ...empty, Null: { 's3:prefix': 'false' } })]],
    ['not denied as missing', [onlyIf(empty), unless({ Null: { 's3:prefix': 'true' } })]],
  ])('is perhaps %s: rule 18', (_, statements) => {
    const { violations, unknown } = ofListing(...statements)
    expect(violations).toEqual([])
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '18']])
  })
  it.each([
    ['aws:RequestTag/team', 'iam:CreateUser'],
    ['aws:ResourceTag/team', 'ec2:StartInstances'],
    ['ec2:ResourceTag/team', 'ec2:StartInstances'],
    ['rds:db-tag/team', 'rds:StartDBInstance'],
    ['s3:RequestObjectTag/team', 's3:PutObject'],
  ])('is one of tags, as %s', (key, action) => {
    const { holds, violations } = nobodyMay(
      holding(allow(action, { Condition: { StringEquals: { [key]: '' } } })),
      action,
    )
    expect(holds).toBe(false)
    expect(violations.flatMap(({ witness }) => [...witness.context])).toContainEqual([key, ['']])
  })
  it('names its tag all the same', () => {
    const named = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } }
    const others = { 'ForAllValues:StringNotEqualsIgnoreCase': { 'aws:TagKeys': 'team' } }
    const isEmpty = { StringEquals: { 'aws:RequestTag/team': '' } }
    const may = (Condition: ConditionBlock) =>
      nobodyMay(holding(allow('iam:CreateUser', { Condition })), 'iam:CreateUser')
    expect(may({ ...isEmpty, ...named }).violations.map(({ witness }) => [...witness.context])).toEqual([
      [
        ['aws:RequestTag/team', ['']],
        ['aws:TagKeys', ['team']],
      ],
    ])
    expect(may({ ...isEmpty, ...others })).toMatchObject({ holds: true, unknown: [] })
  })
  it.each(['', '*'])(
    'is what a variable of a tag stands for: what equals `%s` and a tag of the request',
    (value) => {
      const Condition = {
        StringLike: { 'aws:ResourceTag/team': value, 'aws:RequestTag/team': '' },
        StringEquals: { 'aws:ResourceTag/team': '${aws:RequestTag/team}' },
      }
      const { holds, violations } = nobodyMay(
        holding(allow('ec2:CreateTags', { Condition })),
        'ec2:CreateTags',
      )
      expect(holds).toBe(false)
      expect(violations.flatMap(({ witness }) => [...witness.context])).toContainEqual([
        'aws:ResourceTag/team',
        [''],
      ])
    },
  )
  it('stands at the end of a name', () => {
    const to = {
      ...allow('s3:GetObject', { Condition: { StringEquals: { 's3:ExistingObjectTag/team': '' } } }),
    }
    const statement = { ...to, Resource: 'arn:aws:s3:::data/${s3:ExistingObjectTag/team}x' }
    const probe = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/x'], context: new Map() }
    expect(analysis().analyzer.notGranted(holding(statement), probe, [HOME]).holds).toBe(false)
  })
  it('is the same on both sides of what equals a variable', () => {
    const equal = { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' }
    const ofOperator = (operator: string) => ({
      json: document(allow('sagemaker:ListTags', { Condition: { [operator]: equal } })),
      located: null,
    })
    const [before, after] = [ofOperator('StringEqualsIfExists'), ofOperator('StringEquals')]
    const { gained, unknown } = analysis().analyzer.diffPolicies(before, after)
    expect([gained, unknown]).toEqual([[], []])
  })
  it('leaves no tag open that is only asked to be there, or for other values', () => {
    const Condition = { Null: { 'aws:RequestTag/team': 'false' } }
    const asked = { ...Condition, StringLike: { 'aws:RequestTag/team': '*' } }
    for (const condition of [Condition, asked]) {
      const { holds, unknown } = nobodyMay(
        holding(allow('iam:CreateUser', { Condition: condition })),
        'iam:CreateUser',
      )
      expect([holds, unknown]).toEqual([false, []])
    }
    const denied = deny('iam:CreateUser', { Condition: { StringLike: { 'aws:RequestTag/team': '?*' } } })
    const { unknown } = nobodyMay(holding(allow('iam:CreateUser', { Condition }), denied), 'iam:CreateUser')
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '18']])
  })
  it('decides nothing where no text is compared with', () => {
    expect(ofListing(onlyIf({ Null: { 's3:prefix': 'false' } })).unknown).toEqual([])
    expect(ofListing(onlyIf({ StringEquals: { 'aws:SourceVpc': '' } })).holds).toBe(true)
  })
})

describe('a star inside of a segment', () => {
  const IN_WEST = `arn:aws:lambda:us-west-2:${HOME}:function:*`
  const may = (...statements: readonly PolicyStatement[]) =>
    analysis().analyzer.notGranted(
      holding(...statements),
      { actions: ['lambda:GetFunction'], resources: [IN_WEST], context: new Map() },
      [HOME],
    )
  const of = (effect: typeof allow, about: Partial<PolicyStatement>) => {
    const { Resource: _, ...statement } = effect('lambda:GetFunction')
    return { ...statement, ...about }
  }

  it('may reach past the colon, into a version that is called like the rest of the pattern: rule 4', () => {
    const { holds, unknown } = may(of(allow, { Resource: `arn:aws:lambda:us-*-1:${HOME}*` }))
    expect(holds).toBe('unknown')
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '4']])
    expect(unknown[0]?.witness?.resource).toMatch(new RegExp(`:us-west-2:${HOME}:function:.*-1:${HOME}`))
  })
  it('of a Deny counts where it leaves something alone', () => {
    const all = of(allow, { Resource: '*' })
    const besides = `arn:aws:lambda:us-*-1:${HOME}*`
    expect(may(all, of(deny, { NotResource: besides })).holds).toBe('unknown')
    expect(may(all, of(deny, { Resource: besides })).holds).toBe(false)
  })
  it.each([
    `arn:aws:lambda:us-*-1:${HOME}:function:*`,
    `arn:aws:lambda:us-east-*:${HOME}*`,
    `arn:*:lambda:us-east-1:*:function:*-1`,
  ])('reaches no name of a function by %s', (resource) => {
    expect(may(of(allow, { Resource: resource })).unknown).toEqual([])
  })
})

describe('what only another reading of an open rule allows is not known', () => {
  for (const [rule, about, ...statements] of OTHER_READINGS)
    it(`rule ${rule}: ${about}`, () => {
      const asked = nobodyMay(holding(...statements), 's3:ListBucket')
      expect(asked.violations).toEqual([])
      expect(asked.unknown.map((each) => [each.reason, each.rule])).toEqual([['assumed', rule]])
    })
  it('and read strictly it is not allowed', async () => {
    const strict = await createAccessAnalyzer({ ...FACTS, assume: 'strict' })
    const probe = { actions: ['s3:ListBucket'], resources: ['*'], context: new Map() }
    for (const [, , ...statements] of OTHER_READINGS)
      expect(strict.notGranted(holding(...statements), probe, [HOME]).holds).toBe(true)
  })
  it('rule 13: whom a Deny with NotPrincipal names without an account', () => {
    const al = `arn:aws:iam::${HOME}:user/al`
    const bucket = 'arn:aws:s3:::data'
    const denying = (...names: readonly string[]) =>
      estateWith([accountOf(HOME, { al: { policy: document(allow('s3:ListBucket')) } })], null, [
        resourceOf(
          bucket,
          HOME,
          document({ Effect: 'Deny', NotPrincipal: { AWS: names }, Action: 's3:*', Resource: bucket }),
        ),
      ])
    const probe = { actions: ['s3:ListBucket'], resources: [bucket], context: new Map() }
    const askedOf = (...names: readonly string[]) =>
      analysis().analyzer.notGranted(denying(...names), probe, [HOME])
    expect(askedOf(al).unknown.map((each) => each.rule)).toEqual(['13'])
    expect(askedOf(al, HOME).violations).toHaveLength(1)
    expect(askedOf(HOME)).toMatchObject({ holds: true, unknown: [] })
  })
  it('rule 24: of those whose requests never have the key', () => {
    const queue = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
    const Condition = {
      'ForAnyValue:StringNotLikeIfExists': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' },
    }
    const policy = document(
      allow('sqs:SendMessage', { Principal: '*' }),
      deny('sqs:*', { Principal: '*', Condition }),
    )
    const estate = estateWith([accountOf(HOME, {})], null, [resourceOf(queue, HOME, policy)])
    const probe = { actions: ['sqs:SendMessage'], resources: [queue], context: new Map() }
    const { unknown } = analysis().analyzer.whoMay(estate, probe)
    const assumed = unknown.filter(({ rule }) => rule === '24').flatMap(({ principals }) => principals)
    expect(assumed).toEqual(expect.arrayContaining(['anonymous', 'service:*']))
  })
})
