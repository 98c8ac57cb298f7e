import { IamError } from '../iam/service-error.ts'
import type { Account, AccountState, PasswordPolicy, PolicyState, RoleState } from '../model/index.ts'
import type { IamReader } from '../target/ports.ts'
import {
  DocumentReader,
  groupState,
  type ManagedPolicyDetail,
  observedTags,
  passwordPolicyState,
  policyState,
  type RoleDetail,
  type RoleListing,
  roleState,
  userState,
} from './api-details.ts'
import { readPages } from './pages.ts'

/** Tags of policies are asked for one policy at a time; many more at once than this, and AWS throttles. */
const QUESTIONS_AT_ONCE = 8

/**
 * Everything that an account holds: of managed policies the customer's own only, of roles the service-linked ones too.
 * What somebody else deletes while this reads is left out.
 * @throws IamError as the target refuses; `ServiceFailure` for an answer that makes no sense
 */
export async function observe(reader: IamReader, account: Account): Promise<AccountState> {
  const documents = new DocumentReader()
  // First, so that what the other listings don't have any more is known to be gone.
  const pages = await readPages((page) =>
    reader.read('GetAccountAuthorizationDetails', {
      Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'],
      ...page,
    }),
  )
  const [roles, policies, passwordPolicy, alias] = await Promise.all([
    readRoles(
      reader,
      pages.flatMap((page) => page.RoleDetailList ?? []),
      documents,
    ),
    readPolicies(
      reader,
      pages.flatMap((page) => page.Policies ?? []),
      documents,
    ),
    readPasswordPolicy(reader),
    readAlias(reader),
  ])
  return {
    account,
    entities: {
      user: byName(
        pages.flatMap((page) => (page.UserDetailList ?? []).map((detail) => userState(detail, documents))),
      ),
      group: byName(
        pages.flatMap((page) => (page.GroupDetailList ?? []).map((detail) => groupState(detail, documents))),
      ),
      role: byName(roles),
      policy: byName(policies),
    },
    children: {},
    settings: { passwordPolicy, accountAlias: alias },
  }
}

/** The details lack description and session duration, the listing lacks boundary and tags. */
async function readRoles(
  reader: IamReader,
  details: readonly RoleDetail[],
  documents: DocumentReader,
): Promise<readonly RoleState[]> {
  const pages = await readPages((page) => reader.read('ListRoles', page))
  const listed = new Map<string | undefined, RoleListing>(
    pages.flatMap((page) => (page.Roles ?? []).map((role) => [role.RoleName, role] as const)),
  )
  return details.flatMap((detail) => {
    const listing = listed.get(detail.RoleName)
    return listing === undefined ? [] : [roleState(detail, listing, documents)]
  })
}

async function readPolicies(
  reader: IamReader,
  details: readonly ManagedPolicyDetail[],
  documents: DocumentReader,
): Promise<readonly PolicyState[]> {
  const states = await mapAtOnce(details, QUESTIONS_AT_ONCE, async (detail) => {
    const tags = await orWhenMissing(
      null,
      readPages((page) => reader.read('ListPolicyTags', { PolicyArn: detail.Arn, ...page })),
    )
    return tags === null
      ? null
      : policyState(detail, observedTags(tags.flatMap((page) => page.Tags ?? [])), documents)
  })
  return states.filter((state) => state !== null)
}

async function readPasswordPolicy(reader: IamReader): Promise<PasswordPolicy | null> {
  const answer = await orWhenMissing(null, reader.read('GetAccountPasswordPolicy', {}))
  return answer === null ? null : passwordPolicyState(answer.PasswordPolicy ?? {})
}

/** An account has at most one alias, whatever the plural says. @see IAM User Guide, "Account aliases" */
async function readAlias(reader: IamReader): Promise<string | null> {
  const { AccountAliases } = await reader.read('ListAccountAliases', {})
  return AccountAliases?.[0] ?? null
}

async function orWhenMissing<T, M>(missing: M, reading: Promise<T>): Promise<T | M> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof IamError && error.code === 'NoSuchEntity') return missing
    throw error
  }
}

/** Maps in order, with at most `limit` under way. */
async function mapAtOnce<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const entries = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await map(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work))
  return results
}

const byName = <T extends { readonly name: string }>(entities: readonly T[]): ReadonlyMap<string, T> =>
  new Map(entities.map((entity) => [entity.name, entity]))
