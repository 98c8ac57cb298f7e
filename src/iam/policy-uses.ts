import type * as sdk from '@aws-sdk/client-iam'
import { ENTITIES } from '../kinds/kind.ts'
import { IDENTITY_KINDS } from '../model/identities.ts'
import { isAwsManagedPolicyArn } from '../model/index.ts'
import type { Reading } from './context.ts'
import { readPathPrefix, readPolicyArn } from './input.ts'
import { findPolicy } from './managed-policies.ts'
import { pageOf, readPage } from './pagination.ts'
import { noSuchPolicy } from './refusals.ts'

export interface UseCounts {
  /** How many users, groups and roles a policy is attached to. */
  readonly attachments: number
  /** Of how many users and roles it is the boundary. */
  readonly boundaries: number
}

/** By ARN; only those in use, of these ARNs or of all. */
export async function policyUses(
  { rows }: Pick<Reading, 'rows'>,
  arns: readonly string[] | 'all',
): Promise<ReadonlyMap<string, UseCounts>> {
  const uses = new Map<string, UseCounts>()
  for (const { relation, target, count } of await rows.linkCounts(['policy', 'boundary'], arns)) {
    const { attachments = 0, boundaries = 0 } = uses.get(target) ?? {}
    uses.set(
      target,
      relation === 'policy' ? { attachments: count, boundaries } : { attachments, boundaries: count },
    )
  }
  return uses
}

export const viewUse = (use: UseCounts | undefined) => ({
  AttachmentCount: use?.attachments ?? 0,
  PermissionsBoundaryUsageCount: use?.boundaries ?? 0,
})

const WHOLE = { after: null, limit: Number.MAX_SAFE_INTEGER }

/** Who has a policy, or has it as boundary. @see IAM API Reference, ListEntitiesForPolicy */
export async function listEntitiesForPolicy(
  reading: Reading,
  input: sdk.ListEntitiesForPolicyRequest,
): Promise<sdk.ListEntitiesForPolicyResponse> {
  const wanted = readPage(input)
  const arn = readPolicyArn('policyArn', input.PolicyArn)
  const pathPrefix = readPathPrefix(input.PathPrefix)
  if (!isAwsManagedPolicyArn(arn)) await findPolicy(reading, arn)
  else if (!reading.awsPolicies.has(arn)) throw noSuchPolicy(arn)
  const relations =
    input.PolicyUsageFilter === undefined
      ? ['policy', 'boundary']
      : [input.PolicyUsageFilter === 'PermissionsBoundary' ? 'boundary' : 'policy']
  const found: { readonly list: string; readonly entity: Readonly<Record<string, string>> }[] = []
  for (const kind of IDENTITY_KINDS) {
    const { title, nameField } = ENTITIES[kind]
    if (input.EntityFilter !== undefined && input.EntityFilter !== title) continue
    const ids = new Set<string>()
    for (const relation of relations)
      for (const { id, name } of await reading.rows.linkedTo(kind, relation, arn, { ...WHOLE, pathPrefix })) {
        if (ids.has(id)) continue
        ids.add(id)
        found.push({ list: `Policy${title}s`, entity: { [nameField]: name, [`${title}Id`]: id } })
      }
  }
  const { page, end } = pageOf(found, wanted)
  const lists: Record<string, object[]> = Object.fromEntries(
    IDENTITY_KINDS.map((kind) => [`Policy${ENTITIES[kind].title}s`, []]),
  )
  for (const { list, entity } of page) lists[list]?.push(entity)
  return { ...lists, ...end }
}
