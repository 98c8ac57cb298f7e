import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import { isAwsOwnedPath } from '../../../model/index.ts'
import { parsePolicy } from '../../../policy/parse.ts'
import { trustRegion } from '../../regions/region.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { entityFacts } from '../powers/entity-facts.ts'
import { AT_BEST, type Holder, holderOf } from '../powers/holder.ts'
import type { Surplus } from '../powers/surplus.ts'
import { waysTo } from '../ways/ways.ts'
import { powerOver } from './tagging.ts'
import { isWhole } from './taking.ts'

const WAYS = waysTo('trust')

/** Has roles of the own account trust whoever asks, and assumes them; or others, where it may not assume them itself. */
export function* trusting(from: Holder, world: World): Iterable<Edge> {
  const { powers, view } = world
  const roles = [...(view.accounts.get(from.account)?.entities.role.values() ?? [])]
  for (const way of WAYS) {
    if (powers.anyOf(from, [way.id]) === null) continue
    for (const role of roles) {
      if (isAwsOwnedPath(role.path) || role.arn === from.principal.name) continue
      const over = powerOver(from, way.id, role, entityFacts(from, role, powers), powers)
      if (over === null) continue
      const { power, before } = over
      const to = holderOf(role.arn, 'own', view)
      if (to === null) continue
      if (!mayAssume(from, role.arn, world)) {
        const weight = weightOf(to, from, world)
        const steps = [stepBy(way, from, role.arn, [power, ...before], 'has {} trust another account')]
        if (weight !== null) yield { ...OPENED, steps, power, target: role.arn, weight, undeclared: null }
        continue
      }
      yield {
        steps: [stepBy(way, from, role.arn, [power, ...before], 'has {} trust itself, and assumes it')],
        power,
        to,
        target: role.arn,
        class: 'takes-over-identity',
        isPotential: false,
        undeclared: null,
      }
    }
    if (isWhole(from, world)) continue
    const beyond = powers.beyond(from, way.id, 'roles')
    if (beyond !== null && !mayAssume(from, beyond.request.resource, world))
      yield {
        ...OPENED,
        steps: [stepBy(way, from, null, [beyond], `has ${UNDECLARED} trust another account`)],
        power: beyond,
        target: null,
        weight: BY_SURPLUS.write,
        isPotential: true,
        undeclared: UNDECLARED,
      }
    else if (beyond !== null)
      yield {
        steps: [stepBy(way, from, null, [beyond], `has ${UNDECLARED} trust itself, and assumes it`)],
        power: beyond,
        to: null,
        target: null,
        class: 'takes-over-identity',
        isPotential: true,
        undeclared: UNDECLARED,
      }
  }
}

/** Who may not assume a role can still let in others, whom nothing here binds. */
const OPENED = { to: null, class: 'can-let-others-in', isPotential: false } as const
/** By what a role may do that whoever opens it may not. */
const BY_SURPLUS: Readonly<Record<Surplus, number>> = {
  administrator: 75,
  permissions: 65,
  write: 55,
  read: 35,
}

/** null: whom it lets in comes to nothing that whoever opens it hasn't. */
function weightOf(role: Holder, from: Holder, { surplus }: World): number | null {
  const more = surplus.beyond(role, from)
  return more === null ? null : BY_SURPLUS[more]
}

const UNDECLARED = "any role that isn't declared here"

/** Whether nothing denies it, once the role trusts whoever asks by name. */
function mayAssume({ principal, state }: Holder, role: string, { decider }: World): boolean {
  const resource = trustIn(principal.name)
  const asking = { principal, state, layers: { ...state.layers, resource }, region: trustRegion(role) }
  const request = { action: 'sts:AssumeRole', resource: role }
  return [new Map(), new Map([...AT_BEST] as [string, readonly string[]][])].some(
    (context) => decider.decisionOf(asking, { ...request, context }) === 'yes',
  )
}

const known = new Map<string, IdentifiedPolicy>()
const MOST_KNOWN = 10_000

/** A trust policy that names somebody. */
function trustIn(principal: string): IdentifiedPolicy {
  let policy = known.get(principal)
  if (policy === undefined) {
    const parsed = parsePolicy(
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
      },
      null,
      'trust',
      'evaluate',
    ).policy
    if (parsed === null) throw new TypeError('a policy of our own is malformed')
    policy = { id: '', policy: parsed }
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(principal, policy)
  }
  return policy
}
