import { describe, expect, it } from 'vitest'
import type { Planned } from './plan-json.ts'
import { allowing, codesOf, readPlan, roleOf, shown, trusting } from './read-plan.ts'

const ARN = 'arn:aws:iam::111122223333'
const user = (name: string, rest: Partial<Planned> = {}): Planned => ({
  type: 'aws_iam_user',
  name,
  before: null,
  after: { name, path: '/' },
  computed: ['arn', 'id', 'tags_all'],
  ...rest,
})
const group = (name: string): Planned => ({
  type: 'aws_iam_group',
  name,
  before: null,
  after: { name, path: '/' },
})
const policy = (name: string, action = 's3:*', rest: Partial<Planned> = {}): Planned => ({
  type: 'aws_iam_policy',
  name,
  before: null,
  after: { name, path: '/', policy: JSON.stringify(allowing(action)) },
  computed: ['arn', 'id'],
  ...rest,
})
const entitiesOf = (...args: Parameters<typeof readPlan>) => {
  const entities = readPlan(...args).estate.accounts[0]?.entities
  if (entities === undefined) throw new Error('no account')
  return entities
}

describe('ARNs that are known after the apply are those that they will be', () => {
  it('of account, partition, path and name', () => {
    const { role } = entitiesOf([roleOf('deploy', { after: { name: 'deploy', path: '/ci/' } })])
    expect(role.get('deploy')?.arn).toBe(`${ARN}:role/ci/deploy`)
  })

  it('in the partition of the region', () => {
    const providers = { aws: { region: 'cn-north-1' } }
    expect(entitiesOf([roleOf('deploy')], { providers }).role.get('deploy')?.arn).toBe(
      'arn:aws-cn:iam::111122223333:role/deploy',
    )
  })

  it('an attached policy of the plan is found by what its ARN refers to', () => {
    const attachment: Planned = {
      type: 'aws_iam_role_policy_attachment',
      name: 'a',
      before: null,
      after: { role: 'deploy' },
      unknown: { policy_arn: ['aws_iam_policy.data.arn', 'aws_iam_policy.data'] },
    }
    const { role } = entitiesOf([roleOf('deploy'), policy('data'), attachment])
    expect(role.get('deploy')?.managedPolicies).toEqual([`${ARN}:policy/data`])
  })

  it('through variables and outputs of modules, with the keys of instances', () => {
    const attachment = (key: string): Planned => ({
      type: 'aws_iam_role_policy_attachment',
      name: 'a',
      module: 'module.ci["main"].module.roles',
      key,
      before: null,
      after: { role: key },
      unknown: { policy_arn: ['var.policy'] },
    })
    const { role } = entitiesOf(
      [
        roleOf('one'),
        roleOf('two'),
        policy('data', 's3:*', { module: 'module.policies' }),
        attachment('one'),
        attachment('two'),
      ],
      {
        calls: {
          'module.ci.module.roles': { policy: ['var.policy'] },
          'module.ci': { policy: ['module.policies.arn', 'module.policies'] },
        },
        outputs: { 'module.policies': { arn: ['aws_iam_policy.data.arn', 'aws_iam_policy.data'] } },
      },
    )
    expect(role.get('one')?.managedPolicies).toEqual([`${ARN}:policy/data`])
    expect(role.get('two')?.managedPolicies).toEqual([`${ARN}:policy/data`])
  })

  it.each([
    ['its own key', ['aws_iam_policy.team', 'each.key']],
    ['what it goes through', ['each.value.arn', 'each.value']],
  ])('of several instances the one with %s', (_, references) => {
    const team = (key: string) =>
      policy('team', 's3:*', {
        key,
        after: { name: `team-${key}`, policy: JSON.stringify(allowing('s3:*')) },
      })
    const attachment = (key: string): Planned => ({
      type: 'aws_iam_role_policy_attachment',
      name: 'a',
      key,
      before: null,
      after: { role: key },
      unknown: { policy_arn: references },
      forEach: ['aws_iam_policy.team'],
    })
    const { role } = entitiesOf([
      roleOf('x'),
      roleOf('y'),
      team('x'),
      team('y'),
      attachment('x'),
      attachment('y'),
    ])
    expect(role.get('x')?.managedPolicies).toEqual([`${ARN}:policy/team-x`])
    expect(role.get('y')?.managedPolicies).toEqual([`${ARN}:policy/team-y`])
  })

  it('what is chosen among several policies is unknown for the role', () => {
    const attachment: Planned = {
      type: 'aws_iam_role_policy_attachment',
      name: 'a',
      before: null,
      after: { role: 'deploy' },
      unknown: {
        policy_arn: [
          'var.x',
          'aws_iam_policy.a.arn',
          'aws_iam_policy.a',
          'aws_iam_policy.b.arn',
          'aws_iam_policy.b',
        ],
      },
    }
    const intake = readPlan([roleOf('deploy'), policy('a'), policy('b'), attachment])
    const role = intake.estate.accounts[0]?.entities.role.get('deploy')
    expect(role?.managedPolicies).toEqual([])
    expect([...(role?.inlinePolicies ?? [])].map(([name, each]) => [name, shown(each)])).toEqual([
      ['(aws_iam_role_policy_attachment.a)', { unknown: 'not-yet', known: null }],
    ])
    expect(codesOf(intake)).toEqual(['intake.not-known-yet'])
  })

  it('of a name prefix the name is unknown, and so is the role', () => {
    const intake = readPlan([
      roleOf('deploy', {
        after: {
          name_prefix: 'deploy-',
          path: '/',
          assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')),
        },
        computed: ['name', 'arn'],
      }),
    ])
    const [role] = intake.estate.accounts[0]?.entities.role.values() ?? []
    expect(role?.name).toBe('deploy-known-after-apply.aws_iam_role.deploy')
    expect(shown(role?.inlinePolicies.get('(its name)'))).toEqual({ unknown: 'not-yet', known: null })
  })
})

