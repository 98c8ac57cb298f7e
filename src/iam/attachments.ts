import type { Writing } from './context.ts'
import type { IdentityKind } from './identity-kind.ts'
import { readPolicyArn } from './input.ts'
import { findModifiable, readAttachable } from './lookup.ts'
import { limitExceeded, noSuchPolicy } from './refusals.ts'

const QUOTAS = {
  user: { quota: 'managedPoliciesPerUser', label: 'PoliciesPerUser' },
  group: { quota: 'managedPoliciesPerGroup', label: 'PoliciesPerGroup' },
  role: { quota: 'managedPoliciesPerRole', label: 'PoliciesPerRole' },
} as const

/** Attaching what is attached already changes nothing. */
export async function attachPolicy(
  writing: Writing,
  kind: IdentityKind,
  name: unknown,
  policyArn: unknown,
): Promise<void> {
  readPolicyArn('policyArn', policyArn)
  const { id } = await findModifiable(writing, kind, name)
  const arn = await readAttachable(writing, 'policyArn', policyArn, 'Policy')
  const attached = await writing.rows.links([id], 'policy')
  if (attached.some((row) => row.target === arn)) return
  const { quota, label } = QUOTAS[kind]
  const limit = writing.quotas[quota]
  if (attached.length >= limit) throw limitExceeded(label, limit)
  await writing.rows.putLink('policy', { ownerId: id, target: arn, label: '' })
}

export async function detachPolicy(
  writing: Writing,
  kind: IdentityKind,
  name: unknown,
  policyArn: unknown,
): Promise<void> {
  const arn = readPolicyArn('policyArn', policyArn)
  const { id } = await findModifiable(writing, kind, name)
  if (!(await writing.rows.deleteLink('policy', { ownerId: id, target: arn }))) throw noSuchPolicy(arn)
}
