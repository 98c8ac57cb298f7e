import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import type { LocatedMap, Span } from '../../src/diagnostics/index.ts'
import type { DesiredState } from '../../src/manifest/desired.ts'
import {
  type Account,
  byKind,
  type DesiredGroup,
  type DesiredPolicy,
  type DesiredRole,
  type DesiredUser,
  ENTITIES,
  entityArn,
  type LoginProfile,
  PASSWORD_POLICY_DEFAULTS,
  type PasswordPolicy,
  type PlacedDocument,
  type PolicyDocument,
  type PolicyStatement,
} from '../../src/model/index.ts'
import type { Quotas } from '../../src/model/quotas.ts'
import { policySize } from '../../src/policy/size.ts'
import fc from '../fixed-seed.ts'
import { ACCOUNT, policyDocument } from './policy.ts'

/**
 * Quotas so low that random states reach them: what is exchanged must then go before what comes in its place.
 * Sizes and versions are AWS's own.
 */
export const TIGHT_QUOTAS: Quotas = {
  ...DEFAULT_QUOTAS,
  groupsPerUser: 2,
  managedPoliciesPerUser: 2,
  managedPoliciesPerGroup: 2,
  managedPoliciesPerRole: 2,
}

/** AWS's own policies that states may name. */
export const AWS_POLICY_ARNS = [
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:iam::aws:policy/job-function/Billing',
] as const

/**
 * A state as its author would write it down: by names, with absent attributes not managed. References name what the
 * blueprint has itself; a policy is named by its name, or is one of AWS's by its ARN.
 */
export interface Blueprint {
  readonly policies: Named<PolicyPart>
  readonly groups: Named<GroupPart>
  readonly roles: Named<RolePart>
  readonly users: Named<UserPart>
  readonly passwordPolicy?: PasswordPolicy | null
  readonly alias?: string | null
}

type Named<Part> = Readonly<Record<string, Part>>
type Documents = Named<PolicyDocument>

interface PolicyPart {
  readonly path: string
  readonly description?: string | null
  readonly document: PolicyDocument
  readonly tags?: Named<string>
}

interface GroupPart {
  readonly path: string
  readonly managedPolicies?: readonly string[]
  readonly inlinePolicies?: Documents
}

interface UserPart extends GroupPart {
  readonly groups?: readonly string[]
  readonly permissionsBoundary?: string | null
  readonly tags?: Named<string>
  readonly loginProfile?: LoginProfile | null
}

interface RolePart extends GroupPart {
  readonly description?: string | null
  readonly maxSessionDuration?: number
  /** `user/NAME`, `role/NAME`: this account's own; everything else stands in the document as it is. */
  readonly trusts: readonly string[]
  readonly permissionsBoundary?: string | null
  readonly tags?: Named<string>
}

const USERS = ['alice', 'bob', 'carol']
const GROUPS = ['admins', 'developers', 'auditors']
const ROLES = ['deploy', 'audit', 'admin']
const POLICIES = ['read', 'write', 'limit', 'pass']
const PATHS = ['/', '/team/', '/team/core/']

const SMALL: readonly PolicyDocument[] = [
  {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Read', Effect: 'Allow', Action: 's3:Get*', Resource: '*' }],
  },
  { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: ['iam:*', 'sts:*'], Resource: '*' } },
]
/** So large that two of them don't fit into the inline policies of one user. */
const LARGE: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: Array.from({ length: 30 }, (_, index) => `arn:aws:s3:::a-bucket-with-a-long-name-${index}/*`),
    },
  ],
}

const documents = (): fc.Arbitrary<PolicyDocument> =>
  fc.oneof(fc.constantFrom(...SMALL), fc.constant(LARGE), policyDocument('identity', { maxStatements: 2 }))