describe('what identities hold', () => {
  it('a role has what its own resource, attachments and inline policies say', () => {
    const { role } = entitiesOf([
      roleOf('deploy', {
        after: {
          name: 'deploy',
          path: '/',
          assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')),
          managed_policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
          inline_policy: [{ name: 'own', policy: JSON.stringify(allowing('sqs:*')) }],
          permissions_boundary: `${ARN}:policy/limit`,
          max_session_duration: 7200,
          tags: { team: 'a' },
          tags_all: { team: 'a', from: 'terraform' },
        },
        computed: ['arn'],
      }),
      {
        type: 'aws_iam_role_policy',
        name: 'p',
        before: null,
        after: { role: 'deploy', name: 'separate', policy: JSON.stringify(allowing('sns:*')) },
      },
    ])
    const deploy = role.get('deploy')
    expect(deploy).toMatchObject({
      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      permissionsBoundary: `${ARN}:policy/limit`,
      maxSessionDuration: 7200,
      tags: new Map([
        ['team', 'a'],
        ['from', 'terraform'],
      ]),
    })
    expect([...(deploy?.inlinePolicies.keys() ?? [])]).toEqual(['own', 'separate'])
    expect(shown(deploy?.trustPolicy)).toEqual(trusting('ec2.amazonaws.com').Statement)
  })

  it('members of a group by either resource', () => {
    const { user: users } = entitiesOf([
      user('ada'),
      user('bob'),
      group('admins'),
      group('devs'),
      {
        type: 'aws_iam_group_membership',
        name: 'm',
        before: null,
        after: { group: 'admins', users: ['ada', 'bob'] },
      },
      {
        type: 'aws_iam_user_group_membership',
        name: 'm',
        before: null,
        after: { user: 'ada', groups: ['devs'] },
      },
    ])
    expect(users.get('ada')?.groups).toEqual(['admins', 'devs'])
    expect(users.get('bob')?.groups).toEqual(['admins'])
  })

  it('one policy for many', () => {
    const {
      user: users,
      group: groups,
      role: roles,
    } = entitiesOf([
      user('ada'),
      group('admins'),
      roleOf('deploy'),
      {
        type: 'aws_iam_policy_attachment',
        name: 'a',
        before: null,
        after: { policy_arn: `${ARN}:policy/x`, users: ['ada'], groups: ['admins'], roles: ['deploy'] },
      },
    ])
    for (const each of [users.get('ada'), groups.get('admins'), roles.get('deploy')])
      expect(each?.managedPolicies).toEqual([`${ARN}:policy/x`])
  })

  it('what is exclusive takes away what else is attached', () => {
    const attached: Planned = {
      type: 'aws_iam_user_policy_attachment',
      name: 'a',
      after: { user: 'ada', policy_arn: `${ARN}:policy/x` },
    }
    const inline: Planned = {
      type: 'aws_iam_user_policy',
      name: 'p',
      after: { user: 'ada', name: 'p', policy: JSON.stringify(allowing('s3:*')) },
    }
    const { user: users } = entitiesOf([
      user('ada'),
      attached,
      inline,
      {
        type: 'aws_iam_user_policy_attachments_exclusive',
        name: 'e',
        before: null,
        after: { user_name: 'ada', policy_arns: [`${ARN}:policy/y`] },
      },
      {
        type: 'aws_iam_user_policies_exclusive',
        name: 'e',
        before: null,
        after: { user_name: 'ada', policy_names: [] },
      },
    ])
    expect(users.get('ada')?.managedPolicies).toEqual([`${ARN}:policy/y`])
    expect(users.get('ada')?.inlinePolicies.size).toBe(0)
  })

  it('of somebody whom only an attachment names, what else they hold is unknown', () => {
    const { role } = entitiesOf([
      {
        type: 'aws_iam_role_policy',
        name: 'p',
        before: null,
        after: { role: 'elsewhere', name: 'p', policy: JSON.stringify(allowing('s3:*')) },
      },
    ])
    const found = role.get('elsewhere')
    expect(shown(found?.inlinePolicies.get('p'))).toEqual(allowing('s3:*').Statement)
    expect(shown(found?.inlinePolicies.get('(not in the plan)'))).toEqual({
      unknown: 'not-held',
      known: null,
    })
    expect(shown(found?.trustPolicy)).toEqual({ unknown: 'not-held', known: null })
  })

  it('a service-linked role lets in its service', () => {
    const { role } = entitiesOf([
      {
        type: 'aws_iam_service_linked_role',
        name: 's',
        after: {
          arn: `${ARN}:role/aws-service-role/elasticbeanstalk.amazonaws.com/AWSServiceRoleForElasticBeanstalk`,
          aws_service_name: 'elasticbeanstalk.amazonaws.com',
          name: 'AWSServiceRoleForElasticBeanstalk',
        },
      },
    ])
    expect(shown(role.get('AWSServiceRoleForElasticBeanstalk')?.trustPolicy)).toEqual(
      trusting('elasticbeanstalk.amazonaws.com').Statement,
    )
  })
})

