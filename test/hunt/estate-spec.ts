// An estate as plain JSON: what random draws make, what a shrink takes apart, and what a reproduction prints.
import {
  type AccountState,
  byKind,
  type Estate,
  type OrganizationNode,
  type PlacedDocument,
  type PolicyStatement,
  type ResourceFacts,
  type RoleState,
  type UserState,
} from '../../src/model/index.ts'
import { FULL_ACCESS, organizationOf } from '../evaluator/estate-world.ts'
import { HOME, ORGANIZATION, type Partition, ROOT_ID } from './world.ts'

export type Statements = readonly PolicyStatement[]

export interface EntitySpec {
  /** Absent: `/`. */
  readonly path?: string
  readonly policy?: Statements
  /** `Version: 2008-10-17`, to which variables are text. */
  readonly hasOldVersion?: true
  /** Of a group that a user is in. */
  readonly ofGroup?: Statements
  /** ARNs of AWS's own policies. */
  readonly managed?: readonly string[]
  readonly boundary?: Statements
  readonly tags?: Readonly<Record<string, string>>
}
export type RoleSpec = EntitySpec & { readonly trust?: Statements }

interface AccountSpec {
  readonly users?: Readonly<Record<string, EntitySpec>>
  readonly roles?: Readonly<Record<string, RoleSpec>>
}

/** One root, one unit, and accounts in either. */
export interface OrganizationSpec {
  /** Account ids; in `unit` those of the unit. */
  readonly accounts?: readonly string[]
  readonly unit?: readonly string[]
  /** The ids of root and unit aren't written down. */
  readonly hasNoIds?: true
  /** Beside full access, at the root and at the unit. */
  readonly scp?: Statements
  readonly unitScp?: Statements
  /** In place of full access, at each account. */
  readonly allowed?: Statements
  /** The management account; absent: one that isn't the project's own, if there is any. */
  readonly managedBy?: string
  readonly rcp?: Statements
}

export interface ResourceSpec {
  readonly account: string
  readonly policy?: Statements
  readonly hasOldVersion?: true
  readonly tags?: Readonly<Record<string, string>>
}

export interface EstateSpec {
  readonly partition?: Partition
  readonly accounts: Readonly<Record<string, AccountSpec>>
  readonly organization?: OrganizationSpec | null
  readonly resources?: Readonly<Record<string, ResourceSpec>>
}

/** Two states of one estate. */
export interface EstatePair {
  readonly before: EstateSpec
  readonly after: EstateSpec
}

/** The user or role of a state that an ARN names; null: there is none. */
export function entityIn({ accounts, partition = 'aws' }: EstateSpec, arn: string): EntitySpec | null {
  for (const [id, { users = {}, roles = {} }] of Object.entries(accounts))
    for (const [kind, entities] of Object.entries({ user: users, role: roles }))
      for (const [name, entity] of Object.entries(entities))
        if (arn === `arn:${partition}:iam::${id}:${kind}${entity.path ?? '/'}${name}`) return entity
  return null
}

/** Each statement has a name, so that entries tell which one they are about. */
export const placed = (statements: Statements | undefined, hasOldVersion?: true): PlacedDocument => ({
  json: {
    Version: hasOldVersion === true ? '2008-10-17' : '2012-10-17',
    Statement: (statements ?? []).map((statement, index) => ({ Sid: `S${index}`, ...statement })),
  },
  located: null,
})

export function estateFrom({
  partition = 'aws',
  accounts,
  organization,
  resources = {},
}: EstateSpec): Estate {
  return {
    accounts: Object.entries(accounts).map(([id, spec]) => accountFrom(id, partition, spec)),
    organization: organization == null ? null : organizationFrom(organization),
    resources: new Map(
      Object.entries(resources).map(
        ([arn, { account, policy, hasOldVersion, tags = {} }]): [string, ResourceFacts] => [
          arn,
          {
            arn,
            account,
            policy: policy === undefined ? null : placed(policy, hasOldVersion),
            tags: new Map(Object.entries(tags)),
          },
        ],
      ),
    ),
  }
}

