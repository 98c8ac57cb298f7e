import type * as sdk from '@aws-sdk/client-iam'
import { type EntityKind, POLICY } from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import { encodeDocument, readDocument } from './documents.ts'
import { readName } from './input.ts'
import { findEntity, findModifiable } from './lookup.ts'
import type { IdentityKind } from './named-kind.ts'
import { pageOf, readPage } from './pagination.ts'
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

interface ListInput {
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
}

/** The names of an identity's inline policies. */
export async function listInlinePolicies(
  reading: Reading,
  identity: IdentityKind<EntityKind>,
  name: unknown,
  input: ListInput,
): Promise<sdk.ListUserPoliciesResponse> {
  const wanted = readPage(input)
  const { id } = await findEntity(reading, identity, name)
  const { page, end } = pageOf(await reading.rows.documents([id], 'inline'), wanted)
  return { PolicyNames: page.map((row) => row.name), ...end }
}

/** One inline policy of an identity, with the identity's name as it is stored. */
export async function getInlinePolicy(
  reading: Reading,
  identity: IdentityKind<EntityKind>,
  name: unknown,
  policyName: unknown,
): Promise<{ readonly owner: string; readonly PolicyName: string; readonly PolicyDocument: string }> {
  const wanted = readName(POLICY.longestName, 'policyName', policyName)
  const owner = await findEntity(reading, identity, name)
  const row = (await reading.rows.documents([owner.id], 'inline')).find((each) => each.name === wanted)
  if (row === undefined)
    throw refused('NoSuchEntity', `The ${identity.facts.label} policy with name ${wanted} cannot be found.`)
  return { owner: owner.name, PolicyName: row.name, PolicyDocument: encodeDocument(row.text) }
}