const some = <T>(names: readonly string[], part: fc.Arbitrary<T>): fc.Arbitrary<Named<T>> =>
  fc
    .tuple(...names.map((name) => fc.tuple(fc.constant(name), fc.option(part, { nil: null, freq: 3 }))))
    .map((entries) =>
      Object.fromEntries(
        entries.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
      ),
    )

/** A key is left out, rather than undefined, when its attribute isn't managed. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 4 })
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T

const path = () => fc.constantFrom(...PATHS)
const description = () => fc.constantFrom(null, 'first words', 'other words, é')
const inlinePolicies = () => some(['own', 'extra'], documents())
const policyNames = () => fc.subarray([...POLICIES, ...AWS_POLICY_ARNS])
const boundary = () => fc.constantFrom(null, ...POLICIES, AWS_POLICY_ARNS[0])
/** Keys of users and roles are the same whatever their case. */
const tags = () =>
  fc
    .tuple(
      fc.constantFrom({}, { team: 'a' }, { team: 'b' }, { Team: 'a' }),
      fc.constantFrom({}, { stage: '' }, { stage: 'prod' }),
    )
    .map(([first, second]): Named<string> => ({ ...first, ...second }))

const loginProfile = (): fc.Arbitrary<LoginProfile | null> =>
  fc.constantFrom(null, { passwordResetRequired: false }, { passwordResetRequired: true })

const policyPart = (): fc.Arbitrary<PolicyPart> =>
  fc
    .record({ path: path(), description: maybe(description()), document: documents(), tags: maybe(tags()) })
    .map(defined<object>) as fc.Arbitrary<PolicyPart>

const groupFields = {
  path: path(),
  managedPolicies: maybe(policyNames()),
  inlinePolicies: maybe(inlinePolicies()),
}
const groupPart = () => fc.record(groupFields).map(defined<object>) as fc.Arbitrary<GroupPart>

const userPart = () =>
  fc
    .record({
      ...groupFields,
      groups: maybe(fc.subarray(GROUPS)),
      permissionsBoundary: maybe(boundary()),
      tags: maybe(tags()),
      loginProfile: maybe(loginProfile()),
    })
    .map(defined<object>) as fc.Arbitrary<UserPart>

const rolePart = () =>
  fc
    .record({
      ...groupFields,
      description: maybe(description()),
      maxSessionDuration: maybe(fc.constantFrom(3600, 7200)),
      trusts: fc.subarray([
        ...USERS.map((name) => `user/${name}`),
        ...ROLES.map((name) => `role/${name}`),
        'ec2.amazonaws.com',
        'arn:aws:iam::111122223333:root',
        'arn:aws:iam::444455556666:role/elsewhere',
      ]),
      permissionsBoundary: maybe(boundary()),
      tags: maybe(tags()),
    })
    .map(defined<object>) as fc.Arbitrary<RolePart>

const passwordPolicy = (): fc.Arbitrary<PasswordPolicy | null> =>
  fc
    .option(
      fc.record({
        minimumPasswordLength: fc.constantFrom(8, 14),
        requireSymbols: fc.boolean(),
        maxPasswordAge: fc.constantFrom(null, 90),
        passwordReusePrevention: fc.constantFrom(null, 5),
        hardExpiry: fc.boolean(),
      }),
      { nil: null, freq: 3 },
    )
    .map((value) => (value === null ? null : { ...PASSWORD_POLICY_DEFAULTS, ...value }))

const parts = () =>
  fc.record({
    policies: some(POLICIES, policyPart()),
    groups: some(GROUPS, groupPart()),
    roles: some(ROLES, rolePart()),
    users: some(USERS, userPart()),
    passwordPolicy: maybe(passwordPolicy()),
    alias: maybe(fc.constantFrom(null, 'acme', 'acme-two')),
  })

