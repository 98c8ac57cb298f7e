// Federated users of the project have what the user passes on who asked for their credentials: told where policies tell the
// two apart, wherever those stand.
import { describe, expect, it, test } from 'vitest'
import type { PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  deny,
  document,
  estateWith,
  FULL_ACCESS,
  grant,
  HOME,
  nodeOf,
  organizationOf,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
const ANY = `arn:aws:sts::${HOME}:federated-user/*`
const FRED = `arn:aws:sts::${HOME}:federated-user/fred`

interface World {
  readonly own?: readonly PolicyStatement[]
  readonly queue?: readonly PolicyStatement[]
  readonly control?: readonly PolicyStatement[]
}

/** al may ask for credentials, and may send messages. */
const world = ({
  own = [allow('sqs:SendMessage'), allow('sts:GetFederationToken')],
  queue = [],
  control = [],
}: World) =>
  estateWith(
    [accountOf(HOME, { al: { policy: document(...own) } })],
    organizationOf(
      nodeOf('root', 'r-ab12', {
        children: [
          nodeOf('account', HOME, {
            serviceControlPolicies: [
              FULL_ACCESS,
              ...(control.length > 0 ? [controlPolicy('more', ...control)] : []),
            ],
          }),
        ],
      }),
    ),
    [resourceOf(QUEUE, HOME, queue.length > 0 ? document(...queue) : null)],
  )

const sending = (estate: ReturnType<typeof world>) =>
  analysis()
    .analyzer.notGranted(estate, { actions: ['sqs:SendMessage'], resources: [QUEUE], context: new Map() }, [
      HOME,
    ])
    .violations.flatMap(({ principals }) => principals)
    .filter((each, index, all) => all.indexOf(each) === index)

const denying = (condition: object): PolicyStatement =>
  deny('sqs:SendMessage', { Principal: '*', Condition: condition })
const users = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } }

describe('whom a user asks credentials for may do what the user may not', () => {
  test.each<[string, World, string]>([
    ['by the policy of a resource that denies users', { queue: [denying(users)] }, ANY],
    [
      'by the policy of a resource that denies whoever is no federated user',
      { queue: [denying({ StringNotEquals: { 'aws:PrincipalType': 'FederatedUser' } })] },
      ANY,
    ],
    [
      'by a control policy, on a resource that is declared',
      { control: [deny('sqs:SendMessage', { Condition: { StringLike: { 'aws:userid': 'AIDA*' } } })] },
      ANY,
    ],
    [
      'by the policy of a resource that spares one by name',
      { queue: [denying({ ArnNotEquals: { 'aws:PrincipalArn': FRED } })] },
      FRED,
    ],
    [
      "by the user's own policy that spares one by name",
      {
        own: [
          allow('sqs:SendMessage'),
          allow('sts:GetFederationToken'),
          deny('sqs:SendMessage', { Condition: { StringNotLike: { 'aws:userid': `${HOME}:fre?` } } }),
        ],
      },
      ANY,
    ],
  ])('%s', (_, given, who) => {
    expect(sending(world(given))).toEqual([who])
  })

  it('and nobody, where the user may not ask for them', () => {
    expect(sending(world({ own: [allow('sqs:SendMessage')], queue: [denying(users)] }))).toEqual([])
  })
  it('is not told besides what the user may do', () => {
    const named = grant({ AWS: userArn('al') }, 'sqs:SendMessage', {
      Condition: { Null: { 'aws:userid': 'false' } },
    })
    expect(sending(world({ queue: [{ ...named, Resource: '*' }] }))).toEqual([userArn('al')])
  })
})

describe('what they gain and lose by the policy of a resource is told', () => {
  const everybody = deny('sqs:SendMessage', { Principal: '*' })
  it('where the user has it in neither state', () => {
    const [old, now] = [world({ queue: [everybody] }), world({ queue: [denying(users)] })]
    const { gained, lost } = analysis().diff(old, now)
    expect([gained, lost].map((all) => all.map(({ principals }) => principals))).toEqual([[[ANY]], []])
    const back = analysis().diff(now, old)
    expect([back.gained, back.lost].map((all) => all.map(({ principals }) => principals))).toEqual([
      [],
      [[ANY]],
    ])
  })
  it('and no news where the user has it too', () => {
    const { gained } = analysis().diff(world({ queue: [everybody, denying(users)] }), world({ queue: [] }))
    expect(gained.map(({ principals }) => principals)).toEqual([[userArn('al')]])
  })
})

describe('a question that names one of them', () => {
  const asked = (
    resource: string,
    key: string,
    context: ReadonlyMap<string, readonly string[]> = new Map(),
  ) =>
    analysis().analyzer.notGranted(
      world({
        own: [
          allow('s3:GetObject', { Resource: `arn:aws:s3:::data/\${${key}}/*` }),
          allow('sts:GetFederationToken'),
        ],
      }),
      { actions: ['s3:GetObject'], resources: [resource], context },
      [HOME],
    )

  it.each([
    [`arn:aws:s3:::data/${FRED}/x`, 'aws:PrincipalArn', FRED],
    [`arn:aws:s3:::data/${HOME}:fred/x`, 'aws:userid', FRED],
    [`arn:aws:s3:::data/${HOME}:fred/*`, 'aws:userid', FRED],
  ])('on %s by %s', (resource, key, who) => {
    const { holds, violations } = asked(resource, key)
    expect(holds).toBe(false)
    expect(violations.flatMap(({ principals }) => principals)).toEqual([who])
  })

  it('by what it says of whoever asks', () => {
    const context = new Map([['aws:userid', [`${HOME}:fred`]]])
    expect(asked(`arn:aws:s3:::data/${HOME}:fred/x`, 'aws:userid', context).holds).toBe(false)
  })

  it('and nobody where it names nobody', () => {
    expect(asked('arn:aws:s3:::data/fred/x', 'aws:PrincipalArn')).toMatchObject({
      holds: true,
      violations: [],
    })
  })
})
