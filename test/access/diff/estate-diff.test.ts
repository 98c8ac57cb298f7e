import { describe, expect, it } from 'vitest'
import type { AccountState, PolicyDocument, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  grant,
  HOME,
  OTHER,
  OUTSIDE,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import {
  analysisForTests,
  inline,
  linesOf,
  one,
  roleArn,
  userArn,
  withRole,
  withUser,
} from './estate-diffs.ts'

const analysis = analysisForTests()
const BUCKET = 'arn:aws:s3:::data'

const home = (policy: PolicyDocument = document(allow('ec2:DescribeInstances'))): AccountState =>
  accountOf(
    HOME,
    { al: { policy }, bo: { policy: document(allow('ec2:DescribeInstances')) } },
    { deploy: { trust: document(grant({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole')) } },
  )

const onObjects = (principal: unknown, action: string, more: object = {}): PolicyStatement => ({
  ...grant(principal, action, more),
  Resource: `${BUCKET}/*`,
})

const withBucket = (state: AccountState, policy: PolicyDocument | null, owner = HOME) =>
  estateWith([state], null, [resourceOf(BUCKET, owner, policy)])

describe("a declared resource's own policy", () => {
  const named = (principal: unknown) => document(onObjects(principal, 's3:GetObject'))

  it('lets in whom it names, without their own policies', () => {
    const diff = analysis().diff(withBucket(home(), null), withBucket(home(), named({ AWS: userArn('al') })))
    expect(linesOf(diff)).toEqual([`+ user/al s3:GetObject on ${BUCKET}/*`])
    expect(diff.gained[0]).toMatchObject({ policy: BUCKET, isPotential: false })
  })

  it('that names the account leaves it to the policies of its principals', () => {
    const diff = analysis().diff(withBucket(home(), null), withBucket(home(), named({ AWS: HOME })))
    expect(diff.verdict).toBe('none')
  })

  it('that denies takes away what policies allow', () => {
    const state = home(document(allow('s3:*')))
    const denying = document({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteObject',
      Resource: `${BUCKET}/*`,
    })
    const { verdict, lost } = analysis().diff(withBucket(state, null), withBucket(state, denying))
    expect(verdict).toBe('lost')
    expect(linesOf({ gained: [], lost })).toEqual(['- user/al s3:DeleteObject on *'])
    expect(lost[0]?.because).toMatchObject({ cause: 'deny', change: 'added', policy: BUCKET })
  })

  it.each<[string, object]>([
    ['one name', { StringLike: { 'aws:PrincipalServiceName': '*.s3.amazonaws.com' } }],
    ['all names', { 'ForAllValues:StringLike': { 'aws:PrincipalServiceNamesList': '*.s3.amazonaws.com' } }],
    ['two dots', { StringLike: { 'aws:PrincipalServiceName': '*.*.amazonaws.com' } }],
  ])('that denies services by a pattern (%s) is lost by a service that there can be', (_, Condition) => {
    const open = named('*')
    const byPattern = document(onObjects('*', 's3:GetObject'), {
      ...onObjects('*', 's3:GetObject', { Condition }),
      Effect: 'Deny',
    })
    const diff = analysis().diff(withBucket(home(), open), withBucket(home(), byPattern))
    expect(diff.unknown).toEqual([])
    expect(diff.lost.flatMap(({ principals }) => principals)).toContain('service:*')
  })

  it('opened to everybody is a public escalation', () => {
    const diff = analysis().diff(withBucket(home(), null), withBucket(home(), named('*')))
    const principals = diff.gained.flatMap((entry) => entry.principals)
    expect(principals).toEqual(
      expect.arrayContaining(['anonymous', 'account:*', userArn('al'), roleArn('deploy')]),
    )
    expect(diff.escalations.map(({ rule }) => rule)).toContain('public')
  })

  it('opened to a service and another account names them', () => {
    const after = document(
      onObjects({ Service: 'logs.amazonaws.com' }, 's3:PutObject'),
      onObjects({ AWS: OUTSIDE }, 's3:GetObject'),
    )
    const diff = analysis().diff(withBucket(home(), null), withBucket(home(), after))
    expect(linesOf(diff)).toEqual([
      `+ account:${OUTSIDE} s3:GetObject on ${BUCKET}/*`,
      `+ service:logs.amazonaws.com s3:PutObject on ${BUCKET}/*`,
    ])
  })

  it('of another account must allow as well', () => {
    const state = home(document(allow('s3:GetObject')))
    const before = withBucket(home(), null, OTHER)
    // The identity side alone: what is declared doesn't let anybody in; what isn't may.
    expect(analysis().diff(before, withBucket(state, null, OTHER)).gained[0]?.witness.resource).not.toContain(
      BUCKET,
    )
    const both = withBucket(state, named({ AWS: HOME }), OTHER)
    expect(linesOf(analysis().diff(withBucket(state, null, OTHER), both))).toEqual([
      `+ user/al s3:GetObject on ${BUCKET}/*`,
    ])
  })
})

describe('roles that can be assumed', () => {
  const trusting = (...principals: readonly string[]) => ({
    trustPolicy: { json: document(grant({ AWS: principals }, 'sts:AssumeRole')), located: null },
  })

  it('a user named in a trust policy may assume the role', () => {
    const diff = analysis().diff(one(home()), one(withRole(home(), 'deploy', trusting(userArn('al')))))
    // The service may no more.
    expect(linesOf(diff)).toEqual([
      `+ user/al sts:AssumeRole on ${roleArn('deploy')}`,
      `- service:lambda.amazonaws.com sts:AssumeRole on ${roleArn('deploy')}`,
    ])
    expect(diff.gained[0]).toMatchObject({ kind: 'assume' })
    // The role may do nothing.
    expect(diff.escalations).toEqual([])
  })

  it('a trust in the account needs the identity side too', () => {
    const trusted = withRole(home(), 'deploy', trusting(HOME))
    expect(
      analysis().diff(one(trusted), one(withUser(trusted, 'al', inline(document(allow('sts:AssumeRole'))))))
        .gained,
    ).toMatchObject(
      [
        { kind: 'assume', principals: [userArn('al')] },
        // Of roles elsewhere nothing is known.
        expect.objectContaining({ kind: 'action', isPotential: true }),
      ].reverse(),
    )
  })

  it('through a role whose policy has no clear meaning, before or after, perhaps', () => {
    const unclear = { ...allow('s3:GetObject'), Resource: undefined } as unknown as PolicyStatement
    const state = (first: PolicyDocument, second: object) =>
      accountOf(
        HOME,
        { al: { policy: document(allow('s3:GetObject')) } },
        {
          first: { trust: document(grant({ AWS: userArn('al') }, 'sts:AssumeRole')), policy: first },
          ...second,
        },
      )
    const clear = document(allow('s3:GetObject'))
    const second = { second: { trust: document(grant({ AWS: roleArn('first') }, 'sts:AssumeRole')) } }
    for (const [before, after] of [
      [document(unclear), clear],
      [clear, document(unclear)],
    ] as const) {
      const { unknown } = analysis().diff(one(state(before, {})), one(state(after, second)))
      expect(unknown).toContainEqual(
        expect.objectContaining({
          direction: 'gained',
          reason: 'document',
          principals: [roleArn('first'), userArn('al')],
        }),
      )
    }
  })

  it('through a chain of roles', () => {
    const policy = document(allow('s3:GetObject'))
    const state = accountOf(
      HOME,
      { al: { policy } },
      {
        first: { trust: document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole')) },
        second: { trust: document(grant({ AWS: roleArn('first') }, 'sts:AssumeRole')) },
        third: { trust: document(grant({ AWS: roleArn('second') }, 'sts:AssumeRole')) },
      },
    )
    const opened = withRole(state, 'first', trusting(userArn('al')))
    const { gained } = analysis().diff(one(state), one(opened))
    expect(linesOf({ gained, lost: [] })).toEqual([
      `+ user/al sts:AssumeRole on ${roleArn('first')}`,
      `+ user/al sts:AssumeRole on ${roleArn('second')} via role/first`,
      `+ user/al sts:AssumeRole on ${roleArn('third')} via role/first role/second`,
    ])
    // What was reachable before by another way is no news.
    const already = withRole(state, 'second', {
      trustPolicy: {
        json: document(grant({ AWS: [roleArn('first'), userArn('al')] }, 'sts:AssumeRole')),
        located: null,
      },
    })
    const again = analysis().diff(one(already), one(withRole(already, 'first', trusting(userArn('al')))))
    expect(linesOf({ gained: again.gained, lost: [] })).toEqual([
      `+ user/al sts:AssumeRole on ${roleArn('first')}`,
    ])
  })

  it('through a chain that comes by no role twice', () => {
    const policy = document(allow('sts:AssumeRole'))
    const closed = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
    const state = accountOf(
      HOME,
      { al: { policy } },
      { first: { trust: closed, policy }, second: { trust: closed } },
    )
    const opened = withRole(
      withRole(state, 'first', {
        trustPolicy: {
          json: document(grant({ AWS: [userArn('al'), roleArn('first')] }, 'sts:AssumeRole')),
          located: null,
        },
      }),
      'second',
      trusting(roleArn('first')),
    )
    const { gained } = analysis().diff(one(state), one(opened))
    expect(gained.flatMap(({ via, principals }) => (via.length > 0 ? [[principals, via]] : []))).toEqual([
      [[userArn('al')], [roleArn('first')]],
    ])
  })

  it('what the end of a chain hangs on is unknown of whoever stands at its beginning', () => {
    const handing = { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } }
    const trust = document(
      grant({ AWS: HOME }, 'sts:AssumeRole', { Condition: handing }),
      grant({ AWS: HOME }, 'sts:TagSession', { Condition: handing }),
    )
    const end = document(
      grant({ AWS: roleArn('first') }, 'sts:AssumeRole', {
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'payments' } },
      }),
    )
    const { gained, unknown } = analysis().diff(
      one(accountOf(HOME, {})),
      one(
        accountOf(
          HOME,
          { al: { policy: document(allow('sts:AssumeRole'), allow('sts:TagSession')) } },
          { first: { trust }, second: { trust: end } },
        ),
      ),
    )
    const told = [...gained.filter(({ resources }) => resources.includes(roleArn('second'))), ...unknown]
    for (const who of [roleArn('first'), userArn('al')])
      expect(told.flatMap(({ principals }) => principals)).toContain(who)
  })

  it('an account outside has ARNs of its own only', () => {
    const only = (arn: string) =>
      withRole(home(), 'deploy', {
        trustPolicy: {
          json: document(
            grant({ AWS: OUTSIDE }, 'sts:AssumeRole', {
              Condition: { ArnLike: { 'aws:PrincipalArn': arn } },
            }),
          ),
          located: null,
        },
      })
    const gained = (arn: string) =>
      linesOf({ gained: analysis().diff(one(home()), one(only(arn))).gained, lost: [] })
    expect(gained(`arn:aws:iam::${OUTSIDE}:role/vault/*`)).toEqual([
      `+ account:${OUTSIDE} sts:AssumeRole on ${roleArn('deploy')}`,
    ])
    expect(gained('arn:aws:iam::777788889999:role/vault/*')).toEqual([])
  })

  it('a role that is deleted can be assumed no more', () => {
    const trusted = withRole(home(), 'deploy', trusting(userArn('al')))
    const without = { ...trusted, entities: { ...trusted.entities, role: new Map() } }
    const { verdict, lost } = analysis().diff(one(trusted), one(without))
    expect(verdict).toBe('lost')
    expect(lost).toMatchObject([{ kind: 'assume', principals: [userArn('al')] }])
  })
})

describe('what holds for all requests', () => {
  const probe = (action: string, resource = '*') => ({
    actions: [action],
    resources: [resource],
    context: new Map(),
  })

  it('not granted: nobody may, or one who may as proof', () => {
    const state = home(document(allow('iam:Pass*', { Resource: `arn:aws:iam::${HOME}:role/x-*` })))
    const { analyzer } = analysis()
    expect(analyzer.notGranted(one(state), probe('s3:DeleteBucket'), [HOME])).toMatchObject({ holds: true })
    expect(
      analyzer.notGranted(one(state), probe('iam:PassRole', `arn:aws:iam::${HOME}:role/prod-*`), [HOME])
        .holds,
    ).toBe(true)
    const broken = analyzer.notGranted(one(state), probe('iam:PassRole', 'arn:aws:iam::*:role/*-prod'), [
      HOME,
    ])
    expect(broken.holds).toBe(false)
    expect(broken.violations.map(({ principals }) => principals)).toEqual([[userArn('al')]])
    expect(broken.violations[0]?.witness.resource).toMatch(/role\/x-.*prod$/)
  })

  it('not granted: a boundary or a deny may be what keeps everybody from it', () => {
    const state = home(document(allow('s3:*'), deny('s3:DeleteBucket')))
    expect(
      analysis().analyzer.notGranted(one(state), probe('s3:Delete*'), [HOME]).violations[0]?.actions,
    ).not.toContain('s3:DeleteBucket')
    expect(analysis().analyzer.notGranted(one(state), probe('s3:DeleteBucket'), [HOME]).holds).toBe(true)
  })

  it('no public access: what is trusted by its key is not public', () => {
    const bucket = (more: object) => withBucket(home(), document(onObjects('*', 's3:GetObject', more)))
    const holds = (more: object) => analysis().analyzer.noPublicAccess(bucket(more), [HOME]).holds
    expect(holds({})).toBe(false)
    expect(holds({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } })).toBe(true)
    expect(holds({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })).toBe(true)
    expect(holds({ Condition: { StringEquals: { 'aws:UserAgent': 'x' } } })).toBe(false)
    const named = withBucket(home(), document(onObjects({ AWS: OUTSIDE }, 's3:GetObject')))
    expect(analysis().analyzer.noPublicAccess(named, [HOME]).holds).toBe(true)
  })
})
