import type { Reading } from './context.ts'

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
