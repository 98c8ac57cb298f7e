import { EVERYTHING } from '../subject.ts'
import { type Edge, stepBy, type World } from './edge.ts'
import { alteredBy, type Holder } from './holder.ts'
import type { Power } from './powers.ts'
import { type WayTo, waysTo } from './ways.ts'

const WAYS = waysTo('new')
/** Neither whoever is made, nor whoever is written to, has a boundary. */
const UNBOUNDED = new Map([['iam:permissionsboundary', null]])

/** Makes users and roles with any policy, and becomes them. Those that must have a boundary are no more than it allows. */
export function* makingOthers(from: Holder, world: World): Iterable<Edge> {
  // Whoever is made by them makes nobody who may do more.
  if (from.altered.includes('made by')) return
  for (const way of WAYS) {
    const made = madeBy(way, from, world)
    if (made === null) continue
    yield {
      steps: [stepBy(way, from, null, made)],
      power: made[0],
      // It has nothing but what was written, under the control policies of the account.
      to: alteredBy(from, `made by ${way.id}`, {
        ...from.state.layers,
        identity: [EVERYTHING],
        boundary: null,
      }),
      target: null,
      class: 'changes-permissions',
      isPotential: false,
      undeclared: null,
    }
  }
}

function madeBy(
  { needs, reaches: { kind } }: WayTo<'new'>,
  from: Holder,
  { powers }: World,
): readonly [Power, ...Power[]] | null {
  const [[create = ''] = [], ...others] = needs
  if (powers.allOf(from, needs) === null) return null
  const made = powers.beyond(from, create, `${kind}s`, UNBOUNDED)
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
                ...UNBOUNDED,
                ['iam:policyarn', [`arn:${name.split(':')[1]}:iam::aws:policy/AdministratorAccess`]],
              ])
            : UNBOUNDED,
        ),
      )
      .find((each) => each !== null)
    if (power == null) return null
    besides.push(power)
  }
  return [made, ...besides]
}
