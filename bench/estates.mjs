// Accounts in which every principal's access changes, for the bench and for what counts the analysis's work. Needs the build.
import { loadManagedPolicies } from '../dist/src/catalog/managed-policies.js'
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
        user: entities('user', Math.ceil(size * 0.6)),
        group: new Map(),
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
          user: new Map(),
          group: new Map(),
          role: new Map(
            Array.from({ length: count }, (_, index) => {
              const entity = role(index)
              return [entity.name, entity]
            }),
          ),
          policy: new Map(),
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
