import type { Writing } from './context.ts'
import { deleteConflict } from './refusals.ts'

/**
 * Refuses to delete an identity that still has policies.
 * @see IAM API Reference, DeleteUser, DeleteGroup, DeleteRole: what must be detached and deleted first
 * @throws IamError DeleteConflict
 */
export async function requireNoPolicies({ rows }: Pick<Writing, 'rows'>, id: string): Promise<void> {
  if ((await rows.links([id], 'policy')).length > 0)
    throw deleteConflict('Cannot delete entity, must detach all policies first.')
  if ((await rows.documents([id], 'inline')).length > 0)
    throw deleteConflict('Cannot delete entity, must delete policies first.')
}
