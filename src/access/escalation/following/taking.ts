import type { UserState } from '../../../model/index.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { entityFacts } from '../powers/entity-facts.ts'
import type { Given } from '../powers/given.ts'
import { type Holder, holderOf } from '../powers/holder.ts'
import type { Power } from '../powers/powers.ts'
import { RENAMING_ACTIONS } from '../ways/altering-actions.ts'
import { waysTo } from '../ways/ways.ts'
import { powerOver } from './tagging.ts'

const WAYS = waysTo('user')
/** @see IAM User Guide, "AWS Multi-factor authentication in IAM": who enables a device has its codes */
const OWN_DEVICE = ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'] as const

/** Takes credentials of the users of the own account. */
export function* takingUsers(from: Holder, world: World): Iterable<Edge> {
  const { powers, view } = world
  const users = [...(view.accounts.get(from.account)?.entities.user.values() ?? [])]
  const taken = new Set<UserState>()
  const known = new Map<UserState, Given>()
  const factsOf = (user: UserState): Given => {
    const facts = known.get(user) ?? entityFacts(from, user, powers)
    known.set(user, facts)
    return facts
  }
  for (const way of WAYS) {
    const isPotential = way.isPotential === true
    const [[action = ''] = []] = way.needs
    if (powers.anyOf(from, [action]) === null) continue
    const { yields, only } = way.reaches
    const beyond = isWhole(from, world) || isPotential ? null : powers.beyond(from, action, 'users')
    const undeclared = beyond === null ? null : "any user that isn't declared here"
    const mayRename = powers.isGranted(from, RENAMING_ACTIONS.user)
    for (const user of users) {
      if (user.arn === from.principal.name || (isPotential && taken.has(user))) continue
      // Whom no statement speaks of can only be had by another name; who has an own name's rights asks this of everybody.
      if (!mayRename && !powers.mayBeOn(from, action, user.arn)) continue
      const over = powerOver(from, action, user, factsOf(user), powers)
      if (over === null) continue
      const { power, before, isRenamed } = over
      const device = only === undefined ? deviceFor(from, user.arn, world) : null
      const to = holderOf(user.arn, device === null ? yields : 'own', view)
      if (to === null) continue
      if (only === undefined) taken.add(user)
      const does = isRenamed === true ? `renames {}, and ${way.does.replace('{}', 'it')}` : way.does
      yield {
        steps: [stepBy(way, from, user.arn, [power, ...before, ...(device ?? [])], does)],
        power,
        to,
        target: user.arn,
        class: 'takes-over-identity',
        ...(only === undefined ? {} : { only }),
        ...(way.atMost === undefined ? {} : { atMost: way.atMost }),
        isPotential,
        undeclared: null,
      }
    }
    if (beyond !== null && only === undefined)
      yield {
        steps: [stepBy(way, from, null, [beyond], way.does.replace('{}', undeclared ?? ''))],
        power: beyond,
        to: null,
        target: null,
        class: 'takes-over-identity',
        isPotential: true,
        undeclared,
      }
  }
}

/** What it takes to have a second factor for somebody; null: it isn't to be had. */
function deviceFor(from: Holder, user: string, { powers }: World): readonly Power[] | null {
  const [create, enable] = OWN_DEVICE
  const made = powers.anyOf(from, [create])
  const enabled = made === null ? null : powers.on(from, enable, user)
  return made === null || enabled === null ? null : [made, enabled]
}

/** Whether everybody of somebody's account is known, or nobody asks for others. */
export const isWhole = ({ account }: Holder, { view, isOutline }: World): boolean =>
  isOutline === true || view.estate.inventories?.has(account) === true
