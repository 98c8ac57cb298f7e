import {
  type AccountState,
  byKind,
  type Estate,
  type Organization,
  type OrganizationNode,
  type OrganizationPolicy,
  type PlacedDocument,
  type PolicyDocument,
  type PolicyStatement,
  type ResourceFacts,
  type RoleState,
  type UserState,
} from '../../src/model/index.ts'

export const MANAGEMENT = '111111111111'
export const HOME = '222222222222'
export const OTHER = '333333333333'
/** A member of the organization whose manifests are not there. */
export const DARK = '444444444444'
export const OUTSIDE = '999999999999'

export const placed = (json: PolicyDocument): PlacedDocument => ({ json, located: null })
export const document = (...statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
})
export const allow = (action: string, more: object = {}): PolicyStatement => ({
  Sid: 'Yes',
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...more,
})
export const deny = (action: string, more: object = {}): PolicyStatement => ({
  ...allow(action, more),
  Sid: 'No',
  Effect: 'Deny',
})
/** A statement of a trust or resource policy. */
export const grant = (principal: unknown, action: string, more: object = {}): PolicyStatement => {
  const { Resource: _, ...statement } = allow(action, { Principal: principal, ...more })
  return statement
}

interface EntityParts {
  readonly path?: string
  readonly policy?: PolicyDocument
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
}

const partsOf = ({ path = '/', policy, boundary, tags = {} }: EntityParts) => ({
  path,
  managedPolicies: [],
  inlinePolicies: new Map(policy === undefined ? [] : [['own', placed(policy)]]),
  permissionsBoundary: boundary ?? null,
  tags: new Map(Object.entries(tags)),
})

export const accountOf = (
  id: string,
  users: Readonly<Record<string, EntityParts>>,
  roles: Readonly<Record<string, EntityParts & { readonly trust: PolicyDocument }>> = {},
  policies: Readonly<Record<string, PolicyDocument>> = {},
): AccountState => ({
  account: { id, partition: 'aws' },
  entities: {
    ...byKind(() => new Map<string, never>()),
    user: new Map(
      Object.entries(users).map(([name, parts]): [string, UserState] => [
        name,
        {
          kind: 'user',
          name,
          arn: `arn:aws:iam::${id}:user${parts.path ?? '/'}${name}`,
          groups: [],
          ...partsOf(parts),
        },
      ]),
    ),
    group: new Map(),
    role: new Map(
      Object.entries(roles).map(([name, parts]): [string, RoleState] => [
        name,
        {
          kind: 'role',
          name,
          arn: `arn:aws:iam::${id}:role${parts.path ?? '/'}${name}`,
          description: '',
          maxSessionDuration: 3600,
          trustPolicy: placed(parts.trust),
          ...partsOf(parts),
        },
      ]),
    ),
    policy: new Map(
      Object.entries(policies).map(([name, json]) => [
        name,
        {
          kind: 'policy',
          name,
          path: '/',
          arn: `arn:aws:iam::${id}:policy/${name}`,
          description: '',
          document: placed(json),
          versions: [],
          tags: new Map(),
        },
      ]),
    ),
  },
  children: {},
  settings: { passwordPolicy: null, accountAlias: null },
})

export const controlPolicy = (
  name: string,
  ...statements: readonly PolicyStatement[]
): OrganizationPolicy => ({
  name,
  document: placed(document(...statements)),
})
export const FULL_ACCESS = controlPolicy('FullAWSAccess', allow('*'))

export const nodeOf = (
  kind: OrganizationNode['kind'],
  id: string | null,
  parts: Partial<OrganizationNode> = {},
): OrganizationNode => ({
  kind,
  id,
  name: id ?? 'unnamed',
  serviceControlPolicies: [FULL_ACCESS],
  resourceControlPolicies: [],
  children: [],
  ...parts,
})

export const organizationOf = (root: OrganizationNode): Organization => ({
  id: 'o-abcdefghij',
  managementAccount: MANAGEMENT,
  root,
})

export const resourceOf = (
  arn: string,
  account: string,
  policy: PolicyDocument | null,
  tags: Readonly<Record<string, string>> = {},
): readonly [string, ResourceFacts] => [
  arn,
  { arn, account, policy: policy === null ? null : placed(policy), tags: new Map(Object.entries(tags)) },
]

export const estateWith = (
  accounts: readonly AccountState[],
  organization: Organization | null = null,
  resources: readonly (readonly [string, ResourceFacts])[] = [],
): Estate => ({ accounts, organization, resources: new Map(resources) })

export const FACTS = { documentOf: () => null, now: new Date('2026-01-01T00:00:00Z') }
