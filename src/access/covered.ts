import { hasAction } from './action-table.ts'
import type { FoundRequest, Scope } from './side-diff.ts'

/** Whether a request is one of those that a comparison is about. */
export function isCovered(
  { action, resource }: FoundRequest,
  { inside, outside, outsideFor, withStar, wanted }: Omit<Scope, 'caller' | 'pinned'>,
): boolean {
  if (wanted !== undefined && !hasAction(wanted, action.toLowerCase())) return false
  if (resource === '*') return withStar
  return (
    inside.every((lang) => lang.has(resource)) &&
    ![...outside, ...(outsideFor?.(action) ?? [])].some((lang) => lang.has(resource))
  )
}
