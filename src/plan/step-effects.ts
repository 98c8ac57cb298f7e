import { InvariantError } from '../diagnostics/index.ts'
import type { DesiredState } from '../manifest/desired.ts'
import {
  type AccountState,
  DEFAULT_MAX_SESSION_DURATION,
  entityArn,
  type GroupState,
  PASSWORD_POLICY_DEFAULTS,
  type PasswordPolicy,
  type PlacedDocument,
  type PolicyState,
  parseEntityArn,
  type RoleState,
  type UserState,
} from '../model/index.ts'
import type { Step } from './plan.ts'

/** A copy of an account to work on: maps of its own, the entities shared until one of them changes. */
export interface AccountDraft {
  readonly desired: DesiredState
  readonly account: AccountState['account']
  readonly users: Map<string, UserState>
  readonly groups: Map<string, GroupState>
  readonly roles: Map<string, RoleState>
  readonly policies: Map<string, PolicyState>
  passwordPolicy: PasswordPolicy | null
  alias: string | null
}

type Input = Step['input']
type Effect = (draft: AccountDraft, input: Input) => void
type Holder = UserState | GroupState | RoleState
type Bounded = UserState | RoleState

/**
 * What a step does to an account. Documents are taken from the declarations, which is where every step has them from.
 * @throws InvariantError on an operation that no planner uses
 */
export function carryOut({ operation, input }: Step, draft: AccountDraft): void {
  const effect = EFFECTS[operation]
  if (effect === undefined) throw new InvariantError(`nothing is known of what ${operation} does`)
  effect(draft, input)
}

const text = (input: Input, field: string): string => String(input[field] ?? '')
const textOrNull = (input: Input, field: string): string | null =>
  typeof input[field] === 'string' ? input[field] : null

/** Replaces an entity by a changed copy; what isn't there stays so. */
function change<T>(entities: Map<string, T>, name: string, to: (entity: T) => T): void {
  const entity = entities.get(name)
  if (entity !== undefined) entities.set(name, to(entity))
}

const tagsIn = (input: Input): ReadonlyMap<string, string> =>
  new Map(
    ((input.Tags ?? []) as readonly { readonly Key: string; readonly Value: string }[]).map(
      ({ Key, Value }) => [Key, Value],
    ),
  )

const created = <K extends 'user' | 'group' | 'role' | 'policy'>(
  kind: K,
  { account }: AccountDraft,
  path: string,
  name: string,
) => ({ kind, name, path, arn: entityArn(account, kind, path, name) })

const NO_DOCUMENT: PlacedDocument = { json: { Statement: [] }, located: null }

function holderEffects(title: 'User' | 'Group' | 'Role'): Readonly<Record<string, Effect>> {
  const kind = title.toLowerCase() as Holder['kind']
  const mapOf = (draft: AccountDraft) => draft[`${kind}s`] as Map<string, Holder>
  const nameOf = (input: Input) => text(input, `${title}Name`)
  const each =
    (to: (holder: Holder, input: Input, draft: AccountDraft) => Holder): Effect =>
    (draft, input) =>
      change(mapOf(draft), nameOf(input), (holder) => to(holder, input, draft))
  return {
    [`Attach${title}Policy`]: each((holder, input) => ({
      ...holder,
      managedPolicies: [...holder.managedPolicies, text(input, 'PolicyArn')],
    })),
    [`Detach${title}Policy`]: each((holder, input) => ({
      ...holder,
      managedPolicies: holder.managedPolicies.filter((arn) => arn !== text(input, 'PolicyArn')),
    })),
    [`Put${title}Policy`]: each((holder, input, { desired }) => {
      const name = text(input, 'PolicyName')
      const document = desired[`${kind}s`].get(holder.name)?.inlinePolicies?.get(name) ?? NO_DOCUMENT
      return { ...holder, inlinePolicies: new Map([...holder.inlinePolicies, [name, document]]) }
    }),
    [`Delete${title}Policy`]: each((holder, input) => ({
      ...holder,
      inlinePolicies: new Map(
        [...holder.inlinePolicies].filter(([name]) => name !== text(input, 'PolicyName')),
      ),
    })),
    [`Update${title}`]: each((holder, input, { account }) => {
      const path = textOrNull(input, 'NewPath') ?? holder.path
      return { ...holder, path, arn: entityArn(account, kind, path, holder.name) }
    }),
    [`Delete${title}`]: (draft, input) => {
      mapOf(draft).delete(nameOf(input))
    },
  }
}

function boundedEffects(title: 'User' | 'Role'): Readonly<Record<string, Effect>> {
  const each =
    (to: (entity: Bounded, input: Input) => Bounded): Effect =>
    (draft, input) =>
      change(
        (title === 'User' ? draft.users : draft.roles) as Map<string, Bounded>,
        text(input, `${title}Name`),
        (entity) => to(entity, input),
      )
  return {
    [`Put${title}PermissionsBoundary`]: each((entity, input) => ({
      ...entity,
      permissionsBoundary: text(input, 'PermissionsBoundary'),
    })),
    [`Delete${title}PermissionsBoundary`]: each((entity) => ({ ...entity, permissionsBoundary: null })),
    [`Tag${title}`]: each((entity, input) => ({ ...entity, tags: tagged(entity.tags, input) })),
    [`Untag${title}`]: each((entity, input) => ({ ...entity, tags: untagged(entity.tags, input) })),
  }
}

