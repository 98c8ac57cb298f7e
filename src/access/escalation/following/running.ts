import type { RoleState } from '../../../model/index.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { type Holder, holderOf } from '../powers/holder.ts'
import { type WayTo, waysTo } from '../ways/ways.ts'
import { startedWith, toldBy } from './passed-role-keys.ts'
import { isWhole } from './taking.ts'

const WAYS = waysTo('running')
/** Stands for the roles of an account that aren't declared. */
const undeclaredIn = ({ principal, account }: Holder): string =>
  `arn:${principal.name.split(':')[1]}:iam::${account}:role/undeclared`

/**
 * Acts through something that has a role already. What there is of it isn't known, so that all roles of the account that
 * trust its service are what can be reached: no other can have been given to it.
 */
export function* runningCode(from: Holder, world: World): Iterable<Edge> {
  for (const way of WAYS) {
    const powers = world.powers.allOf(from, way.needs)
    const [first, ...besides] = powers ?? []
    if (first === undefined) continue
    const { services, role: only } = way.reaches
    const roles = rolesOf(way, from, world)
    const isKnown =
      way.reaches.onlyKnown === true ||
      isWhole(from, world) ||
      (only !== undefined && world.view.accounts.get(from.account)?.entities.role.has(only))
    const undeclared = isKnown
      ? null
      : `${only === undefined ? 'any role' : `a role ${only}`} that isn't declared here and trusts ${services.join(' or ')}`
    for (const role of roles) {
      const { arn, path } = role
      if (path.startsWith('/aws-service-role/') || arn === from.principal.name) continue
      const to = holderOf(arn, 'service', world.view)
      const started = to === null ? null : startedWith(way, from, role, 'held', world.powers)
      const [power, ...more] = started?.starting ?? []
      if (to === null || power === undefined) continue
      yield {
        steps: [stepBy(way, from, arn, [power, ...more], doneBy(way))],
        power,
        to,
        target: arn,
        class: 'runs-code-as-role',
        isPotential: started?.isPotential === true,
        undeclared: null,
      }
    }
    const ofOthers =
      undeclared === null ? null : startedWith(way, from, toldBy(undeclaredIn(from)), 'held', world.powers)
    if (undeclared !== null && ofOthers !== null)
      yield {
        steps: [stepBy(way, from, null, [first, ...besides], doneBy(way).replace('{}', undeclared))],
        power: first,
        to: null,
        target: null,
        class: 'runs-code-as-role',
        isPotential: true,
        undeclared,
      }
  }
}

const doneBy = ({ id, does, reaches: { things } }: WayTo<'running'>): string =>
  does === '' ? `runs code in ${things} that has {} (${id})` : does

/** By what their trust policies say, any of these may be the one. */
const rolesOf = (
  { reaches: { services, hosts, role: only } }: WayTo<'running'>,
  { account }: Holder,
  { trusts }: World,
): ReadonlySet<RoleState> =>
  new Set(
    [
      ...services.flatMap((service) => trusts.rolesOf(account, service)),
      ...(hosts === undefined ? [] : trusts.rolesOfHost(account, (host) => hosts.test(host))),
    ].filter(({ name }) => only === undefined || name === only),
  )