function accountFrom(
  id: string,
  partition: Partition,
  { users = {}, roles = {} }: AccountSpec,
): AccountState {
  const boundaries = new Map<string, Statements>()
  const parts = (kind: 'user' | 'role', name: string, spec: EntitySpec) => {
    const path = spec.path ?? '/'
    let permissionsBoundary: string | null = null
    if (spec.boundary !== undefined) {
      const policy = `${kind}-${name}`
      boundaries.set(policy, spec.boundary)
      permissionsBoundary = `arn:${partition}:iam::${id}:policy/${policy}`
    }
    return {
      name,
      path,
      arn: `arn:${partition}:iam::${id}:${kind}${path}${name}`,
      managedPolicies: spec.managed ?? [],
      inlinePolicies: new Map(
        spec.policy === undefined ? [] : [['own', placed(spec.policy, spec.hasOldVersion)]],
      ),
      permissionsBoundary,
      tags: new Map(Object.entries(spec.tags ?? {})),
    }
  }
  const states = {
    user: new Map(
      Object.entries(users).map(([name, spec]): [string, UserState] => [
        name,
        {
          kind: 'user',
          groups: spec.ofGroup === undefined ? [] : [`of-${name}`],
          ...parts('user', name, spec),
        },
      ]),
    ),
    role: new Map(
      Object.entries(roles).map(([name, spec]): [string, RoleState] => [
        name,
        {
          kind: 'role',
          description: '',
          maxSessionDuration: 3600,
          trustPolicy: placed(spec.trust),
          ...parts('role', name, spec),
        },
      ]),
    ),
  }
  return {
    account: { id, partition },
    entities: {
      ...byKind(() => new Map<string, never>()),
      ...states,
      group: new Map(
        Object.entries(users).flatMap(([user, { ofGroup }]) => {
          const name = `of-${user}`
          return ofGroup === undefined
            ? []
            : [
                [
                  name,
                  {
                    kind: 'group',
                    name,
                    path: '/',
                    arn: `arn:${partition}:iam::${id}:group/${name}`,
                    managedPolicies: [],
                    inlinePolicies: new Map([['of-group', placed(ofGroup)]]),
                  },
                ] as const,
              ]
        }),
      ),
      policy: new Map(
        [...boundaries].map(([name, statements]) => [
          name,
          {
            kind: 'policy',
            name,
            path: '/',
            arn: `arn:${partition}:iam::${id}:policy/${name}`,
            description: '',
            document: placed(statements),
            versions: [{ id: 'v1', isDefault: true }],
            tags: new Map(),
          },
        ]),
      ),
    },
    children: {},
    settings: { passwordPolicy: null, accountAlias: null },
  }
}

function organizationFrom({
  accounts = [],
  unit = [],
  hasNoIds,
  scp,
  unitScp,
  allowed,
  managedBy,
  rcp,
}: OrganizationSpec) {
  const leaf = (id: string): OrganizationNode => ({
    kind: 'account',
    id,
    name: id,
    serviceControlPolicies: allowed === undefined ? [FULL_ACCESS] : own('allowed', allowed),
    resourceControlPolicies: [],
    children: [],
  })
  const own = (name: string, statements: Statements | undefined) =>
    statements === undefined ? [] : [{ name, document: placed(statements) }]
  const units: readonly OrganizationNode[] =
    unit.length === 0
      ? []
      : [
          {
            kind: 'organizationalUnit',
            id: hasNoIds ? null : 'ou-ab12-unit0001',
            name: 'unit',
            serviceControlPolicies: [FULL_ACCESS, ...own('unit-scp', unitScp)],
            resourceControlPolicies: [],
            children: unit.map(leaf),
          },
        ]
  return {
    ...organizationOf({
      kind: 'root',
      id: hasNoIds ? null : ROOT_ID,
      name: 'Root',
      serviceControlPolicies: [FULL_ACCESS, ...own('root-scp', scp)],
      resourceControlPolicies: own('root-rcp', rcp),
      children: [...units, ...accounts.map(leaf)],
    }),
    id: ORGANIZATION,
    managementAccount: managedBy ?? accounts.find((id) => id !== HOME) ?? HOME,
  }
}
