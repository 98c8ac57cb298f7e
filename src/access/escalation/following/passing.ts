import type { RoleState } from '../../../model/index.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { entityFacts } from '../powers/entity-facts.ts'
import type { Given } from '../powers/given.ts'
import { accountOf, type Holder, holderOf, shortName } from '../powers/holder.ts'
import type { Power, Powers } from '../powers/powers.ts'
import { PASS_ROLE, type WayTo, waysTo } from '../ways/ways.ts'
import { rolesTold, startedWith, type Told, toldBy } from './passed-role-keys.ts'
import type { PowerOver } from './renaming.ts'
import { powerOver } from './tagging.ts'
import { isWhole } from './taking.ts'

const WAYS = waysTo('passed')
const isReserved = ({ path }: RoleState): boolean => path.startsWith('/aws-service-role/')

/** Passes the roles of the own account to services that start something with them. */
export function* passingRoles(from: Holder, world: World): Iterable<Edge> {
  const { powers } = world
  if (powers.anyOf(from, [PASS_ROLE]) === null) return
  const passed = new Set<RoleState>()
  const over = powersOverRoles(from, powers)
  for (const way of WAYS) {
    if (world.isOutline === true && rolesOf(way, from, world).every((role) => passed.has(role))) continue
    if (!powers.mayAll(from, way.needs)) continue
    const passing = [...passable(way, from, world, over)]
    const [service = ''] = way.reaches.services
    const beyond = isWhole(from, world)
      ? null
      : powers.beyond(from, PASS_ROLE, 'roles', new Map([['iam:passedtoservice', [service]]]))
    for (const { role, service: by, over, to } of passing) {
      const started = startedWith(way, from, role, 'passed', powers)
      if (started === null) continue
      const isPotential = way.isPotential === true || started.isPotential
      if (!isPotential && !started.isPerhaps) passed.add(role)
      const edge = edgeTo(
        way,
        from,
        role.arn,
        by,
        [over.power, ...started.starting, ...over.before],
        to,
        isPotential || started.isPerhaps,
      )
      yield started.isPerhaps && !isPotential ? { ...edge, isPerhaps: true } : edge
    }
    if (beyond !== null) yield* passingUndeclared(way, from, service, beyond, powers)
  }
}

function* passingUndeclared(
  way: WayTo<'passed'>,
  from: Holder,
  service: string,
  beyond: Power,
  powers: Powers,
): Iterable<Edge> {
  for (const { role, power } of undeclaredRoles(from, service, beyond, powers)) {
    const started = startedWith(way, from, role, 'passed', powers)
    if (started === null) continue
    const who = `any role that isn't declared here and trusts ${service}`
    yield {
      steps: [
        {
          ...stepBy(way, from, null, [power, ...started.starting]),
          does: `passes ${who} (${way.needs[0]?.[0]})`,
        },
      ],
      power,
      to: null,
      target: null,
      class: 'runs-code-as-role',
      isPotential: true,
      undeclared: who,
    }
    return
  }
}

/** Some roles that aren't declared and may be passed: the one that was found, and those that conditions name. */
function* undeclaredRoles(
  from: Holder,
  service: string,
  beyond: Power,
  powers: Powers,
): Iterable<{ readonly role: Told; readonly power: Power }> {
  yield { role: toldBy(beyond.request.resource), power: beyond }
  const roles = powers.view.accounts.get(from.account)?.entities.role
  for (const arn of rolesTold(from, powers)) {
    const role = toldBy(arn)
    if (accountOf(arn) !== from.account || roles?.has(role.name)) continue
    const power = powers.on(from, PASS_ROLE, arn, new Map([['iam:passedtoservice', [service]]]))
    if (power !== null) yield { role, power }
  }
}

/** A role that may be passed to a service, and who its holder then is. */
interface Passed {
  readonly role: RoleState
  readonly service: string
  readonly over: PowerOver
  readonly to: Holder
}

/** Whether somebody may pass a role to a service. Found once for all ways that start something of the service. */
type OverRoles = (role: RoleState, service: string) => PowerOver | null

function powersOverRoles(from: Holder, powers: Powers): OverRoles {
  const facts = new Map<RoleState, Given>()
  const known = new Map<string, Map<RoleState, PowerOver | null>>()
  return (role, service) => {
    const ofService = known.get(service) ?? new Map<RoleState, PowerOver | null>()
    known.set(service, ofService)
    let over = ofService.get(role)
    if (over === undefined) {
      const own = facts.get(role) ?? entityFacts(from, role, powers)
      facts.set(role, own)
      const given = new Map([...own, ['iam:passedtoservice', [service]] as const])
      over = powerOver(from, PASS_ROLE, role, given, powers)
      ofService.set(role, over)
    }
    return over
  }
}

function* passable(way: WayTo<'passed'>, from: Holder, world: World, overRole: OverRoles): Iterable<Passed> {
  const { view } = world
  const reached = new Set<RoleState>()
  for (const service of way.reaches.services)
    for (const role of rolesFor(way, from, service, world)) {
      if (isReserved(role) || reached.has(role) || role.arn === from.principal.name) continue
      const over = overRole(role, service)
      const to = over === null ? null : holderOf(role.arn, 'service', view)
      if (over === null || to === null) continue
      reached.add(role)
      yield { role, service, over, to }
    }
}

const rolesOf = (way: WayTo<'passed'>, from: Holder, world: World): readonly RoleState[] =>
  way.reaches.services.flatMap((service) =>
    rolesFor(way, from, service, world).filter(
      (role) => !isReserved(role) && role.arn !== from.principal.name,
    ),
  )

const rolesFor = (
  { reaches: { provider } }: WayTo<'passed'>,
  { account }: Holder,
  service: string,
  { trusts }: World,
): readonly RoleState[] =>
  provider === undefined
    ? trusts.rolesOf(account, service)
    : trusts.rolesOfHost(account, (host) => host === provider)

function edgeTo(
  way: WayTo<'passed'>,
  from: Holder,
  role: string,
  service: string,
  powers: readonly [Power, ...Power[]],
  to: Holder,
  isPotential: boolean,
): Edge {
  const [power, starting] = powers
  const name = service.replace(/\.amazonaws\.com$/, '')
  const does = `passes ${shortName(role)} to ${name} (${starting?.request.action ?? way.id})`
  return {
    steps: [stepBy(way, from, role, powers, does)],
    power,
    to,
    target: role,
    class: 'runs-code-as-role',
    isPotential,
    undeclared: null,
  }
}
