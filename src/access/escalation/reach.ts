import { assumingRoles } from './assuming.ts'
import type { Edge, World } from './edge.ts'
import { endingElsewhere } from './ending.ts'
import type { EscalationStep } from './escalation.ts'
import { type Holder, holderKey, nameKey } from './holder.ts'
import { makingOthers } from './making.ts'
import { passingRoles } from './passing.ts'
import type { Power } from './powers.ts'
import { runningCode } from './running.ts'
import { speakingForProviders } from './speaking-for-providers.ts'
import type { Surplus } from './surplus.ts'
import { takingUsers } from './taking.ts'
import { trusting } from './trusting.ts'
import { writingOn } from './writing.ts'

/** Somebody, or something, that a principal can come to. */
export interface Reached {
  readonly start: Holder
  readonly path: readonly EscalationStep[]
  /** What grants the first step. */
  readonly power: Power
  /** The last step. */
  readonly edge: Edge
  /** Whether whoever it leads to may do nearly everything in the account, and the start may not. */
  readonly isAdministrator: boolean
  /** Tells what is reached: equal ones in two states are the same. */
  readonly key: string
}

/** What is reached, and what is gained by it. */
export interface Gained extends Reached {
  /** null: it isn't about an identity. */
  readonly surplus: Surplus | null
}

/** Steps that are looked for, one after the other. */
const MOST_STEPS = 5
/** Identities that one start is followed to. */
const MOST_FOLLOWED = 2000

/** Who may become whom in one state of an estate. Edges are found once for everybody who comes by. */
export class Reach {
  readonly #world: World
  readonly #edges = new Map<string, readonly Edge[]>()

  constructor(world: World) {
    this.#world = world
  }

  /** Everything that somebody can come to, whether it gives more or not; the shortest paths first. */
  from(start: Holder): readonly Reached[] {
    const { surplus } = this.#world
    const found: Reached[] = []
    const followed = new Set([holderKey(start)])
    const told = new Set<string>()
    /** Steps to an administrator, by account: beyond there is nothing more to come to. */
    const administrated = new Map<string, number>()
    if (surplus.isAdministrator(start)) administrated.set(start.account, 0)
    const queue: {
      readonly holder: Holder
      readonly path: readonly EscalationStep[]
      readonly power: Power | null
    }[] = [{ holder: start, path: [], power: null }]
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head]
      if (node === undefined || node.path.length >= MOST_STEPS) continue
      for (const edge of this.#edgesFrom(node.holder)) {
        const path = [...node.path, ...edge.steps]
        const power = node.power ?? edge.power
        const { to } = edge
        if (to === null) {
          const key = endKey(edge, start)
          const isOwn = node.path.length === 0
          if (!isOwn && (told.has(key) || edge.class === 'can-let-others-in')) continue
          told.add(key)
          found.push({ start, path, power, edge, isAdministrator: false, key })
          continue
        }
        if ((administrated.get(to.account) ?? MOST_STEPS) < path.length) continue
        const isAdministrator =
          edge.only === undefined && administrated.get(to.account) !== 0 && surplus.isAdministrator(to)
        const key = isAdministrator ? `administrator of ${to.account}` : identityKey(to)
        if (!told.has(key) || node.path.length === 0) {
          told.add(key)
          found.push({ start, path, power, edge, isAdministrator, key })
        }
        if (isAdministrator)
          administrated.set(to.account, Math.min(path.length, administrated.get(to.account) ?? MOST_STEPS))
        const id = holderKey(to)
        if (edge.only !== undefined || edge.isPotential || followed.has(id) || followed.size > MOST_FOLLOWED)
          continue
        followed.add(id)
        queue.push({ holder: to, path, power })
      }
    }
    return found.filter(
      ({ edge, path }) =>
        edge.to === null || (administrated.get(edge.to.account) ?? MOST_STEPS) >= path.length,
    )
  }

  #edgesFrom(holder: Holder): readonly Edge[] {
    const id = holderKey(holder)
    let edges = this.#edges.get(id)
    if (edges === undefined) {
      edges = [...this.#find(holder)]
      this.#edges.set(id, edges)
    }
    return edges
  }

  *#find(holder: Holder): Iterable<Edge> {
    const world = this.#world
    // Who may do everything needs no other's power in the account.
    if (world.surplus.isAdministrator(holder)) {
      for (const edge of assumingRoles(holder, world)) if (edge.to?.account !== holder.account) yield edge
      return
    }
    let isAllPowerful = false
    for (const edge of [...writingOn(holder, holder, world), ...makingOthers(holder, world)]) {
      if (edge.to !== null && world.surplus.isAdministrator(edge.to)) isAllPowerful = true
      yield edge
    }
    const identities = [
      ...assumingRoles(holder, world),
      ...takingUsers(holder, world),
      ...trusting(holder, world),
      ...passingRoles(holder, world),
      ...runningCode(holder, world),
      ...speakingForProviders(holder, world),
    ]
    yield* identities
    // Where one's own permissions can be anything, nobody else's need to be.
    if (!isAllPowerful) for (const edge of identities) yield* this.#strengthened(holder, edge)
    yield* endingElsewhere(holder, world)
  }

  /** Whom one may become, with other permissions, which one may write as well. */
  *#strengthened(holder: Holder, edge: Edge): Iterable<Edge> {
    const world = this.#world
    const { to } = edge
    if (to === null || edge.only !== undefined || edge.isPotential || to.account !== holder.account) return
    if (world.surplus.isAdministrator(to)) return
    for (const written of writingOn(holder, to, world))
      yield {
        ...written,
        steps: [...written.steps, ...edge.steps],
        target: edge.target,
      }
  }
}

const identityKey = ({ subject, altered }: Holder): string =>
  altered === '' ? nameKey(subject.principal) : `${nameKey(subject.principal)} ${altered}`

/** Of an end that is nobody in particular. */
function endKey({ class: of, steps, undeclared }: Edge, { account }: Holder): string {
  if (undeclared !== null) return `${account} ${undeclared}`
  const way = steps.at(-1)?.way ?? ''
  return of === 'can-let-others-in' ? `${account} ${of} ${way}` : `${account} ${of}`
}
