import { type EntityKind, POLICY } from '../model/index.ts'
import type { Writing } from './context.ts'
import { readDocument } from './documents.ts'
import { readName } from './input.ts'
import { findModifiable } from './lookup.ts'
import type { IdentityKind } from './named-kind.ts'
import { refused } from './refusals.ts'

/** Creates or replaces an inline policy. The size quota binds the sum of an identity's inline policies. */
export async function putInlinePolicy(
  writing: Writing,
  identity: IdentityKind<EntityKind>,
  identityName: unknown,
  { PolicyName, PolicyDocument }: { readonly PolicyName?: unknown; readonly PolicyDocument?: unknown },
): Promise<void> {
  const name = readPolicyName(PolicyName)
  const document = readDocument('policyDocument', PolicyDocument, 'inline', writing.account.partition)
  const owner = await findModifiable(writing, identity, identityName)
  const others = (await writing.rows.documents([owner.id], 'inline')).filter((row) => row.name !== name)
  const limit = writing.quotas[identity.grants.inlineSize]
  if (others.reduce((sum, row) => sum + (row.size ?? 0), document.size) > limit)
    throw refused(
      'LimitExceeded',
      `Maximum policy size of ${limit} bytes exceeded for ${identity.facts.label} ${owner.name}`,
    )
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
  identity: IdentityKind<EntityKind>,
  identityName: unknown,
  policyName: unknown,
): Promise<void> {
  const name = readPolicyName(policyName)
  const owner = await findModifiable(writing, identity, identityName)
  if (!(await writing.rows.deleteDocument('inline', { ownerId: owner.id, name })))
    throw refused('NoSuchEntity', `The ${identity.facts.label} policy with name ${name} cannot be found.`)
}

const readPolicyName = (value: unknown): string => readName(POLICY.longestName, 'policyName', value)
