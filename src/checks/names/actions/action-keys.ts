import type { ActionFacts } from '../../../catalog/actions.ts'
import { CarriedKeys } from '../../../catalog/carried-keys.ts'
import type { KnownNames } from '../../../catalog/known-names.ts'
import type { NameProblem } from '../name-problem.ts'

const carriedOf = new WeakMap<ActionFacts, CarriedKeys>()

function carriedKeys(facts: ActionFacts): CarriedKeys {
  const carried = carriedOf.get(facts) ?? new CarriedKeys(facts)
  carriedOf.set(facts, carried)
  return carried
}

/**
 * A key that no request for the actions beside it carries, such as `ec2:InstanceType` where S3 is asked about: what a policy
 * asks of it is never met, and never will be.
 * @param actions names and patterns; those that nothing is known by are for others to tell
 */
export function actionKeyProblem(
  key: string,
  actions: readonly string[],
  { facts }: KnownNames,
): NameProblem | null {
  if (actions.length === 0 || actions.some((action) => !action.includes(':'))) return null
  const names = actions.map((action) => facts.actionsMatching(action.toLowerCase()))
  const carried = carriedKeys(facts)
  const lower = key.toLowerCase()
  const mayBeThere = (action: string) => carried.mayCarry(action.toLowerCase(), lower)
  if (names.some((matching) => matching.length === 0 || matching.some(mayBeThere))) return null
  return {
    code: 'names.action-key',
    message:
      actions.length === 1
        ? `no request for \`${actions[0]}\` carries \`${key}\``
        : `no request for any of these actions carries \`${key}\``,
    help: 'leave it out, or ask about an action whose requests carry it',
  }
}
