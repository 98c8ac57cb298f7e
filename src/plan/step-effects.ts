import { InvariantError } from '../diagnostics/index.ts'
import type { DesiredState } from '../manifest/desired.ts'
import {
  type AccountState,
  DEFAULT_MAX_SESSION_DURATION,
  ENTITIES,
  type EntityKind,
  entityArn,
  type GroupState,
  PASSWORD_POLICY_DEFAULTS,
  type PlacedDocument,
  type PolicyState,
  parseEntityArn,
  type RoleState,
  type SettingKind,
  type StateOf,
  type UserState,
} from '../model/index.ts'
import type { WriteOperation, WriteOperations } from '../model/operations.ts'
import type { StepCall } from '../model/step.ts'

/** A copy of an account to work on: maps of its own, the entities shared until one of them changes. */
export interface AccountDraft {
  readonly desired: DesiredState
  readonly account: AccountState['account']
  readonly entities: { readonly [K in EntityKind]: Map<string, StateOf<K>> }
  readonly children: AccountState['children']
  readonly settings: { [K in SettingKind]: StateOf<K> | null }
}

/** What a call does. Documents are taken from the declarations, which is where every step has them from. */
type Effect<Input> = (draft: AccountDraft, input: Input) => void
type Effects = { readonly [O in WriteOperation]: Effect<WriteOperations[O]['input']> }
type Holder = UserState | GroupState | RoleState
type Bounded = UserState | RoleState
/** A text of an input, as the SDK types it. */
type Text = string | undefined

export const carryOut = <O extends WriteOperation>(
  { operation, input }: StepCall<O>,
  draft: AccountDraft,
): void => EFFECTS[operation](draft, input)

/** Replaces an entity by a changed copy; what isn't there stays so. */
function change<T>(entities: Map<string, T>, name: Text, to: (entity: T) => T): void {
  if (name === undefined) return
  const entity = entities.get(name)
  if (entity !== undefined) entities.set(name, to(entity))
}

interface Tagging {
  readonly Tags?: readonly { readonly Key: Text; readonly Value: Text }[] | undefined
}

const tagsIn = ({ Tags = [] }: Tagging): ReadonlyMap<string, string> =>
  new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))

const created = <K extends EntityKind>(kind: K, { account }: AccountDraft, path: string, name: string) => ({
  kind,
  name,
  path,
  arn: entityArn(account, ENTITIES[kind], path, name),
})

const NO_DOCUMENT: PlacedDocument = { json: { Statement: [] }, located: null }

const documentsOf = ({ desired }: AccountDraft, kind: Holder['kind'], name: string) =>
  desired.entities[kind].get(name)?.inlinePolicies

const attached = <H extends Holder>(holder: H, arn: string): H => ({
  ...holder,
  managedPolicies: [...holder.managedPolicies, arn],
})

const detached = <H extends Holder>(holder: H, arn: string): H => ({
  ...holder,
  managedPolicies: holder.managedPolicies.filter((each) => each !== arn),
})

const withInline = <H extends Holder>(holder: H, name: string, draft: AccountDraft): H => ({
  ...holder,
  inlinePolicies: new Map([
    ...holder.inlinePolicies,
    [name, documentsOf(draft, holder.kind, holder.name)?.get(name) ?? NO_DOCUMENT],
  ]),
})

const withoutInline = <H extends Holder>(holder: H, name: string): H => ({
  ...holder,
  inlinePolicies: new Map([...holder.inlinePolicies].filter(([each]) => each !== name)),
})

const moved = <H extends UserState | GroupState>(holder: H, path: Text, { account }: AccountDraft): H =>
  path === undefined
    ? holder
    : { ...holder, path, arn: entityArn(account, ENTITIES[holder.kind], path, holder.name) }

const bounded = <B extends Bounded>(entity: B, permissionsBoundary: string | null): B => ({
  ...entity,
  permissionsBoundary,
})

const tagged = <T extends Bounded | PolicyState>(entity: T, input: Tagging): T => ({
  ...entity,
  tags: new Map([...entity.tags, ...tagsIn(input)]),
})

function untagged<T extends Bounded | PolicyState>(
  entity: T,
  { TagKeys = [] }: { readonly TagKeys?: readonly string[] | undefined },
): T {
  const keys = new Set(TagKeys)
  return { ...entity, tags: new Map([...entity.tags].filter(([key]) => !keys.has(key))) }
}

