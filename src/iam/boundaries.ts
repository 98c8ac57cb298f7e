import type { EntityKind } from '../model/index.ts'
import type { Reading, Writing } from './context.ts'
import { readPolicyArn } from './input.ts'
import { findModifiable } from './lookup.ts'
import { readAttachable } from './managed-policies.ts'
import type { NamedKind } from './named-kind.ts'

export async function putBoundary(
  writing: Writing,
  named: NamedKind<EntityKind>,
  name: unknown,
  policyArn: unknown,
): Promise<void> {
  readPolicyArn('permissionsBoundary', policyArn)
  const { id } = await findModifiable(writing, named, name)
  await storeBoundary(writing, id, await readBoundary(writing, policyArn))
}

/** Deleting a boundary that isn't there changes nothing. */
export async function deleteBoundary(
  writing: Writing,
  named: NamedKind<EntityKind>,
  name: unknown,
): Promise<void> {
  const { id } = await findModifiable(writing, named, name)
  await storeBoundary(writing, id, null)
}

/** A boundary is a managed policy that exists. */
export const readBoundary = async (writing: Writing, policyArn: unknown): Promise<string | null> =>
  policyArn === undefined || policyArn === null
    ? null
    : await readAttachable(writing, 'permissionsBoundary', policyArn, 'Scope ARN:')

export const storeBoundary = (
  { rows }: Pick<Writing, 'rows'>,
  id: string,
  boundary: string | null,
): Promise<void> =>
  rows.replaceLinks(id, 'boundary', boundary === null ? [] : [{ target: boundary, label: '' }])

export async function boundaryOf({ rows }: Pick<Reading, 'rows'>, id: string): Promise<string | null> {
  const [link] = await rows.links([id], 'boundary')
  return link?.target ?? null
}
