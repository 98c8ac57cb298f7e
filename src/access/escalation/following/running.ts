import type { RoleState } from '../../../model/index.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { type Holder, holderOf, shortName } from '../powers/holder.ts'
import { type WayTo, waysTo } from '../ways/ways.ts'
import { type Started, startedWith, toldBy } from './passed-role-keys.ts'
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
      const started = to === null ? null : startedBy(way, from, role, world)
      const [power, ...more] = started?.starting ?? []
      if (to === null || started === null || power === undefined) continue
      yield {
        steps: [stepBy(way, from, arn, [power, ...more], doneBy(way, started.thing))],
        power,
        to,
        target: arn,
        class: 'runs-code-as-role',
        isPotential: started.isPotential || started.isPerhaps,
        ...(started.isPerhaps && !started.isPotential ? { isPerhaps: true } : {}),
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

/** @param thing ARN of what it is, where that is known */
const doneBy = ({ id, does, reaches: { things } }: WayTo<'running'>, thing: string | null = null): string =>
  does === '' ? `runs code in ${thing === null ? things : shortName(thing)} that has {} (${id})` : does

interface StartedBy extends Started {
  readonly thing: string | null
}

/** Of those that have the role so many are tried, whatever conditions ask for. */
const MOST_TRIED = 5

/** What it takes to have something run that has a role: what is known to have it, or something that perhaps has. */
function startedBy(way: WayTo<'running'>, from: Holder, role: RoleState, world: World): StartedBy | null {
  const { powers, running } = world
  const anywhere = startedWith(way, from, role, 'held', powers)
  if (anywhere === null || !running.isListed || way.reaches.role !== undefined)
    return anywhere === null ? null : { ...anywhere, thing: null }
  const [first = []] = way.needs
  const isSpokenOf = (arn: string | null) =>
    arn === null || arn.includes('*') || first.some((action) => powers.mayBeOn(from, action, arn))
  const things = running
    .of(way, role.arn)
    .map(({ arn }) => (way.reaches.isBeside === true ? null : arn))
    .filter(isSpokenOf)
  for (const arn of things.slice(0, MOST_TRIED)) {
    const started = startedWith(way, from, role, 'held', powers, arn)
    if (started !== null)
      return { ...started, isPerhaps: false, thing: arn?.includes('*') === false ? arn : null }
  }
  return { ...anywhere, isPerhaps: true, thing: null }
}

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