type OfUser<O> = { readonly UserName?: Text } & O
type OfGroup<O> = { readonly GroupName?: Text } & O
type OfRole<O> = { readonly RoleName?: Text } & O
type OfPolicy<O> = { readonly PolicyArn?: Text } & O

const user =
  <I>(to: (user: UserState, input: I, draft: AccountDraft) => UserState): Effect<OfUser<I>> =>
  (draft, input) =>
    change(draft.entities.user, input.UserName, (entity) => to(entity, input, draft))

const group =
  <I>(to: (group: GroupState, input: I, draft: AccountDraft) => GroupState): Effect<OfGroup<I>> =>
  (draft, input) =>
    change(draft.entities.group, input.GroupName, (entity) => to(entity, input, draft))

const role =
  <I>(to: (role: RoleState, input: I, draft: AccountDraft) => RoleState): Effect<OfRole<I>> =>
  (draft, input) =>
    change(draft.entities.role, input.RoleName, (entity) => to(entity, input, draft))

/** By the ARN that a step names. */
const policy =
  <I>(to: (policy: PolicyState, input: I, draft: AccountDraft) => PolicyState): Effect<OfPolicy<I>> =>
  (draft, input) =>
    change(draft.entities.policy, policyName(input), (entity) => to(entity, input, draft))

const policyName = ({ PolicyArn = '' }: { readonly PolicyArn?: Text }): string =>
  parseEntityArn(PolicyArn)?.name ?? ''

const documentOf = ({ desired }: AccountDraft, name: string): PlacedDocument =>
  desired.entities.policy.get(name)?.document ?? NO_DOCUMENT
const trustOf = ({ desired }: AccountDraft, name: string): PlacedDocument =>
  desired.entities.role.get(name)?.trustPolicy ?? NO_DOCUMENT

interface Attachment {
  readonly PolicyArn?: Text
}
interface Inline {
  readonly PolicyName?: Text
}
interface Boundary {
  readonly PermissionsBoundary?: Text
}
interface Move {
  readonly NewPath?: Text
}
interface Untagging {
  readonly TagKeys?: readonly string[] | undefined
}

