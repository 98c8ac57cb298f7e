import { beforeAll, describe, expect, it } from 'vitest'
import { createEvaluator, type Evaluator, estateOf } from '../../src/evaluator/estate/evaluator.ts'
import {
  type AccountState,
  byKind,
  type PlacedDocument,
  type PolicyDocument,
  type RoleState,
  type UserState,
} from '../../src/model/index.ts'

const ID = '111122223333'
const arnOf = (rest: string) => `arn:aws:iam::${ID}:${rest}`
const placed = (json: PolicyDocument): PlacedDocument => ({ json, located: null })
const allow = (action: string, more: object = {}): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Only', Effect: 'Allow', Action: action, Resource: '*', ...more }],
})

const user = (name: string, more: Partial<UserState> = {}): UserState => ({
  kind: 'user',
  name,
  path: '/',
  arn: arnOf(`user/${name}`),
  groups: [],
  managedPolicies: [],
  inlinePolicies: new Map(),
  permissionsBoundary: null,
  tags: new Map(),
  ...more,
})
const role = (name: string, trust: PolicyDocument, more: Partial<RoleState> = {}): RoleState => ({
  kind: 'role',
  name,
  path: '/',
  arn: arnOf(`role/${name}`),
  description: '',
  maxSessionDuration: 3600,
  trustPolicy: placed(trust),
  managedPolicies: [],
  inlinePolicies: new Map(),
  permissionsBoundary: null,
  tags: new Map(),
  ...more,
})
const trusting = (principal: object): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: principal as never, Action: 'sts:AssumeRole' },
})

