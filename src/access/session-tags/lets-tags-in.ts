import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { ActionTable } from '../actions/action-table.ts'

const TAG_SESSION = 'sts:tagsession'

const admitting = new WeakMap<ParsedPolicy, boolean>()

/** Whether a trust policy allows somebody to tag sessions. */
export function letsTagsIn(trust: ParsedPolicy, actions: ActionTable): boolean {
  let admits = admitting.get(trust)
  if (admits === undefined) {
    admits = trust.statements.some(
      ({ effect, action }) => effect === 'Allow' && actions.isIn(actions.setOf(action), TAG_SESSION),
    )
    admitting.set(trust, admits)
  }
  return admits
}