/** Drops what refers to nothing, and what is too much for the quotas. */
function consistent(blueprint: Blueprint): Blueprint {
  const { policies, groups, roles, users } = blueprint
  const known = (name: string) => name in policies || name.startsWith('arn:')
  const grants = (part: GroupPart, limit: number, size: number) => ({
    ...(part.managedPolicies === undefined
      ? {}
      : { managedPolicies: part.managedPolicies.filter(known).slice(0, limit) }),
    ...(part.inlinePolicies === undefined ? {} : { inlinePolicies: fitting(part.inlinePolicies, size) }),
  })
  const boundaryOf = (part: UserPart) =>
    typeof part.permissionsBoundary === 'string' && !known(part.permissionsBoundary)
      ? { permissionsBoundary: null }
      : {}
  const quotas = TIGHT_QUOTAS
  return defined({
    ...blueprint,
    groups: mapped(groups, (group) => ({
      ...group,
      ...grants(group, quotas.managedPoliciesPerGroup, quotas.inlinePolicySizePerGroup),
    })),
    roles: mapped(roles, (role) => ({
      ...role,
      ...grants(role, quotas.managedPoliciesPerRole, quotas.inlinePolicySizePerRole),
      ...boundaryOf(role),
      trusts: role.trusts.filter((trusted) => {
        const [kind, name = ''] = trusted.split('/')
        return (
          !trusted.includes('/') || trusted.startsWith('arn:') || name in (kind === 'user' ? users : roles)
        )
      }),
    })),
    users: mapped(users, (user) => ({
      ...user,
      ...grants(user, quotas.managedPoliciesPerUser, quotas.inlinePolicySizePerUser),
      ...boundaryOf(user),
      ...(user.groups === undefined
        ? {}
        : { groups: user.groups.filter((name) => name in groups).slice(0, quotas.groupsPerUser) }),
    })),
  })
}

function fitting(inline: Documents, limit: number): Documents {
  let size = 0
  return Object.fromEntries(
    Object.entries(inline).filter(([, document]) => {
      const fits = size + policySize(document) <= limit
      if (fits) size += policySize(document)
      return fits
    }),
  )
}

const mapped = <T, R>(parts: Named<T>, map: (part: T) => R): Named<R> =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, map(part)]))

/** A state over all kinds. */
export const blueprint = (): fc.Arbitrary<Blueprint> =>
  parts().map((value) => consistent(defined(value) as Blueprint))

/** Two states, of which the second has some entities just as the first has them. */
export const blueprintPair = (): fc.Arbitrary<readonly [start: Blueprint, goal: Blueprint]> =>
  fc
    .tuple(parts(), parts(), fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }))
    .map(([start, other, keeps]) => {
      let at = 0
      const mixed = <T>(a: Named<T>, b: Named<T>): Named<T> => {
        const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
        return Object.fromEntries(
          names.flatMap((name) => {
            const part = keeps[at++ % keeps.length] === true && name in a ? a[name] : b[name]
            return part === undefined ? [] : [[name, part] as const]
          }),
        )
      }
      const goal = {
        ...other,
        policies: mixed(start.policies, other.policies),
        groups: mixed(start.groups, other.groups),
        roles: mixed(start.roles, other.roles),
        users: mixed(start.users, other.users),
      }
      return [consistent(defined(start) as Blueprint), consistent(defined(goal) as Blueprint)] as const
    })

const SPAN: Span = { file: 'state.yaml', start: 0, end: 1 }
const NODE: LocatedMap = { kind: 'map', entries: [], ...SPAN }
const account: Account & { readonly name: string } = { ...ACCOUNT, name: 'production' }

