import { describe, expect, it } from 'vitest'
import { SourceTexts } from '../../../src/diagnostics/index.ts'
import { readTfplan } from '../../../src/intake/tfplan/read-tfplan.ts'
import { type Planned, planBytes, planJson } from './plan-json.ts'
import { codesOf, readBytes, roleOf } from './read-plan.ts'

const read = (resources: readonly Planned[], parts = {}, account: string | null = null) =>
  readBytes(planBytes(planJson(resources, parts)), null, account)
const arnsOf = (...args: Parameters<typeof read>) =>
  read(...args)
    .estate.accounts.flatMap(({ entities }) => [...entities.role.values()])
    .map(({ arn }) => arn)
const identity = (account: string, provider = 'aws'): Planned => ({
  type: 'aws_caller_identity',
  name: provider.replace(/\W/g, '_'),
  mode: 'data',
  provider,
  after: { account_id: account },
})

describe('the account of a plan', () => {
  it('is what the plan says of it', () => {
    expect(arnsOf([roleOf('a')], { state: [identity('444455556666')] })).toEqual([
      'arn:aws:iam::444455556666:role/a',
    ])
    expect(codesOf(read([roleOf('a')], { state: [identity('444455556666')] }))).toEqual([])
  })

  it.each([
    [
      'the ARN of a resource',
      [
        {
          type: 'aws_iam_user',
          name: 'u',
          after: { name: 'u', arn: 'arn:aws:iam::444455556666:user/u' },
          configuredAs: { name: 'u' },
        },
      ],
      {},
    ],
    [
      'the only account that the provider allows',
      [],
      { providers: { aws: { allowed_account_ids: ['444455556666'] } } },
    ],
    [
      'the role that the provider assumes',
      [],
      { providers: { aws: {} }, extra: assuming('arn:aws:iam::444455556666:role/ci') },
    ],
  ] as readonly [string, readonly Planned[], object][])('is told by %s', (_, resources, parts) =>
    expect(arnsOf([roleOf('a'), ...resources], parts)).toEqual(['arn:aws:iam::444455556666:role/a']),
  )

  it('is that of the documentation where nothing tells it, which is said first', () => {
    const intake = read([roleOf('a')])
    expect(arnsOf([roleOf('a')])).toEqual(['arn:aws:iam::123456789012:role/a'])
    expect(codesOf(intake)).toEqual(['intake.account-assumed'])
  })

  it('is the given one, and a warning where the plan speaks of another', () => {
    expect(arnsOf([roleOf('a')], {}, '444455556666')).toEqual(['arn:aws:iam::444455556666:role/a'])
    const state = { state: [identity('777788889999')] }
    expect(arnsOf([roleOf('a')], state, '444455556666')).toEqual(['arn:aws:iam::444455556666:role/a'])
    expect(codesOf(read([roleOf('a')], state, '444455556666'))).toEqual(['intake.other-account'])
  })

  it('is another one for each configuration of the provider', () => {
    const parts = {
      providers: { aws: {}, 'aws.logs': { alias: 'logs' } },
      state: [identity('444455556666'), identity('777788889999', 'aws.logs')],
    }
    const logs = roleOf('b', { provider: 'aws.logs' })
    expect(arnsOf([roleOf('a'), logs], parts)).toEqual([
      'arn:aws:iam::444455556666:role/a',
      'arn:aws:iam::777788889999:role/b',
    ])
  })

  describe('of a resource that is to be deleted', () => {
    const parts = {
      providers: { aws: {}, 'aws.logs': { alias: 'logs' } },
      state: [identity('444455556666'), identity('777788889999', 'aws.logs')],
    }
    const deleted = (account: string, rest: Partial<Planned> = {}): Planned => ({
      type: 'aws_iam_role',
      name: 'gone',
      before: { name: 'gone', path: '/', arn: `arn:aws:iam::${account}:role/gone`, assume_role_policy: '' },
      after: null,
      ...rest,
    })
    const before = (resources: readonly Planned[]) =>
      readBytes(planBytes(planJson(resources, parts)), 'before', null)
    const rolesOf = (resources: readonly Planned[]) =>
      before(resources).estate.accounts.flatMap(({ account, entities }) =>
        [...entities.role.values()].map(
          ({ name, inlinePolicies }) => `${account.id} ${name} ${[...inlinePolicies.keys()].join()}`,
        ),
      )

    it.each(['444455556666', '777788889999', '222233334444'])('is that of its own ARN: %s', (account) =>
      expect(rolesOf([deleted(account)])).toEqual([`${account} gone `]),
    )

    it('is that of its module, where it has no ARN', () => {
      const module = 'module.logs'
      const policy: Planned = {
        type: 'aws_iam_role_policy',
        name: 'p',
        module,
        before: { role: 'gone', name: 'p', policy: '{"Statement":[]}' },
        after: null,
      }
      expect(rolesOf([policy, deleted('777788889999', { module })])).toEqual(['777788889999 gone p'])
    })
  })

  it('is said to be assumed where one provider of several tells none', () => {
    const parts = {
      providers: { aws: {}, 'aws.logs': {}, 'aws.dns': {} },
      state: [identity('444455556666'), identity('777788889999', 'aws.logs')],
    }
    const intake = read([roleOf('a', { provider: 'aws.dns' })], parts)
    expect(codesOf(intake)).toEqual(['intake.account-assumed'])
    expect(arnsOf([roleOf('a', { provider: 'aws.dns' })], parts)).toEqual([
      'arn:aws:iam::123456789012:role/a',
    ])
  })

  it('has a region that is said to be assumed, where resources have one', () => {
    const queue: Planned = {
      type: 'aws_sqs_queue',
      name: 'q',
      before: null,
      after: { name: 'q', tags: { a: 'b' } },
    }
    const codes = (resources: readonly Planned[]) =>
      codesOf(read(resources, { providers: { aws: {} } }, '444455556666'))
    expect(codes([queue])).toEqual(['intake.region-assumed'])
    expect(codes([roleOf('a')])).toEqual([])
  })

  it('with its partition and region, which its resources are in', () => {
    const topic: Planned = {
      type: 'aws_sns_topic',
      name: 't',
      before: null,
      after: {
        name: 't',
        policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}',
      },
    }
    const parts = { providers: { aws: { region: 'us-gov-west-1' } } }
    expect([...read([topic], parts, '444455556666').estate.resources.keys()]).toEqual([
      'arn:aws-us-gov:sns:us-gov-west-1:444455556666:t',
    ])
    const elsewhere = { ...topic, after: { ...topic.after, region: 'us-gov-east-1' } }
    expect([...read([elsewhere], parts, '444455556666').estate.resources.keys()]).toEqual([
      'arn:aws-us-gov:sns:us-gov-east-1:444455556666:t',
    ])
  })

  it.each([
    ['the given one, where the plan says none', { aws: {} }, 'ap-south-1'],
    ["the provider's, where it has one", { aws: { region: 'eu-west-3' } }, 'eu-west-3'],
  ])('in %s', (_, providers, region) => {
    const queue: Planned = {
      type: 'aws_sqs_queue',
      name: 'q',
      before: null,
      after: { name: 'q', tags: { a: 'b' } },
    }
    const { estate } = readTfplan({
      file: 'plan.json',
      bytes: planBytes(planJson([queue], { providers })),
      side: null,
      account: { id: '444455556666', partition: null, region: 'ap-south-1' },
      texts: new SourceTexts(),
    })
    expect([...estate.resources.keys()]).toEqual([`arn:aws:sqs:${region}:444455556666:q`])
  })

  it('and a region that is a variable of the root module', () => {
    const queue: Planned = {
      type: 'aws_sqs_queue',
      name: 'q',
      before: null,
      after: {
        name: 'q',
        policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}]}',
      },
    }
    const plan = planJson([queue])
    const { root_module } = plan.configuration as { readonly root_module: object }
    const withVariable = {
      ...plan,
      variables: { region: { value: 'eu-north-1' } },
      configuration: {
        root_module,
        provider_config: {
          aws: { name: 'aws', expressions: { region: { references: ['var.region'] } } },
        },
      },
    }
    expect([...readBytes(planBytes(withVariable)).estate.resources.keys()]).toEqual([
      'arn:aws:sqs:eu-north-1:111122223333:q',
    ])
  })
})

/** The configuration of a provider that assumes a role, in place of one that doesn't. */
function assuming(role: string): object {
  const plan = planJson([roleOf('a')])
  const { root_module } = plan.configuration as { readonly root_module: object }
  return {
    configuration: {
      root_module,
      provider_config: {
        aws: { name: 'aws', expressions: { assume_role: [{ role_arn: { constant_value: role } }] } },
      },
    },
  }
}