const tagged = (tags: ReadonlyMap<string, string>, input: Input): ReadonlyMap<string, string> =>
  new Map([...tags, ...tagsIn(input)])

const untagged = (tags: ReadonlyMap<string, string>, input: Input): ReadonlyMap<string, string> => {
  const keys = new Set(input.TagKeys as readonly string[])
  return new Map([...tags].filter(([key]) => !keys.has(key)))
}

/** By the ARN that a step names. */
const ofPolicy =
  (to: (policy: PolicyState, input: Input, draft: AccountDraft) => PolicyState): Effect =>
  (draft, input) =>
    change(draft.policies, policyName(input), (policy) => to(policy, input, draft))

const policyName = (input: Input): string => parseEntityArn(text(input, 'PolicyArn'))?.name ?? ''

const documentOf = ({ desired }: AccountDraft, name: string): PlacedDocument =>
  desired.policies.get(name)?.document ?? NO_DOCUMENT
const trustOf = ({ desired }: AccountDraft, name: string): PlacedDocument =>
  desired.roles.get(name)?.trustPolicy ?? NO_DOCUMENT

const ROLE_EFFECTS: Readonly<Record<string, Effect>> = {
  CreateRole: (draft, input) => {
    const name = text(input, 'RoleName')
    draft.roles.set(name, {
      ...created('role', draft, text(input, 'Path'), name),
      description: text(input, 'Description'),
      maxSessionDuration: (input.MaxSessionDuration as number | undefined) ?? DEFAULT_MAX_SESSION_DURATION,
      // Of a cycle, the step's own is only the beginning of it.
      trustPolicy: trustOf(draft, name),
      managedPolicies: [],
      inlinePolicies: new Map(),
      permissionsBoundary: textOrNull(input, 'PermissionsBoundary'),
      tags: tagsIn(input),
    })
  },
  UpdateRole: (draft, input) =>
    change(draft.roles, text(input, 'RoleName'), (role) => ({
      ...role,
      description: text(input, 'Description'),
      maxSessionDuration: input.MaxSessionDuration as number,
    })),
  UpdateAssumeRolePolicy: (draft, input) =>
    change(draft.roles, text(input, 'RoleName'), (role) => ({
      ...role,
      trustPolicy: trustOf(draft, role.name),
    })),
}

const POLICY_EFFECTS: Readonly<Record<string, Effect>> = {
  CreatePolicy: (draft, input) => {
    const name = text(input, 'PolicyName')
    draft.policies.set(name, {
      ...created('policy', draft, text(input, 'Path'), name),
      description: text(input, 'Description'),
      document: documentOf(draft, name),
      versions: [{ id: 'v1', isDefault: true }],
      tags: tagsIn(input),
    })
  },
  CreatePolicyVersion: ofPolicy((policy, _, draft) => ({
    ...policy,
    document: documentOf(draft, policy.name),
  })),
  // Never the default one, which alone means anything.
  DeletePolicyVersion: () => {},
  TagPolicy: ofPolicy((policy, input) => ({ ...policy, tags: tagged(policy.tags, input) })),
  UntagPolicy: ofPolicy((policy, input) => ({ ...policy, tags: untagged(policy.tags, input) })),
  DeletePolicy: (draft, input) => {
    draft.policies.delete(policyName(input))
  },
}

const EFFECTS: Readonly<Record<string, Effect>> = {
  ...holderEffects('User'),
  ...holderEffects('Group'),
  ...holderEffects('Role'),
  ...boundedEffects('User'),
  ...boundedEffects('Role'),
  ...ROLE_EFFECTS,
  ...POLICY_EFFECTS,
  CreateUser: (draft, input) => {
    const name = text(input, 'UserName')
    draft.users.set(name, {
      ...created('user', draft, text(input, 'Path'), name),
      groups: [],
      managedPolicies: [],
      inlinePolicies: new Map(),
      permissionsBoundary: textOrNull(input, 'PermissionsBoundary'),
      tags: tagsIn(input),
    })
  },
  CreateGroup: (draft, input) => {
    const name = text(input, 'GroupName')
    draft.groups.set(name, {
      ...created('group', draft, text(input, 'Path'), name),
      managedPolicies: [],
      inlinePolicies: new Map(),
    })
  },
  AddUserToGroup: (draft, input) =>
    change(draft.users, text(input, 'UserName'), (user) => ({
      ...user,
      groups: [...user.groups, text(input, 'GroupName')],
    })),
  RemoveUserFromGroup: (draft, input) =>
    change(draft.users, text(input, 'UserName'), (user) => ({
      ...user,
      groups: user.groups.filter((group) => group !== text(input, 'GroupName')),
    })),
  UpdateAccountPasswordPolicy: (draft, input) => {
    draft.passwordPolicy = {
      ...PASSWORD_POLICY_DEFAULTS,
      ...Object.fromEntries(
        Object.entries(input).map(([field, value]) => [
          `${field.charAt(0).toLowerCase()}${field.slice(1)}`,
          value,
        ]),
      ),
    }
  },
  DeleteAccountPasswordPolicy: (draft) => {
    draft.passwordPolicy = null
  },
  CreateAccountAlias: (draft, input) => {
    draft.alias = text(input, 'AccountAlias')
  },
  DeleteAccountAlias: (draft) => {
    draft.alias = null
  },
}
