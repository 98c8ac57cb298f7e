import type { Reading, Writing } from './context.ts'
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
  const { id } = await findModifiable(writing, kind, name)
  await storeBoundary(writing, id, await readBoundary(writing, policyArn))
}

/** Deleting a boundary that isn't there changes nothing. */
export async function deleteBoundary(writing: Writing, kind: 'user' | 'role', name: unknown): Promise<void> {
  const { id } = await findModifiable(writing, kind, name)
  await storeBoundary(writing, id, null)
}

/** A boundary is a managed policy that exists. */
export const readBoundary = async (writing: Writing, policyArn: unknown): Promise<string | null> =>
  policyArn === undefined || policyArn === null
    ? null
    : await readAttachable(writing, 'permissionsBoundary', policyArn, 'Scope ARN:')

export const storeBoundary = ({ rows }: Writing, id: string, boundary: string | null): Promise<void> =>
  rows.replaceLinks(id, 'boundary', boundary === null ? [] : [{ target: boundary, label: '' }])

export async function boundaryOf({ rows }: Pick<Reading, 'rows'>, id: string): Promise<string | null> {
  const [link] = await rows.links([id], 'boundary')
  return link?.target ?? null
}