/** What a manifest that says this would be read as. */
export function desiredOf(
  blueprint: Blueprint,
  respelling: (document: PolicyDocument) => PolicyDocument = (document) => document,
): DesiredState {
  const { policies, groups, roles, users } = blueprint
  const placed = (document: PolicyDocument): PlacedDocument => ({ json: respelling(document), located: null })
  const policyArn = (name: string): string =>
    name.startsWith('arn:') ? name : entityArn(account, ENTITIES.policy, policies[name]?.path ?? '/', name)
  const principalArn = (reference: string): string => {
    const [kind, name = ''] = reference.split('/')
    return kind === 'user'
      ? entityArn(account, ENTITIES.user, users[name]?.path ?? '/', name)
      : kind === 'role'
        ? entityArn(account, ENTITIES.role, roles[name]?.path ?? '/', name)
        : reference
  }
  const grants = (part: GroupPart) => ({
    ...(part.managedPolicies === undefined ? {} : { managedPolicies: part.managedPolicies.map(policyArn) }),
    ...(part.inlinePolicies === undefined
      ? {}
      : {
          inlinePolicies: new Map(
            Object.entries(part.inlinePolicies).map(([name, document]) => [name, placed(document)]),
          ),
        }),
  })
  const boundaryOf = ({ permissionsBoundary }: UserPart) =>
    permissionsBoundary === undefined
      ? {}
      : { permissionsBoundary: permissionsBoundary === null ? null : policyArn(permissionsBoundary) }
  const tagsOf = (part: { readonly tags?: Named<string> }) =>
    part.tags === undefined ? {} : { tags: new Map(Object.entries(part.tags)) }
  const declared = <K extends 'user' | 'group' | 'role' | 'policy'>(
    kind: K,
    name: string,
    part: { readonly path: string },
  ) => ({
    kind,
    name,
    path: part.path,
    arn: entityArn(account, ENTITIES[kind], part.path, name),
    span: SPAN,
    node: NODE,
  })
  const mapOf = <T, R>(parts: Named<T>, convert: (name: string, part: T) => R): ReadonlyMap<string, R> =>
    new Map(Object.entries(parts).map(([name, part]) => [name, convert(name, part)]))

  return {
    account,
    entities: {
      ...byKind(() => new Map<string, never>()),
      policy: mapOf(
        policies,
        (name, part): DesiredPolicy => ({
          ...declared('policy', name, part),
          document: placed(part.document),
          ...(part.description === undefined ? {} : { description: part.description }),
          ...tagsOf(part),
        }),
      ),
      group: mapOf(
        groups,
        (name, part): DesiredGroup => ({ ...declared('group', name, part), ...grants(part) }),
      ),
      role: mapOf(
        roles,
        (name, part): DesiredRole => ({
          ...declared('role', name, part),
          ...grants(part),
          ...boundaryOf(part),
          ...tagsOf(part),
          ...(part.description === undefined ? {} : { description: part.description }),
          ...(part.maxSessionDuration === undefined ? {} : { maxSessionDuration: part.maxSessionDuration }),
          trustPolicy: placed(trustPolicy(part.trusts.map(principalArn))),
        }),
      ),
      user: mapOf(
        users,
        (name, part): DesiredUser => ({
          ...declared('user', name, part),
          ...grants(part),
          ...boundaryOf(part),
          ...tagsOf(part),
          ...(part.groups === undefined ? {} : { groups: part.groups }),
          ...(part.loginProfile === undefined ? {} : { loginProfile: part.loginProfile }),
        }),
      ),
    },
    settings: {
      ...(blueprint.passwordPolicy === undefined
        ? {}
        : { passwordPolicy: { value: blueprint.passwordPolicy, span: SPAN, node: NODE } }),
      ...(blueprint.alias === undefined ? {} : { accountAlias: { value: blueprint.alias, span: SPAN } }),
    },
    tests: [],
    invariants: [],
    organization: null,
    resources: new Map(),
  }
}

/** One statement for the service, which stands in for nobody too; one for the principals, if there are any. */
function trustPolicy(trusted: readonly string[]): PolicyDocument {
  const principals = trusted.filter((each) => each.startsWith('arn:'))
  const statements: PolicyStatement[] = []
  if (principals.length < trusted.length || trusted.length === 0)
    statements.push({
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    })
  if (principals.length > 0)
    statements.push({
      Sid: 'People',
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    })
  return { Version: '2012-10-17', Statement: statements }
}
