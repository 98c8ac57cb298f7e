import type * as sdk from '@aws-sdk/client-iam'
import { type EntityKind, parseEntityArn } from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import { grantsOf } from './details.ts'
import { readPathPrefix, readPolicyArn } from './input.ts'
import { findEntity, findModifiable } from './lookup.ts'
import { readAttachable } from './managed-policies.ts'
import type { IdentityKind } from './named-kind.ts'
import { pageOf, readPage } from './pagination.ts'
import { limitExceeded, noSuchPolicy } from './refusals.ts'
import type { DocumentRow } from './store-port.ts'

/** Attaching what is attached already changes nothing. */
export async function attachPolicy(
  writing: Writing,
  identity: IdentityKind<EntityKind>,
  name: unknown,
  policyArn: unknown,
): Promise<void> {
  readPolicyArn('policyArn', policyArn)
  const { id } = await findModifiable(writing, identity, name)
  const arn = await readAttachable(writing, 'policyArn', policyArn, 'Policy')
  const attached = await writing.rows.links([id], 'policy')
  if (attached.some((row) => row.target === arn)) return
  const { quota, label } = identity.grants.attached
  const limit = writing.quotas[quota]
  if (attached.length >= limit) throw limitExceeded(label, limit)
  await linkPolicy(writing, id, arn)
}

/** Attaches a policy that is known to be one. */
export const linkPolicy = ({ rows }: Pick<Writing, 'rows'>, ownerId: string, arn: string): Promise<void> =>
  rows.putLink('policy', { ownerId, target: arn, label: '' })

export async function detachPolicy(
  writing: Writing,
  identity: IdentityKind<EntityKind>,
  name: unknown,
  policyArn: unknown,
): Promise<void> {
  const arn = readPolicyArn('policyArn', policyArn)
  const { id } = await findModifiable(writing, identity, name)
  if (!(await writing.rows.deleteLink('policy', { ownerId: id, target: arn }))) throw noSuchPolicy(arn)
}

/** The policies of some identities, united, and the boundary of the one that may have one. */
interface HeldPolicies {
  /** ARNs. */
  readonly attached: readonly string[]
  readonly inline: readonly DocumentRow[]
  /** An ARN. */
  readonly boundary: string | null
}

export async function policiesHeldBy(
  { rows }: Pick<Reading, 'rows'>,
  ids: readonly string[],
): Promise<HeldPolicies> {
  const links = await rows.links(ids, 'policy', 'boundary')
  return {
    attached: links.filter(({ relation }) => relation === 'policy').map(({ target }) => target),
    inline: await rows.documents(ids, 'inline'),
    boundary: links.find(({ relation }) => relation === 'boundary')?.target ?? null,
  }
}

/** The managed policies of an identity, by the path of the policies. */
export async function listAttachedPolicies(
  reading: Reading,
  identity: IdentityKind<EntityKind>,
  name: unknown,
  input: Pick<sdk.ListAttachedUserPoliciesRequest, 'MaxItems' | 'Marker' | 'PathPrefix'>,
): Promise<sdk.ListAttachedUserPoliciesResponse> {
  const wanted = readPage(input)
  const prefix = readPathPrefix(input.PathPrefix)
  const { id } = await findEntity(reading, identity, name)
  const attached = (await grantsOf(reading, [id])).attached(id)
  const { page, end } = pageOf(
    attached.filter(({ PolicyArn = '' }) => (parseEntityArn(PolicyArn)?.path ?? '/').startsWith(prefix)),
    wanted,
  )
  return { AttachedPolicies: [...page], ...end }
}