describe('before and after', () => {
  const inState = (rest: Partial<Planned> = {}): Planned => ({
    ...roleOf('deploy', {
      after: {
        name: 'deploy',
        arn: `${ARN}:role/deploy`,
        path: '/',
        assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')),
        managed_policy_arns: [`${ARN}:policy/x`],
        inline_policy: [{ name: 'p', policy: JSON.stringify(allowing('s3:*')) }],
      },
      computed: [],
    }),
    before: undefined,
    ...rest,
  })

  it('what a resource took from an attachment that goes, it loses with it', () => {
    // Attributes that nobody configures show what others attached, also in a plan that detaches it.
    const role = withoutExpressions(inState(), ['managed_policy_arns', 'inline_policy'])
    const parts: readonly Planned[] = [
      role,
      {
        type: 'aws_iam_role_policy_attachment',
        name: 'a',
        before: { role: 'deploy', policy_arn: `${ARN}:policy/x` },
        after: null,
      },
      {
        type: 'aws_iam_role_policy',
        name: 'p',
        before: { role: 'deploy', name: 'p', policy: JSON.stringify(allowing('s3:*')) },
        after: null,
      },
    ]
    const [before, after] = (['before', null] as const).map((side) =>
      entitiesOf(parts, {}, side).role.get('deploy'),
    )
    expect([before?.managedPolicies.length, before?.inlinePolicies.size]).toEqual([1, 1])
    expect([after?.managedPolicies.length, after?.inlinePolicies.size]).toEqual([0, 0])
  })

  it('a changed inline policy is the one of its own resource', () => {
    const role = withoutExpressions(inState(), ['managed_policy_arns', 'inline_policy'])
    const { role: roles } = entitiesOf([
      role,
      {
        type: 'aws_iam_role_policy',
        name: 'p',
        before: { role: 'deploy', name: 'p', policy: JSON.stringify(allowing('s3:*')) },
        after: { role: 'deploy', name: 'p', policy: JSON.stringify(allowing('s3:GetObject')) },
      },
    ])
    expect(shown(roles.get('deploy')?.inlinePolicies.get('p'))).toEqual(allowing('s3:GetObject').Statement)
  })

  it('what is deleted is there before, what is created after, what is replaced on both sides', () => {
    const parts = [
      roleOf('gone', { before: roleOf('gone').after, after: null }),
      roleOf('new'),
      roleOf('anew', { before: { ...roleOf('anew').after, path: '/old/' }, actions: ['delete', 'create'] }),
    ]
    const names = (side: 'before' | null) =>
      [...entitiesOf(parts, {}, side).role.values()].map(({ arn }) => arn.split(':role')[1]).sort()
    expect(names('before')).toEqual(['/gone', '/old/anew'])
    expect(names(null)).toEqual(['/anew', '/new'])
  })

  it('what is forgotten stays', () => {
    const parts = [roleOf('kept', { before: roleOf('kept').after, after: null, actions: ['forget'] })]
    for (const side of ['before', null] as const)
      expect([...entitiesOf(parts, {}, side).role.keys()]).toEqual(['kept'])
  })

  it('what is imported was there before', () => {
    const parts = [roleOf('deploy', { before: undefined, importing: 'deploy', computed: [] })]
    expect([...entitiesOf(parts, {}, 'before').role.keys()]).toEqual(['deploy'])
  })

  it('what is left over under a deposed key is there until it is deleted', () => {
    const parts = [
      roleOf('deploy', { before: undefined, computed: [] }),
      roleOf('deploy', {
        deposed: '0123abcd',
        before: { ...roleOf('old').after, name: 'old' },
        after: null,
      }),
    ]
    expect([...entitiesOf(parts, {}, 'before').role.keys()]).toEqual(['deploy', 'old'])
    expect([...entitiesOf(parts, {}).role.keys()]).toEqual(['deploy'])
  })

  it('what has moved has the address of each side', () => {
    const parts = [
      roleOf('deploy', {
        before: undefined,
        module: 'module.ci',
        key: 'x',
        previousAddress: 'aws_iam_role.deploy',
        computed: [],
      }),
    ]
    const sourceOf = (side: 'before' | null) =>
      [...readPlan(parts, {}, side).sources.values()].map(({ address }) => address)
    expect(sourceOf('before')).toEqual(['aws_iam_role.deploy'])
    expect(sourceOf(null)).toEqual(['module.ci.aws_iam_role.deploy["x"]'])
  })

  it('what `-target` leaves out is as the state has it', () => {
    const parts = { state: [roleOf('other', { before: undefined, computed: [] })] }
    for (const side of ['before', null] as const)
      expect([...entitiesOf([], parts, side).role.keys()]).toEqual(['other'])
  })
})

function withoutExpressions(planned: Planned, names: readonly string[]): Planned {
  const kept = Object.fromEntries(Object.entries(planned.after ?? {}).filter(([key]) => !names.includes(key)))
  return { ...planned, configuredAs: kept }
}