const EFFECTS: Effects = {
  CreateUser: (draft, input) => {
    const { UserName: name = '', Path: path = '/' } = input
    draft.entities.user.set(name, {
      ...created('user', draft, path, name),
      groups: [],
      managedPolicies: [],
      inlinePolicies: new Map(),
      permissionsBoundary: input.PermissionsBoundary ?? null,
      tags: tagsIn(input),
    })
  },
  UpdateUser: user((entity, { NewPath }: Move, draft) => moved(entity, NewPath, draft)),
  DeleteUser: (draft, { UserName = '' }) => {
    draft.entities.user.delete(UserName)
  },
  TagUser: user((entity, input: Tagging) => tagged(entity, input)),
  UntagUser: user((entity, input: Untagging) => untagged(entity, input)),
  PutUserPolicy: user((entity, { PolicyName = '' }: Inline, draft) => withInline(entity, PolicyName, draft)),
  DeleteUserPolicy: user((entity, { PolicyName = '' }: Inline) => withoutInline(entity, PolicyName)),
  AttachUserPolicy: user((entity, { PolicyArn = '' }: Attachment) => attached(entity, PolicyArn)),
  DetachUserPolicy: user((entity, { PolicyArn = '' }: Attachment) => detached(entity, PolicyArn)),
  PutUserPermissionsBoundary: user((entity, { PermissionsBoundary = '' }: Boundary) =>
    bounded(entity, PermissionsBoundary),
  ),
  DeleteUserPermissionsBoundary: user((entity) => bounded(entity, null)),
  AddUserToGroup: user((entity, { GroupName = '' }: { readonly GroupName?: Text }) => ({
    ...entity,
    groups: [...entity.groups, GroupName],
  })),
  RemoveUserFromGroup: user((entity, { GroupName = '' }: { readonly GroupName?: Text }) => ({
    ...entity,
    groups: entity.groups.filter((name) => name !== GroupName),
  })),

  CreateGroup: (draft, { GroupName: name = '', Path: path = '/' }) => {
    draft.entities.group.set(name, {
      ...created('group', draft, path, name),
      managedPolicies: [],
      inlinePolicies: new Map(),
    })
  },
  UpdateGroup: group((entity, { NewPath }: Move, draft) => moved(entity, NewPath, draft)),
  DeleteGroup: (draft, { GroupName = '' }) => {
    draft.entities.group.delete(GroupName)
  },
  PutGroupPolicy: group((entity, { PolicyName = '' }: Inline, draft) =>
    withInline(entity, PolicyName, draft),
  ),
  DeleteGroupPolicy: group((entity, { PolicyName = '' }: Inline) => withoutInline(entity, PolicyName)),
  AttachGroupPolicy: group((entity, { PolicyArn = '' }: Attachment) => attached(entity, PolicyArn)),
  DetachGroupPolicy: group((entity, { PolicyArn = '' }: Attachment) => detached(entity, PolicyArn)),

  CreateRole: (draft, input) => {
    const { RoleName: name = '', Path: path = '/' } = input
    draft.entities.role.set(name, {
      ...created('role', draft, path, name),
      description: input.Description ?? '',
      maxSessionDuration: input.MaxSessionDuration ?? DEFAULT_MAX_SESSION_DURATION,
      // Of a cycle, the step's own is only the beginning of it.
      trustPolicy: trustOf(draft, name),
      managedPolicies: [],
      inlinePolicies: new Map(),
      permissionsBoundary: input.PermissionsBoundary ?? null,
      tags: tagsIn(input),
    })
  },
  UpdateRole: role(
    (
      entity,
      {
        Description = '',
        MaxSessionDuration = DEFAULT_MAX_SESSION_DURATION,
      }: { readonly Description?: Text; readonly MaxSessionDuration?: number | undefined },
    ) => ({ ...entity, description: Description, maxSessionDuration: MaxSessionDuration }),
  ),
  DeleteRole: (draft, { RoleName = '' }) => {
    draft.entities.role.delete(RoleName)
  },
  UpdateAssumeRolePolicy: role((entity, _, draft) => ({
    ...entity,
    trustPolicy: trustOf(draft, entity.name),
  })),
  TagRole: role((entity, input: Tagging) => tagged(entity, input)),
  UntagRole: role((entity, input: Untagging) => untagged(entity, input)),
  PutRolePolicy: role((entity, { PolicyName = '' }: Inline, draft) => withInline(entity, PolicyName, draft)),
  DeleteRolePolicy: role((entity, { PolicyName = '' }: Inline) => withoutInline(entity, PolicyName)),
  AttachRolePolicy: role((entity, { PolicyArn = '' }: Attachment) => attached(entity, PolicyArn)),
  DetachRolePolicy: role((entity, { PolicyArn = '' }: Attachment) => detached(entity, PolicyArn)),
  PutRolePermissionsBoundary: role((entity, { PermissionsBoundary = '' }: Boundary) =>
    bounded(entity, PermissionsBoundary),
  ),
  DeleteRolePermissionsBoundary: role((entity) => bounded(entity, null)),

  CreatePolicy: (draft, input) => {
    const { PolicyName: name = '', Path: path = '/' } = input
    draft.entities.policy.set(name, {
      ...created('policy', draft, path, name),
      description: input.Description ?? '',
      document: documentOf(draft, name),
      versions: [{ id: 'v1', isDefault: true }],
      tags: tagsIn(input),
    })
  },
  DeletePolicy: (draft, input) => {
    draft.entities.policy.delete(policyName(input))
  },
  CreatePolicyVersion: policy((entity, _, draft) => ({
    ...entity,
    document: documentOf(draft, entity.name),
  })),
  // Never the default one, which alone means anything.
  DeletePolicyVersion: () => {},
  SetDefaultPolicyVersion: () => {
    throw new InvariantError('a plan brings no earlier version of a policy back')
  },
  TagPolicy: policy((entity, input: Tagging) => tagged(entity, input)),
  UntagPolicy: policy((entity, input: Untagging) => untagged(entity, input)),

  UpdateAccountPasswordPolicy: (draft, input) => {
    draft.settings.passwordPolicy = {
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
    draft.settings.passwordPolicy = null
  },
  CreateAccountAlias: (draft, { AccountAlias = '' }) => {
    draft.settings.accountAlias = AccountAlias
  },
  DeleteAccountAlias: (draft) => {
    draft.settings.accountAlias = null
  },
}
