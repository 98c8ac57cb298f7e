// Accounts in which every principal's access changes, for the bench and for what counts the analysis's work. Needs the build.
import { loadManagedPolicies } from '../dist/src/catalog/managed-policies.js'
import { byKind } from '../dist/src/model/index.js'
import { randomSource } from './random.mjs'

/**
 * Users and roles with two to six policies, half of them with a boundary, under two levels of control policies.
 * @returns the account before and after one policy of each is exchanged, and what reads AWS's managed policies
 */
export async function exchangedEstates(size) {
  const managed = await loadManagedPolicies()
  const names = [...managed.names()].map((name) => managed.arnOf(name, 'aws'))
  const id = '111122223333'
  const documentOf = (index) => ({
    json: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:Get*', 's3:PutObject', 'dynamodb:*'],
          Resource: [`arn:aws:s3:::team-${index}/*`, `arn:aws:dynamodb:*:${id}:table/t${index}-*`],
        },
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
    located: null,
  })
  const principal = (kind, index, swapped) => {
    const name = `${kind}${index}`
    const random = randomSource(index * 2 + (kind === 'user' ? 0 : 1))
    const held = random.sample(names, random.between(2, 6))
    // Every principal has another policy in the place of one.
    const managedPolicies = swapped ? [...held.slice(1), random.pick(names)] : held
    return {
      kind,
      name,
      path: '/',
      arn: `arn:aws:iam::${id}:${kind}/${name}`,
      managedPolicies: [...new Set(managedPolicies)],
      inlinePolicies: new Map([['own', documentOf(index % 40)]]),
      permissionsBoundary: index % 2 === 0 ? `arn:aws:iam::${id}:policy/limits` : null,
      tags: new Map([['team', `t${index % 10}`]]),
      ...(kind === 'user'
        ? { groups: [] }
        : {
            description: '',
            maxSessionDuration: 3600,
            trustPolicy: {
              json: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { Service: 'lambda.amazonaws.com' },
                    Action: 'sts:AssumeRole',
                  },
                ],
              },
              located: null,
            },
          }),
    }
  }
  const stateOf = (swapped) => {
    const entities = (kind, count) =>
      new Map(
        Array.from({ length: count }, (_, index) => {
          const entity = principal(kind, index, swapped)
          return [entity.name, entity]
        }),
      )
    return {
      account: { id, partition: 'aws' },
      entities: {
        ...byKind(() => new Map()),
        user: entities('user', Math.ceil(size * 0.6)),
        role: entities('role', Math.floor(size * 0.4)),
        policy: new Map([
          [
            'limits',
            {
              kind: 'policy',
              name: 'limits',
              path: '/',
              arn: `arn:aws:iam::${id}:policy/limits`,
              description: '',
              document: {
                json: {
                  Version: '2012-10-17',
                  Statement: [
                    { Effect: 'Allow', NotAction: ['organizations:*', 'account:*'], Resource: '*' },
                    { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
                  ],
                },
                located: null,
              },
              versions: [],
              tags: new Map(),
            },
          ],
        ]),
      },
      children: {},
      settings: { passwordPolicy: null, accountAlias: null },
    }
  }
  const control = (name, ...Statement) => ({
    name,
    document: { json: { Version: '2012-10-17', Statement }, located: null },
  })
  const node = (kind, nodeId, serviceControlPolicies, children) => ({
    kind,
    id: nodeId,
    name: nodeId,
    serviceControlPolicies,
    resourceControlPolicies: [],
    children,
  })
  const full = control('FullAWSAccess', { Effect: 'Allow', Action: '*', Resource: '*' })
  const regions = control('Regions', {
    Effect: 'Deny',
    NotAction: ['iam:*', 'sts:*', 'organizations:*', 's3:ListAllMyBuckets'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
  })
  const trail = control('Trail', { Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' })
  const organization = {
    id: 'o-abcdefghij',
    managementAccount: '999900001111',
    root: node(
      'root',
      'r-root',
      [full],
      [node('organizationalUnit', 'ou-root-work', [full, regions, trail], [node('account', id, [full], [])])],
    ),
  }
  const estateOf = (state) => ({ accounts: [state], organization, resources: new Map() })
  return {
    account: id,
    before: estateOf(stateOf(false)),
    after: estateOf(stateOf(true)),
    documentOf: (arn) => managed.document(arn),
  }
}

/**
 * Users in groups, which have policies of the account, and roles that services and the account may have: hardly anybody may do
 * what leads to others.
 * @param change of one group: the action that its policy gains; or of one user: the value of a tag that no policy names
 * @returns the account before and after, how many members the group has, and what reads AWS's managed policies
 */
export async function memberedEstates(size, change) {
  const managed = await loadManagedPolicies()
  const id = '111122223333'
  const policy = (...Statement) => ({ json: { Version: '2012-10-17', Statement }, located: null })
  const allow = (Action, Resource = '*') => ({ Effect: 'Allow', Action, Resource })
  const groups = Math.ceil(size / 20)
  const named = (kind, count, of) =>
    new Map(
      Array.from({ length: count }, (_, index) => {
        const name = `${kind}${index}`
        return [
          name,
          { kind, name, path: '/', arn: `arn:aws:iam::${id}:${kind}/${name}`, tags: new Map(), ...of(index) },
        ]
      }),
    )
  const actionsOf = (index) => [
    's3:GetObject',
    'sqs:SendMessage',
    ...(index % 4 === 0 ? ['lambda:UpdateFunctionCode'] : []),
  ]
  const without = { managedPolicies: [], inlinePolicies: new Map(), permissionsBoundary: null }
  const entities = {
    ...byKind(() => new Map()),
    user: named('user', size, (index) => ({
      ...without,
      groups: [`group${index % groups}`, `group${(index * 7 + 3) % groups}`],
      tags: new Map([
        ['team', `t${index % 5}`],
        ['employee', String(index)],
      ]),
    })),
    group: named('group', groups, (index) => ({
      managedPolicies: [`arn:aws:iam::${id}:policy/policy${index}`, 'arn:aws:iam::aws:policy/SecurityAudit'],
      inlinePolicies: new Map(),
    })),
    role: named('role', Math.ceil(size / 5), (index) => ({
      ...without,
      managedPolicies: [`arn:aws:iam::${id}:policy/policy${index % groups}`],
      description: '',
      maxSessionDuration: 3600,
      trustPolicy: policy({
        Effect: 'Allow',
        Principal: index % 2 === 0 ? { Service: 'lambda.amazonaws.com' } : { AWS: id },
        Action: 'sts:AssumeRole',
      }),
    })),
    policy: named('policy', groups, (index) => ({
      description: '',
      document: policy(allow(actionsOf(index), `arn:aws:s3:::team${index}/*`)),
      versions: [{ id: 'v1', isDefault: true }],
    })),
  }
  const replaced = (of, name, part) => new Map([...of, [name, { ...of.get(name), ...part }]])
  const after =
    'action' in change
      ? {
          ...entities,
          group: replaced(entities.group, 'group1', {
            inlinePolicies: new Map([['more', policy(allow([change.action]))]]),
          }),
        }
      : {
          ...entities,
          user: replaced(entities.user, 'user1', {
            tags: new Map([...entities.user.get('user1').tags, ['employee', change.tag]]),
          }),
        }
  const estate = (of) => ({
    accounts: [
      {
        account: { id, partition: 'aws' },
        entities: of,
        children: {},
        settings: { passwordPolicy: null, accountAlias: null },
      },
    ],
    organization: null,
    resources: new Map(),
    inventories: new Set([id]),
  })
  return {
    account: id,
    before: estate(entities),
    after: estate(after),
    members: [...entities.user.values()].filter((user) => user.groups.includes('group1')).length,
    documentOf: (arn) => managed.document(arn),
  }
}

/** Roles that may all assume each other, and nobody before. */
export function assumingEachOther(size) {
  const id = '111122223333'
  const document = (...Statement) => ({ json: { Version: '2012-10-17', Statement }, located: null })
  const role = (index) => ({
    kind: 'role',
    name: `role${index}`,
    path: '/',
    arn: `arn:aws:iam::${id}:role/role${index}`,
    managedPolicies: [],
    inlinePolicies: new Map([
      [
        'own',
        document(
          { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${id}:role/*` },
          { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::bucket${index}/*` },
        ),
      ],
    ]),
    permissionsBoundary: null,
    tags: new Map(),
    description: '',
    maxSessionDuration: 3600,
    trustPolicy: document({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${id}:root` },
      Action: 'sts:AssumeRole',
    }),
  })
  const estateOf = (count) => ({
    accounts: [
      {
        account: { id, partition: 'aws' },
        entities: {
          ...byKind(() => new Map()),
          user: new Map(),
          role: new Map(
            Array.from({ length: count }, (_, index) => {
              const entity = role(index)
              return [entity.name, entity]
            }),
          ),
        },
        children: {},
        settings: { passwordPolicy: null, accountAlias: null },
      },
    ],
    organization: null,
    resources: new Map(),
    inventories: new Set([id]),
  })
  return { account: id, before: estateOf(0), after: estateOf(size) }
}
