import { describe, expect, test } from 'vitest'
import type { AccessDiff } from '../../../src/access/access-diff.ts'
import type { Estate, OrganizationPolicy, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  document,
  estateWith,
  grant,
  HOME,
  MANAGEMENT,
  nodeOf,
  OTHER,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const BUCKET = 'arn:aws:s3:::data'
const ANN = userArn('ann')

/** Everybody is denied something on what an account of the organization owns. */
const no = (action: string, more: object = {}): OrganizationPolicy =>
  controlPolicy('fence', {
    Sid: 'No',
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: '*',
    ...more,
  })

const organization = (
  home: readonly OrganizationPolicy[],
  other: readonly OrganizationPolicy[] = [],
  managementAccount = MANAGEMENT,
) => ({
  ...organizationOf(
    nodeOf('root', null, {
      children: [
        nodeOf('account', MANAGEMENT),
        nodeOf('account', HOME, { resourceControlPolicies: home }),
        nodeOf('account', OTHER, { resourceControlPolicies: other }),
      ],
    }),
  ),
  managementAccount,
})

const accountsOf = (action: string) => [
  accountOf(HOME, { ann: { policy: document(allow(action)) } }),
  accountOf(OTHER, {}),
]

/** ann may do something everywhere; the bucket of her account lets others in. */
const estate = (
  action: string,
  statements: readonly PolicyStatement[] = [],
  accounts = accountsOf(action),
): Estate => estateWith(accounts, organization([]), [resourceOf(BUCKET, HOME, document(...statements))])

const told = (diff: AccessDiff, direction: 'gained' | 'lost') =>
  diff[direction].flatMap(({ principals, actions, tier }) =>
    tier === 'typed' ? principals.map((principal) => `${principal} ${actions.join(' ')}`) : [],
  )

/** What a resource control policy takes away from everybody, when it comes; and that it comes back when it goes. */
function taken(before: Estate, ...parts: Parameters<typeof organization>): readonly string[] {
  const after = { ...before, organization: organization(...parts) }
  const lost = analysis().diff(before, after)
  const gained = analysis().diff(after, before)
  expect([told(lost, 'gained'), told(gained, 'lost'), lost.unknown, gained.unknown]).toEqual([[], [], [], []])
  expect(told(gained, 'gained')).toEqual(told(lost, 'lost'))
  return [...new Set(told(lost, 'lost'))]
}

describe('a resource control policy', () => {
  test('takes from everybody what is of its account: own principals, accounts outside, services, anonymous callers', () => {
    const read = (principal: unknown) => grant(principal, 's3:GetObject', { Resource: `${BUCKET}/*` })
    const before = estate('s3:GetObject', [read({ AWS: OUTSIDE }), read({ Service: 'lambda.amazonaws.com' })])
    expect(taken(before, [no('s3:*')])).toEqual([
      `account:${OUTSIDE} s3:GetObject`,
      'service:lambda.amazonaws.com s3:GetObject',
      `${ANN} s3:GetObject`,
    ])
    expect(taken(estate('s3:GetObject', [read('*')]), [no('s3:*')])).toContain('anonymous s3:GetObject')
  })

  test.each([
    ['that do not support them', 'ec2:TerminateInstances', '*'],
    ['but for retiring a grant of a key', 'kms:RetireGrant', '*'],
  ])('leaves actions %s', (_, action, denied) => {
    expect(taken(estate(action), [no(denied)])).toEqual([])
  })

  test('says what it leaves with NotAction, for services under it alone', () => {
    const accounts = [
      accountOf(HOME, {
        ann: { policy: document(allow('s3:GetObject'), allow('s3:PutObject'), allow('ec2:RunInstances')) },
      }),
      accountOf(OTHER, {}),
    ]
    const policy = controlPolicy('fence', {
      Sid: 'No',
      Effect: 'Deny',
      Principal: '*',
      NotAction: 's3:GetObject',
      Resource: '*',
    })
    expect(taken(estate('', [], accounts), [policy])).toEqual([`${ANN} s3:PutObject`])
  })

  test('of another account binds what its ARNs say is its own', () => {
    const diff = analysis().diff(estate('sqs:SendMessage'), {
      ...estate('sqs:SendMessage'),
      organization: organization([], [no('sqs:*')]),
    })
    expect(told(diff, 'lost')).toEqual([`${ANN} sqs:SendMessage`])
    expect(diff.lost.map(({ witness }) => witness.resource.split(':')[4])).toEqual([OTHER])
    expect(diff.lost.every(({ isPotential }) => isPotential)).toBe(true)
  })

  test('binds no resource of the management account', () => {
    expect(
      taken({ ...estate('s3:GetObject'), organization: organization([], [], HOME) }, [no('s3:*')], [], HOME),
    ).toEqual([])
  })

  test('spares service-linked roles', () => {
    const path = '/aws-service-role/support.amazonaws.com/'
    const linked = accountOf(
      HOME,
      {},
      {
        AWSServiceRoleForSupport: {
          path,
          policy: document(allow('s3:GetObject')),
          trust: document(grant({ Service: 'support.amazonaws.com' }, 'sts:AssumeRole')),
        },
      },
    )
    expect(taken(estate('', [], [linked, accountOf(OTHER, {})]), [no('s3:*')])).toEqual([])
  })

  test('keeps who is trusted from a role', () => {
    const trusting = accountOf(
      HOME,
      {},
      { deploy: { trust: document(grant({ AWS: OUTSIDE }, 'sts:AssumeRole')) } },
    )
    const before = estate('', [], [trusting, accountOf(OTHER, {})])
    expect(taken(before, [no('sts:AssumeRole')])).toEqual([`account:${OUTSIDE} sts:AssumeRole`])
  })

  test('is asked by its conditions, which speak of who calls and of whose the resource is', () => {
    const outsiders = no('s3:*', {
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalAccount': HOME } },
    })
    const before = estate('s3:GetObject', [
      grant({ AWS: OUTSIDE }, 's3:GetObject', { Resource: `${BUCKET}/*` }),
    ])
    expect(taken(before, [outsiders])).toEqual([`account:${OUTSIDE} s3:GetObject`])
  })

  test('makes a gate hold that did not', () => {
    const before = estate('s3:GetObject', [
      grant({ AWS: OUTSIDE }, 's3:GetObject', { Resource: `${BUCKET}/*` }),
    ])
    const probe = { actions: ['s3:GetObject'], resources: [`${BUCKET}/*`], context: new Map() }
    const holds = (asked: Estate) => analysis().analyzer.notGranted(asked, probe, [HOME, OTHER]).holds
    expect(holds(before)).toBe(false)
    expect(holds({ ...before, organization: organization([no('s3:GetObject')]) })).toBe(true)
    expect(holds({ ...before, organization: organization([], [no('s3:GetObject')]) })).toBe(false)
  })
})