const limits = placed(allow('s3:*'))
const state: AccountState = {
  account: { id: ID, partition: 'aws' },
  entities: {
    ...byKind(() => new Map<string, never>()),
    user: new Map([
      [
        'alice',
        user('alice', {
          path: '/eng/',
          arn: arnOf('user/eng/alice'),
          groups: ['developers'],
          tags: new Map([['team', 'red']]),
        }),
      ],
      [
        'bob',
        user('bob', {
          managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          permissionsBoundary: arnOf('policy/limits'),
        }),
      ],
      ['carol', user('carol', { managedPolicies: [arnOf('policy/gone')] })],
      [
        'dave',
        user('dave', {
          inlinePolicies: new Map([
            ['bad', placed({ Statement: [{ Effect: 'Allow', Action: 'nothing', Resource: '*' }] })],
          ]),
        }),
      ],
    ]),
    group: new Map([
      [
        'developers',
        {
          kind: 'group',
          name: 'developers',
          path: '/',
          arn: arnOf('group/developers'),
          managedPolicies: [],
          inlinePolicies: new Map([
            [
              'own',
              placed(
                allow('s3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }),
              ),
            ],
          ]),
        },
      ],
    ]),
    role: new Map([
      [
        'deploy',
        role('deploy', trusting({ AWS: arnOf('user/eng/alice') }), {
          path: '/ci/',
          arn: arnOf('role/ci/deploy'),
          inlinePolicies: new Map([
            [
              'self',
              placed(
                allow('s3:PutObject', {
                  Condition: { ArnEquals: { 'aws:PrincipalArn': arnOf('role/ci/deploy') } },
                }),
              ),
            ],
          ]),
        }),
      ],
      [
        'lambda',
        role('lambda', trusting({ Service: 'lambda.amazonaws.com' }), { tags: new Map([['stage', 'prod']]) }),
      ],
    ]),
    policy: new Map([
      [
        'limits',
        {
          kind: 'policy',
          name: 'limits',
          path: '/',
          arn: arnOf('policy/limits'),
          description: '',
          document: limits,
          versions: [],
          tags: new Map(),
        },
      ],
    ]),
  },
  children: {},
  settings: { passwordPolicy: null, accountAlias: null },
}
const facts = {
  documentOf: (arn: string) => (arn === 'arn:aws:iam::aws:policy/AdministratorAccess' ? allow('*') : null),
  now: new Date('2026-01-01T00:00:00Z'),
}

let evaluator: Evaluator
beforeAll(async () => {
  evaluator = await createEvaluator(estateOf(state), facts)
})

const ask = (
  principal: string,
  action = 's3:GetObject',
  resource = 'arn:aws:s3:::data/x',
  context: Readonly<Record<string, string>> = {},
) => {
  const answered = evaluator.evaluate({
    principal,
    action,
    resource,
    context: new Map(Object.entries(context).map(([key, value]) => [key, [value]])),
  })
  if (answered.answer === null) return answered.diagnostics.map(({ code, help }) => `${code}: ${help}`)
  const { decision, reasons, request } = answered.answer
  return { decision, principal: request.principal, reasons }
}

describe('a question about an account', () => {
  it("takes a group's policy, and the user's tags", () => {
    expect(ask('user/alice')).toEqual({
      decision: 'allow',
      principal: arnOf('user/eng/alice'),
      reasons: [
        {
          layer: 'identity',
          policy: 'inline:own',
          effect: 'Allow',
          sid: 'Only',
          statement: 0,
          document: state.entities.group.get('developers')?.inlinePolicies.get('own'),
        },
      ],
    })
  })

  it('lets a given key win over a derived one, whatever its case', () => {
    expect(ask('user/alice', 's3:GetObject', '*', { 'AWS:principaltag/TEAM': 'blue' })).toMatchObject({
      decision: 'implicit_deny',
      reasons: [{ layer: 'identity', policy: 'inline:own', sid: null, statement: null }],
    })
  })

  it('names the boundary that does not allow', () => {
    expect(ask('user/bob', 'sqs:SendMessage', '*')).toMatchObject({
      decision: 'implicit_deny',
      reasons: [{ layer: 'boundary', policy: arnOf('policy/limits'), document: limits }],
    })
    expect(ask('user/bob')).toMatchObject({
      decision: 'allow',
      reasons: [
        { layer: 'identity', policy: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        { layer: 'boundary', policy: arnOf('policy/limits'), document: limits },
      ],
    })
  })

  it("knows a session's role by its real path", () => {
    expect(ask('role/deploy/ci', 's3:PutObject')).toMatchObject({
      decision: 'allow',
      principal: `arn:aws:sts::${ID}:assumed-role/deploy/ci`,
    })
    expect(ask(`arn:aws:sts::${ID}:assumed-role/deploy/ci`, 's3:PutObject')).toMatchObject({
      decision: 'allow',
    })
    expect(ask('role/deploy', 's3:PutObject')).toMatchObject({
      decision: 'allow',
      principal: arnOf('role/ci/deploy'),
    })
  })

  it('decides who may assume a role by its trust policy', () => {
    const deploy = arnOf('role/ci/deploy')
    expect(ask('user/alice', 'sts:AssumeRole', deploy)).toMatchObject({
      decision: 'allow',
      reasons: [
        { layer: 'resource', policy: deploy, document: state.entities.role.get('deploy')?.trustPolicy },
      ],
    })
    expect(ask('user/bob', 'sts:AssumeRole', deploy)).toMatchObject({ decision: 'implicit_deny' })
    expect(ask('lambda.amazonaws.com', 'sts:AssumeRole', arnOf('role/lambda'))).toMatchObject({
      decision: 'allow',
    })
    expect(ask('ec2.amazonaws.com', 'sts:AssumeRole', arnOf('role/lambda'))).toMatchObject({
      decision: 'implicit_deny',
    })
    expect(ask('root', 'sts:AssumeRole', deploy)).toMatchObject({ decision: 'implicit_deny' })
  })

  it('allows root everything in its account', () => {
    expect(ask('root')).toEqual({ decision: 'allow', principal: arnOf('root'), reasons: [] })
  })

  it.each([
    [
      'a user that is not there',
      'user/alic',
      's3:GetObject',
      '*',
      'evaluate.unknown-principal: did you mean `alice`?',
    ],
    [
      'a user with a path',
      'user/eng/alice',
      's3:GetObject',
      '*',
      'evaluate.unknown-principal: names stand without their path: `user/alice`',
    ],
    [
      'an ARN with another path',
      arnOf('user/alice'),
      's3:GetObject',
      '*',
      `evaluate.unknown-principal: did you mean \`${arnOf('user/eng/alice')}\`?`,
    ],
    ['a bare name', 'alice', 's3:GetObject', '*', 'evaluate.unknown-principal: did you mean `user/alice`?'],
    [
      'a group',
      'group/developers',
      's3:GetObject',
      '*',
      'evaluate.group-principal: ask for one of its users: `user/NAME`',
    ],
    [
      'a principal of another account',
      'arn:aws:iam::444455556666:user/x',
      's3:GetObject',
      '*',
      'evaluate.foreign-principal: ask for a principal of the project, or about a resource that the project declares',
    ],
    [
      "a session name that can't be",
      'role/deploy/a b',
      's3:GetObject',
      '*',
      'evaluate.session-name: a session name has 2 to 64 letters, digits and `_+=,.@-`',
    ],
    [
      'a malformed action',
      'user/alice',
      'GetObject',
      '*',
      'evaluate.invalid-request: write one action: `s3:GetObject`',
    ],
    [
      'a wildcard as action',
      'user/alice',
      's3:*',
      '*',
      'evaluate.invalid-request: write one action: `s3:GetObject`',
    ],
    [
      'a malformed resource',
      'user/alice',
      's3:GetObject',
      'data',
      'evaluate.invalid-request: write an ARN (`arn:aws:s3:::bucket/key`: the segments of region and account may be empty, and stay), or `*`',
    ],
    [
      'a key, whose policy is not known',
      'user/alice',
      'kms:Decrypt',
      `arn:aws:kms:us-east-1:${ID}:key/k`,
      `evaluate.unknown-resource-policy: declare it under \`resources:\` (\`arn:aws:kms:us-east-1:${ID}:key/k\`), or pass it with \`--resource-policy FILE\``,
    ],
    [
      'a resource of another account',
      'user/alice',
      's3:GetObject',
      'arn:aws:s3:us-east-1:444455556666:accesspoint/a/object/x',
      'evaluate.unknown-resource-policy: declare it under `resources:` (`arn:aws:s3:us-east-1:444455556666:accesspoint/a/object/x`), or pass it with `--resource-policy FILE`',
    ],
    [
      'a role that is not there',
      'user/alice',
      'sts:AssumeRole',
      arnOf('role/deplo'),
      'evaluate.unknown-resource: did you mean `deploy`?',
    ],
    [
      'an anonymous caller',
      '*',
      's3:GetObject',
      'arn:aws:s3:::data/x',
      'evaluate.unknown-resource-policy: declare it under `resources:` (`arn:aws:s3:::data/x`), or pass it with `--resource-policy FILE`',
    ],
    [
      'a policy that is not known',
      'user/carol',
      's3:GetObject',
      '*',
      'evaluate.unknown-policy: declare the policy, or detach it',
    ],
  ])('refuses %s', (_, principal, action, resource, expected) => {
    expect(ask(principal, action, resource)).toEqual([expected])
  })

  it('says what is wrong with a policy that has no clear meaning', () => {
    expect(ask('user/dave')).toMatchObject([
      expect.stringMatching(/^evaluate\.invalid-policy/),
      expect.stringMatching(/^policy\.action-syntax/),
    ])
  })

  it('derives time, region and the tags of an IAM entity', async () => {
    const condition = {
      StringEquals: {
        'aws:RequestedRegion': 'us-east-1',
        'iam:ResourceTag/stage': 'prod',
        'aws:ResourceTag/stage': 'prod',
      },
      DateEquals: { 'aws:CurrentTime': '2026-01-01' },
      Bool: { 'aws:ViaAWSService': 'false' },
    }
    const erin = user('erin', {
      inlinePolicies: new Map([['x', placed(allow('iam:*', { Condition: condition }))]]),
    })
    const erins = await createEvaluator(
      estateOf({ ...state, entities: { ...state.entities, user: new Map([['erin', erin]]) } }),
      facts,
    )
    const answered = erins.evaluate({
      principal: 'user/erin',
      action: 'iam:GetRole',
      resource: arnOf('role/lambda'),
      context: new Map(),
    })
    expect(answered.answer?.decision).toBe('allow')
  })
})

describe('many principals', () => {
  it('are decided alike one by one and after all were compiled', async () => {
    const users = new Map(
      Array.from({ length: 60 }, (_, index) => {
        const name = `u${index}`
        return [
          name,
          user(name, {
            inlinePolicies: new Map([['p', placed(allow(index % 3 === 0 ? 's3:Get*' : 'sqs:*'))]]),
          }),
        ] as const
      }),
    )
    const many = await createEvaluator(
      estateOf({ ...state, entities: { ...state.entities, user: users } }),
      facts,
    )
    for (const [index, name] of [...users.keys()].entries()) {
      const answered = many.evaluate({
        principal: `user/${name}`,
        action: 's3:GetObject',
        resource: '*',
        context: new Map(),
      })
      expect(answered.answer?.decision, name).toBe(index % 3 === 0 ? 'allow' : 'implicit_deny')
    }
  })
})
