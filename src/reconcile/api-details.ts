import { IamError } from '../iam/service-error.ts'
import {
  DEFAULT_MAX_SESSION_DURATION,
  type GroupState,
  PASSWORD_POLICY_DEFAULTS,
  type PasswordPolicy,
  type PlacedDocument,
  type PolicyDocument,
  type PolicyState,
  type RoleState,
  type UserState,
} from '../model/index.ts'
import type { ReadOperations } from '../model/operations.ts'

/** The API's words, which end here: what comes out is `src/model`. */
type Details = ReadOperations['GetAccountAuthorizationDetails']['output']
type Listed<Field extends keyof Details> = NonNullable<Details[Field]> extends (infer Item)[] ? Item : never
type UserDetail = Listed<'UserDetailList'>
type GroupDetail = Listed<'GroupDetailList'>
export type RoleDetail = Listed<'RoleDetailList'>
export type ManagedPolicyDetail = Listed<'Policies'>
export type RoleListing = NonNullable<ReadOperations['ListRoles']['output']['Roles']>[number]
type Tag = NonNullable<ReadOperations['ListPolicyTags']['output']['Tags']>[number]
type InlinePolicy = NonNullable<UserDetail['UserPolicyList']>[number]
type AttachedPolicy = NonNullable<UserDetail['AttachedManagedPolicies']>[number]
type PasswordPolicyDetail = NonNullable<
  ReadOperations['GetAccountPasswordPolicy']['output']['PasswordPolicy']
>

/** Decodes documents. Equal texts become one object, so that comparing them costs nothing. */
export class DocumentReader {
  readonly #read = new Map<string, PlacedDocument>()

  /** @param text URL-encoded (RFC 3986) JSON */
  read(text: string): PlacedDocument {
    let document = this.#read.get(text)
    if (document === undefined) {
      document = { json: decodeDocument(text), located: null }
      this.#read.set(text, document)
    }
    return document
  }
}

function decodeDocument(text: string): PolicyDocument {
  let json: unknown
  try {
    json = JSON.parse(decodeURIComponent(text))
  } catch {
    throw new IamError('ServiceFailure', 'the target returned a policy document that is not URL-encoded JSON')
  }
  if (!hasStatements(json))
    throw new IamError('ServiceFailure', 'the target returned a policy document without statements')
  return json as PolicyDocument
}

const hasStatements = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'Statement' in json &&
  typeof json.Statement === 'object' &&
  json.Statement !== null

export function userState(detail: UserDetail, documents: DocumentReader): UserState {
  return {
    kind: 'user',
    name: given(detail.UserName),
    path: given(detail.Path),
    arn: given(detail.Arn),
    groups: detail.GroupList ?? [],
    managedPolicies: policyArns(detail.AttachedManagedPolicies),
    inlinePolicies: inlinePolicies(detail.UserPolicyList, documents),
    permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    tags: observedTags(detail.Tags ?? []),
  }
}

export function groupState(detail: GroupDetail, documents: DocumentReader): GroupState {
  return {
    kind: 'group',
    name: given(detail.GroupName),
    path: given(detail.Path),
    arn: given(detail.Arn),
    managedPolicies: policyArns(detail.AttachedManagedPolicies),
    inlinePolicies: inlinePolicies(detail.GroupPolicyList, documents),
  }
}

export function roleState(detail: RoleDetail, listing: RoleListing, documents: DocumentReader): RoleState {
  return {
    kind: 'role',
    name: given(detail.RoleName),
    path: given(detail.Path),
    arn: given(detail.Arn),
    description: listing.Description ?? '',
    maxSessionDuration: listing.MaxSessionDuration ?? DEFAULT_MAX_SESSION_DURATION,
    trustPolicy: documents.read(given(detail.AssumeRolePolicyDocument)),
    managedPolicies: policyArns(detail.AttachedManagedPolicies),
    inlinePolicies: inlinePolicies(detail.RolePolicyList, documents),
    permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    tags: observedTags(detail.Tags ?? []),
  }
}

export function policyState(
  detail: ManagedPolicyDetail,
  tags: ReadonlyMap<string, string>,
  documents: DocumentReader,
): PolicyState {
  const versions = (detail.PolicyVersionList ?? [])
    .map((version) => ({ id: given(version.VersionId), isDefault: version.IsDefaultVersion === true }))
    .sort((a, b) => versionNumber(a.id) - versionNumber(b.id))
  const current = detail.PolicyVersionList?.find((version) => version.IsDefaultVersion === true)
  return {
    kind: 'policy',
    name: given(detail.PolicyName),
    path: given(detail.Path),
    arn: given(detail.Arn),
    description: detail.Description ?? '',
    document: documents.read(given(current?.Document)),
    versions,
    tags,
  }
}

/** Numbers are never used again, so that they tell which version is the oldest: `v12` → 12. */
const versionNumber = (id: string): number => Number(id.slice(1))

export function passwordPolicyState(detail: PasswordPolicyDetail): PasswordPolicy {
  const defaults = PASSWORD_POLICY_DEFAULTS
  return {
    minimumPasswordLength: detail.MinimumPasswordLength ?? defaults.minimumPasswordLength,
    requireSymbols: detail.RequireSymbols ?? defaults.requireSymbols,
    requireNumbers: detail.RequireNumbers ?? defaults.requireNumbers,
    requireUppercaseCharacters: detail.RequireUppercaseCharacters ?? defaults.requireUppercaseCharacters,
    requireLowercaseCharacters: detail.RequireLowercaseCharacters ?? defaults.requireLowercaseCharacters,
    allowUsersToChangePassword: detail.AllowUsersToChangePassword ?? defaults.allowUsersToChangePassword,
    // AWS answers 0 for passwords that don't expire, and for an account without a history of them.
    maxPasswordAge: detail.MaxPasswordAge || null,
    passwordReusePrevention: detail.PasswordReusePrevention || null,
    hardExpiry: detail.HardExpiry ?? defaults.hardExpiry,
  }
}

export const observedTags = (tags: readonly Tag[]): ReadonlyMap<string, string> =>
  new Map(tags.map(({ Key, Value }) => [given(Key), given(Value)]))

const policyArns = (attached: readonly AttachedPolicy[] | undefined): readonly string[] =>
  (attached ?? []).map(({ PolicyArn }) => given(PolicyArn))

const inlinePolicies = (
  policies: readonly InlinePolicy[] | undefined,
  documents: DocumentReader,
): ReadonlyMap<string, PlacedDocument> =>
  new Map(
    (policies ?? []).map(({ PolicyName, PolicyDocument: text }) => [
      given(PolicyName),
      documents.read(given(text)),
    ]),
  )

/** The SDK's types let everything be absent; the API's answers don't. */
function given(value: string | undefined): string {
  if (value === undefined)
    throw new IamError('ServiceFailure', 'the target left out what its answers always have')
  return value
}
