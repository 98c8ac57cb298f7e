// Resources of IAM let in no other account, but for roles that are assumed; and only roles are assumed.

import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../src/evaluator/estate/evaluator.ts'
import {
  accountOf,
  allow,
  document,
  estateWith,
  grant,
  HOME,
  OTHER,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, inline, NOW, one, roleArn, userArn, withGroup } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const FAR = roleArn('far', OTHER)
const trust = document(grant({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'))
const holding = (...statements: readonly ReturnType<typeof allow>[]) =>
  accountOf(HOME, { al: { policy: document(...statements) } })
const nobody = estateWith([accountOf(HOME, {})])

describe("a role of another account is reached by nobody's own policies alone", () => {
  const state = holding(allow('*', { Resource: FAR }))
  it.each([
    ['that is in the project', [state, accountOf(OTHER, {}, { far: { trust } })], []],
    ['that is not', [state], ['sts:AssumeRole', 'sts:SetContext', 'sts:SetSourceIdentity', 'sts:TagSession']],
  ] as const)('%s', (_, accounts, assuming) => {
    const { gained, unknown } = analysis().diff(nobody, estateWith(accounts))
    const deciding = gained.filter(({ tier }) => tier !== 'future')
    expect(deciding.flatMap(({ actions }) => actions)).toEqual(assuming)
    expect(unknown).toEqual([])
  })

  it('whatever a claim about it names', () => {
    const probe = { actions: ['s3:GetObject'], resources: [FAR], context: new Map() }
    expect(analysis().analyzer.notGranted(one(state), probe, [HOME])).toMatchObject({
      holds: true,
      violations: [],
    })
  })

  it('nor what takes roles, where it is about any', () => {
    const taking = holding(allow('ec2:AssociateEnclaveCertificateIamRole'))
    const { gained, unknown } = analysis().diff(nobody, one(taking))
    expect(gained.map(({ isPotential, tier }) => `${tier} ${isPotential}`)).toEqual(['typed false'])
    expect(unknown).toEqual([])
  })
})

describe('nobody assumes what is no role', () => {
  const group = (state: ReturnType<typeof holding>) =>
    withGroup(state, 'g', document(allow('sns:Publish')), [])
  it.each([
    ['a group', `arn:aws:iam::${HOME}:group/g`, {}],
    ['a user', userArn('al'), {}],
    ['a user, with what such requests have', userArn('al'), { StringEquals: { 'sts:ExternalId': 'abc' } }],
    ['root', `arn:aws:iam::${HOME}:root`, {}],
  ])('%s', (_, resource, condition) => {
    for (const action of ['sts:AssumeRole', 'sts:TagSession']) {
      const state = group(holding(allow(action, { Resource: resource, Condition: condition })))
      expect(analysis().diff(nobody, one(state)).gained).toEqual([])
      const probe = { actions: [action], resources: ['*'], context: new Map() }
      expect(analysis().analyzer.notGranted(one(state), probe, [HOME])).toMatchObject({ violations: [] })
    }
  })
  it('but root, of another account, by its own call', () => {
    const state = holding(allow('sts:AssumeRoot', { Resource: `arn:aws:iam::${OTHER}:root` }))
    expect(
      analysis()
        .diff(nobody, one(state))
        .gained.map(({ isPotential }) => isPotential),
    ).toEqual([true])
  })
  it('and no group stands for a role in an example', () => {
    const state = group({
      ...holding(),
      entities: {
        ...holding().entities,
        user: new Map(
          [...holding().entities.user].map(([name, user]) => [
            name,
            { ...user, ...inline(document(allow('sts:*', { Resource: `arn:aws:iam::${HOME}:*` }))) },
          ]),
        ),
      },
    })
    const { gained } = analysis().diff(nobody, one(state))
    for (const { witness } of gained)
      if (/sts:AssumeRole/.test(witness.action)) expect(witness.resource).toMatch(/:role\//)
  })
})

describe("a declared resource's own policy lets nobody do what is IAM's", () => {
  const bucket = resourceOf('arn:aws:s3:::data', HOME, document({ ...grant('*', '*'), Resource: '*' }))
  const estate = estateWith([holding(allow('sns:Publish'))], null, [bucket])
  it.each(['iam:CreateUser', 'iam:PassRole', 'sts:AssumeRole', 'sts:AssumeRoot'])('%s', (action) => {
    const probe = { actions: [action], resources: ['*'], context: new Map() }
    expect(analysis().analyzer.notGranted(estate, probe, [HOME])).toMatchObject({
      holds: true,
      violations: [],
    })
    const { gained } = analysis().diff(estateWith([holding(allow('sns:Publish'))]), estate)
    expect(gained.flatMap(({ actions }) => actions)).not.toContain(action)
  })
})

describe('a role of AWS', () => {
  const AWS_ROLE = 'arn:aws:iam::aws:role/x'
  const estate = one(holding(allow('*', { Resource: AWS_ROLE })))
  it.each(['sts:AssumeRole', 'sts:TagSession'])('is assumed by nobody: %s', async (action) => {
    const probe = { actions: [action], resources: ['*'], context: new Map() }
    expect(analysis().analyzer.notGranted(estate, probe, [HOME])).toMatchObject({
      holds: true,
      violations: [],
    })
    const evaluator = await createEvaluator(estate, { documentOf: () => null, now: NOW })
    for (const principal of [userArn('al'), `arn:aws:iam::${HOME}:root`])
      expect(
        evaluator.evaluate({ principal, action, resource: AWS_ROLE, context: new Map() }).answer?.decision,
      ).toBe('implicit_deny')
  })
})

it('a role is assumed by whatever name it has', () => {
  const named = (name: string) =>
    accountOf(
      HOME,
      { al: { policy: document(allow('sts:AssumeRole', { Resource: roleArn(name) })) } },
      { [name]: { trust: document(grant({ AWS: HOME }, 'sts:AssumeRole')) } },
    )
  for (const name of ['plain', 'with:colon', 'with::colons'])
    expect(
      analysis()
        .diff(nobody, one(named(name)))
        .gained.map(({ tier, principals }) => `${tier} ${principals.join()}`),
    ).toEqual([`typed ${userArn('al')}`])
})
