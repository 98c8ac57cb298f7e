import type { Writing } from './context.ts'
import { readDocument } from './documents.ts'
import type { IdentityKind } from './identity-kind.ts'
import { readName } from './input.ts'
import { findModifiable } from './lookup.ts'
import { refused } from './refusals.ts'

const QUOTAS = {
  user: 'inlinePolicySizePerUser',
  group: 'inlinePolicySizePerGroup',
  role: 'inlinePolicySizePerRole',
} as const

/** Creates or replaces an inline policy. The size quota binds the sum of an identity's inline policies. */
export async function putInlinePolicy(
  writing: Writing,
  kind: IdentityKind,
  identityName: unknown,
  { PolicyName, PolicyDocument }: { readonly PolicyName?: unknown; readonly PolicyDocument?: unknown },
): Promise<void> {
  const name = readName('inlinePolicy', 'policyName', PolicyName)
  const document = readDocument('policyDocument', PolicyDocument, 'inline', writing.account.partition)
  const owner = await findModifiable(writing, kind, identityName)
  const others = (await writing.rows.documents([owner.id], 'inline')).filter((row) => row.name !== name)
  const limit = writing.quotas[QUOTAS[kind]]
  if (others.reduce((sum, row) => sum + (row.size ?? 0), document.size) > limit)
    throw refused('LimitExceeded', `Maximum policy size of ${limit} bytes exceeded for ${kind} ${owner.name}`)
  await writing.rows.putDocument('inline', {
    ownerId: owner.id,
    name,
    text: document.text,
    size: document.size,
    created: null,
  })
}

export async function deleteInlinePolicy(
  writing: Writing,
  kind: IdentityKind,
  identityName: unknown,
  policyName: unknown,
): Promise<void> {
  const name = readName('inlinePolicy', 'policyName', policyName)
  const owner = await findModifiable(writing, kind, identityName)
  if (!(await writing.rows.deleteDocument('inline', { ownerId: owner.id, name })))
    throw refused('NoSuchEntity', `The ${kind} policy with name ${name} cannot be found.`)
}
