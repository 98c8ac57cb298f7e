import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import { EVERYTHING } from '../../principals/examined-principal.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { boundariesFor, holdsBack } from '../powers/boundaries.ts'
import type { Given } from '../powers/given.ts'
import { alteredBy, type Holder, shortName } from '../powers/holder.ts'
import type { Power } from '../powers/powers.ts'
import { type WayTo, waysTo } from '../ways/ways.ts'

const WAYS = waysTo('new')
const BOUNDARY = 'iam:permissionsboundary'
/** Neither whoever is made, nor whoever is written to, has a boundary. */
const UNBOUNDED: Given = new Map([[BOUNDARY, null]])

/** Makes users and roles with any policy, and becomes them. Those that must have a boundary are no more than it allows. */
export function* makingOthers(from: Holder, world: World): Iterable<Edge> {
  // Whoever is made by them makes nobody who may do more.
  if (from.altered.includes('made by')) return
  for (const way of WAYS) {
    if (world.powers.allOf(from, way.needs) === null) continue
    const made = madeBy(way, from, UNBOUNDED, world)
    if (made === null) yield* makingUnder(way, from, world)
    else
      yield {
        ...edgeOf(made),
        steps: [stepBy(way, from, null, made)],
        to: madeUnder(null, way, from),
      }
  }
}

/** Of whoever must have a boundary: under each that may be given and doesn't hold. */
function* makingUnder(way: WayTo<'new'>, from: Holder, world: World): Iterable<Edge> {
  for (const boundary of boundariesFor(from, world)) {
    const to = madeUnder(boundary, way, from)
    if (holdsBack(to, from, world)) continue
    const made = madeBy(way, from, new Map([[BOUNDARY, [boundary.id]]]), world)
    if (made === null) continue
    const does = way.does.replace('any policy', `any policy under ${shortName(boundary.id)}`)
    yield { ...edgeOf(made), steps: [stepBy(way, from, null, made, does)], to, hangsOn: boundary.id }
    if (world.surplus.isAdministrator(to)) return
  }
}

const edgeOf = ([power]: readonly [Power, ...Power[]]) =>
  ({ power, target: null, class: 'changes-permissions', isPotential: false, undeclared: null }) as const

/** It has nothing but what was written, under its boundary and the control policies of the account. */
const madeUnder = (boundary: IdentifiedPolicy | null, { id }: WayTo<'new'>, from: Holder): Holder =>
  alteredBy(from, boundary === null ? `made by ${id}` : `made by ${id} under ${boundary.id}`, {
    ...from.state.layers,
    identity: [EVERYTHING],
    boundary: boundary === null ? null : [boundary],
  })

function madeBy(
  { needs, reaches: { kind } }: WayTo<'new'>,
  from: Holder,
  given: Given,
  { powers }: World,
): readonly [Power, ...Power[]] | null {
  const [[create = ''] = [], ...others] = needs
  const made = powers.beyond(from, create, `${kind}s`, given)
  if (made === null) return null
  const name = made.request.resource
  const besides: Power[] = []
  for (const actions of others) {
    const power = actions
      .map((action) =>
        powers.on(
          from,
          action,
          name,
          /:Attach/.test(action)
            ? new Map([
                ...given,
                ['iam:policyarn', [`arn:${name.split(':')[1]}:iam::aws:policy/AdministratorAccess`]],
              ])
            : given,
        ),
      )
      .find((each) => each !== null)
    if (power == null) return null
    besides.push(power)
  }
  return [made, ...besides]
}
