import type { Writing } from './context.ts'
import { readPolicyArn } from './input.ts'
import { findModifiable, readAttachable } from './lookup.ts'

/** Users and roles can have a boundary, groups can't. */
export async function putBoundary(
  writing: Writing,
  kind: 'user' | 'role',
  name: unknown,
  policyArn: unknown,
): Promise<void> {
  readPolicyArn('permissionsBoundary', policyArn)
  const row = await findModifiable(writing, kind, name)
  await writing.rows.updateIdentity({ ...row, boundary: await readBoundary(writing, policyArn) })
}

/** Deleting a boundary that isn't there changes nothing. */
export async function deleteBoundary(writing: Writing, kind: 'user' | 'role', name: unknown): Promise<void> {
  const row = await findModifiable(writing, kind, name)
  if (row.boundary !== null) await writing.rows.updateIdentity({ ...row, boundary: null })
}

/** A boundary is a managed policy that exists. */
export const readBoundary = async (writing: Writing, policyArn: unknown): Promise<string | null> =>
  policyArn === undefined || policyArn === null
    ? null
    : await readAttachable(writing, 'permissionsBoundary', policyArn, 'Scope ARN:')
