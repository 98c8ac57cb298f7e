import {
  type AccountState,
  byKind,
  type Estate,
  type GroupState,
  type Organization,
  type PolicyDocument,
  type PolicyState,
  type PolicyStatement,
  type RoleState,
  type UserState,
} from '../../src/model/index.ts'
import { controlPolicy, FULL_ACCESS, nodeOf, placed } from '../evaluator/estate-world.ts'

/** The account of all estates here, and one that is nobody's. */
export const HOME = '111122223333'
export const ELSEWHERE = '999999999999'
export const ADMINISTRATOR = 'AdministratorAccess'

interface HolderParts {
  readonly path?: string
  /** One inline policy. */
  readonly policy?: PolicyDocument
  /** Names of AWS's managed policies, and of the account's own. */
  readonly managed?: readonly string[]
}
export interface PrincipalParts extends HolderParts {
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
}
export interface UserParts extends PrincipalParts {
  readonly groups?: readonly string[]
}
export interface RoleParts extends PrincipalParts {
  readonly trust: PolicyDocument
  readonly description?: string
}

/** An account in few words: what isn't said is empty. */
export interface Parts {
  readonly users?: Readonly<Record<string, UserParts>>
  readonly groups?: Readonly<Record<string, HolderParts>>
  readonly roles?: Readonly<Record<string, RoleParts>>
  readonly policies?: Readonly<Record<string, PolicyDocument>>
  /** Statements of a control policy on the account. */
  readonly control?: readonly PolicyStatement[]
}

export const arnOf = (entity: string): string => `arn:aws:iam::${HOME}:${entity}`
const policyArn = (name: string, own: ReadonlySet<string>): string =>
  own.has(name) ? arnOf(`policy/${name}`) : `arn:aws:iam::aws:policy/${name}`

export const allows = (
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
  condition?: object,
): PolicyStatement =>
  ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  }) as PolicyStatement
export const denies = (
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
  condition?: object,
): PolicyStatement => ({ ...allows(action, resource, condition), Effect: 'Deny' })
export const document = (...statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
})
/** A trust policy that lets in services, or principals of the account by name. */
export const trusts = (...who: readonly string[]): PolicyDocument =>
  document(
    ...who.map(
      (each) =>
        ({
          Effect: 'Allow',
          Principal: each.includes('.amazonaws.com') ? { Service: each } : { AWS: arnOf(each) },
          Action: 'sts:AssumeRole',
        }) as PolicyStatement,
    ),
  )
/** A trust policy of another kind. */
export const lets = (
  principal: object | '*',
  action: string | readonly string[],
  condition?: object,
): PolicyDocument =>
  document({
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition === undefined ? {} : { Condition: condition }),
  } as PolicyStatement)

export function stateOf({
  users = {},
  groups = {},
  roles = {},
  policies = {},
}: Omit<Parts, 'control'>): AccountState {
  const own = new Set(Object.keys(policies))
  const held = (kind: string, name: string, { path = '/', policy, managed = [] }: HolderParts) => ({
    name,
    path,
    arn: arnOf(`${kind}${path}${name}`),
    managedPolicies: managed.map((each) => policyArn(each, own)),
    inlinePolicies: new Map(policy === undefined ? [] : [['own', placed(policy)]]),
  })
  const limited = ({ boundary, tags = {} }: PrincipalParts) => ({
    permissionsBoundary: boundary === undefined ? null : policyArn(boundary, own),
    tags: new Map(Object.entries(tags)),
  })
  return {
    account: { id: HOME, partition: 'aws' },
    entities: {
      ...byKind(() => new Map<string, never>()),
      user: mapOf(users, (name, parts): UserState => {
        return { kind: 'user', ...held('user', name, parts), ...limited(parts), groups: parts.groups ?? [] }
      }),
      group: mapOf(groups, (name, parts): GroupState => ({ kind: 'group', ...held('group', name, parts) })),
      role: mapOf(roles, (name, parts): RoleState => {
        const { trust, description = '' } = parts
        return {
          kind: 'role',
          ...held('role', name, parts),
          ...limited(parts),
          description,
          maxSessionDuration: 3600,
          trustPolicy: placed(trust),
        }
      }),
      policy: mapOf(
        policies,
        (name, json): PolicyState => ({
          kind: 'policy',
          name,
          path: '/',
          arn: arnOf(`policy/${name}`),
          description: '',
          document: placed(json),
          // An earlier one is there to go back to.
          versions: [
            { id: 'v1', isDefault: false },
            { id: 'v2', isDefault: true },
          ],
          tags: new Map(),
        }),
      ),
    },
    children: {},
    settings: { passwordPolicy: null, accountAlias: null },
  }
}

export const estateOf = ({ control, ...parts }: Parts): Estate => ({
  accounts: [stateOf(parts)],
  organization: control === undefined ? null : limitedBy(control),
  resources: new Map(),
  // As of an input that says of none.
  instanceProfiles: new Map(),
  providers: new Set(),
})

/** An organization whose management account isn't among those of an estate. */
const limitedBy = (statements: readonly PolicyStatement[]): Organization => ({
  id: 'o-abcdefghij',
  managementAccount: '111111111111',
  root: nodeOf('root', 'r-ab12', {
    children: [
      nodeOf('account', HOME, {
        serviceControlPolicies: [FULL_ACCESS, controlPolicy('Guard', ...statements)],
      }),
    ],
  }),
})

const mapOf = <Part, State>(
  parts: Readonly<Record<string, Part>>,
  made: (name: string, part: Part) => State,
): ReadonlyMap<string, State> =>
  new Map(Object.entries(parts).map(([name, part]) => [name, made(name, part)]))
