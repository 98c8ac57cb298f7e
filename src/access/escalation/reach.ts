import { Recent } from '../recent.ts'
import type { Edge, World } from './edge.ts'
import type { EscalationStep } from './escalation.ts'
import { assumingRoles } from './following/assuming.ts'
import { makingOthers } from './following/making.ts'
import { renamingItself } from './following/own-name.ts'
import { taggingItself } from './following/own-tags.ts'
import { passingRoles } from './following/passing.ts'
import { runningCode } from './following/running.ts'
import { speakingForProviders } from './following/speaking-for-providers.ts'
import { takingUsers } from './following/taking.ts'
import { trusting } from './following/trusting.ts'
import { writingOn } from './following/writing.ts'
import { type Holder, holderKey, nameKey } from './powers/holder.ts'
import type { Power } from './powers/powers.ts'
import type { Surplus } from './powers/surplus.ts'
import { endingControls, endingElsewhere } from './ways/ending.ts'

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
/** Edges that are looked at for one start: of an estate in which everybody may become everybody the nearest are told. */
const MOST_EDGES = 10_000

/** Edges are kept of so many holders. */
const MOST_REMEMBERED = 2000

/** An edge, and what is asked of it again and again. */
interface Linked {
  readonly edge: Edge
  /** Of whom it leads to; null: nobody in particular. */
  readonly id: string | null
  readonly key: string
  readonly isAdministrator: boolean
}

interface ReachedFrom {
  readonly reached: readonly Reached[]
  /** false: there was more to look at than there is time for. */
  readonly isWhole: boolean
}

/** Who may become whom in one state of an estate. Edges are found once for everybody who comes by. */
export class Reach {
  readonly #world: World
  /** Most starts are nobody's target: what is asked once needn't be kept, and may be hundreds of edges. */
  readonly #edges = new Recent<readonly Linked[]>(MOST_REMEMBERED)

  constructor(world: World) {
    this.#world = world
  }

  /** Everything that somebody can come to, whether it gives more or not; the shortest paths first. */
  from(start: Holder): ReachedFrom {
    const { surplus } = this.#world
    const found: Reached[] = []
    const followed = new Set([holderKey(start)])
    const told = new Set<string>()
    /** Steps to an administrator, by account: beyond there is nothing more to come to. */
    const administrated = new Map<string, number>()
    if (surplus.isAdministrator(start)) administrated.set(start.account, 0)
    const queue: Node[] = [{ holder: start, path: [], power: null, isPerhaps: false }]
    /** What hangs on something that isn't known comes last: it hides nothing that is certain. */
    const perhaps: { readonly node: Node; readonly linked: Linked }[] = []
    const follow = (node: Node, { edge, id, key: own, isAdministrator: isAll }: Linked): void => {
      const isOwn = node.path.length === 0 && !node.isPerhaps
      const { to } = edge
      const power = node.power ?? edge.power
      if (to === null) {
        const key = endKey(edge, start)
        if (!isOwn && (told.has(key) || edge.class === 'can-let-others-in')) return
        told.add(key)
        const path = [...node.path, ...edge.steps]
        found.push({ start, path, power, edge: perhapsOf(edge, node), isAdministrator: false, key })
        return
      }
      const steps = node.path.length + edge.steps.length
      if ((administrated.get(to.account) ?? MOST_STEPS) < steps) return
      const isAdministrator = isAll && edge.only === undefined && administrated.get(to.account) !== 0
      const key = isAdministrator ? `administrator of ${to.account}` : own
      const isFollowed = isEnd(edge) || followed.has(id ?? '')
      if (!isOwn && isFollowed && told.has(key)) return
      const path = [...node.path, ...edge.steps]
      if (isOwn || !told.has(key)) {
        told.add(key)
        found.push({ start, path, power, edge: perhapsOf(edge, node), isAdministrator, key })
      }
      if (isAdministrator)
        administrated.set(to.account, Math.min(steps, administrated.get(to.account) ?? MOST_STEPS))
      if (isFollowed) return
      followed.add(id ?? '')
      queue.push({ holder: to, path, power, isPerhaps: node.isPerhaps })
    }
    let looked = 0
    let head = 0
    const followAll = (): void => {
      for (; head < queue.length && looked <= MOST_EDGES; head++) {
        const node = queue[head]
        if (node === undefined || node.path.length >= MOST_STEPS) continue
        for (const linked of this.#edgesFrom(node.holder)) {
          if (++looked > MOST_EDGES) break
          if (linked.edge.isPerhaps === true && !node.isPerhaps) perhaps.push({ node, linked })
          else follow(node, linked)
        }
      }
    }
    followAll()
    const certain = new Map(administrated)
    for (const { node, linked } of perhaps) follow({ ...node, isPerhaps: true }, linked)
    followAll()
    const reached = found.filter(({ edge, path }) => {
      const nearest = edge.isPotential ? administrated : certain
      return edge.to === null || (nearest.get(edge.to.account) ?? MOST_STEPS) >= path.length
    })
    return { reached, isWhole: looked <= MOST_EDGES }
  }

  /**
   * Of some starts those from whom somebody who changed can be come to, or who changed themselves: for all others everything
   * stays as it is.
   * @param isChanged of whom or what an edge is about, by ARN
   * @param mayConcern false: nobody who changed can be come to from there
   */
  concerned(
    starts: readonly Holder[],
    isChanged: (arn: string) => boolean,
    mayConcern: (holder: Holder) => boolean = () => true,
  ): ReadonlySet<Holder> {
    const comingFrom = new Map<string, string[]>()
    const touching: string[] = []
    const seen = new Map<string, Holder>(starts.map((start) => [holderKey(start), start]))
    const queue = [...seen]
    for (let head = 0; head < queue.length; head++) {
      const [from, holder] = queue[head] ?? ['', null]
      if (holder === null || !mayConcern(holder)) continue
      if (isChanged(holder.principal.name)) {
        touching.push(from)
        continue
      }
      let touches = false
      for (const { edge, id } of this.#edgesFrom(holder)) {
        touches ||= edge.target !== null && isChanged(edge.target)
        touches ||= edge.hangsOn !== undefined && isChanged(edge.hangsOn)
        touches ||= edge.steps.some(({ reaches }) => reaches !== null && isChanged(reaches))
        if (edge.to === null || id === null) continue
        const known = comingFrom.get(id)
        if (known === undefined) comingFrom.set(id, [from])
        else known.push(from)
        if (seen.has(id) || isEnd(edge)) continue
        seen.set(id, edge.to)
        queue.push([id, edge.to])
      }
      if (touches) touching.push(from)
    }
    const found = new Set(touching)
    for (const id of touching)
      for (const from of comingFrom.get(id) ?? [])
        if (!found.has(from)) {
          found.add(from)
          touching.push(from)
        }
    return new Set(starts.filter((start) => found.has(holderKey(start))))
  }

  #edgesFrom(holder: Holder): readonly Linked[] {
    const id = holderKey(holder)
    let edges = this.#edges.get(id)
    if (edges === undefined) {
      const { surplus } = this.#world
      edges = [...this.#find(holder)].map((edge) =>
        edge.to === null
          ? { edge, id: null, key: '', isAdministrator: false }
          : {
              edge,
              id: holderKey(edge.to),
              key: identityKey(edge.to),
              isAdministrator: surplus.isAdministrator(edge.to),
            },
      )
      this.#edges.set(id, edges)
    }
    return edges
  }

  *#find(holder: Holder): Iterable<Edge> {
    const world = this.#world
    // Who may do everything needs no other's power in the account.
    if (world.surplus.isAdministrator(holder)) {
      for (const edge of assumingRoles(holder, world)) if (edge.to?.account !== holder.account) yield edge
      if (world.surplus.isHeldByControls(holder)) yield* endingControls(holder, world)
      return
    }
    let isAllPowerful = false
    for (const edge of [
      ...writingOn(holder, holder, world),
      ...taggingItself(holder, world),
      ...renamingItself(holder, world),
      ...makingOthers(holder, world),
    ]) {
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
    if (to === null || isEnd(edge) || to.account !== holder.account) return
    if (world.surplus.isAdministrator(to)) return
    for (const written of writingOn(holder, to, world))
      yield {
        ...written,
        steps: [...written.steps, ...edge.steps],
        target: edge.target,
        ...(edge.isPerhaps === true && !written.isPotential ? { isPotential: true, isPerhaps: true } : {}),
      }
  }
}

interface Node {
  readonly holder: Holder
  readonly path: readonly EscalationStep[]
  /** What grants the first step; null: none was taken. */
  readonly power: Power | null
  /** Whether some step hangs on something that isn't known. */
  readonly isPerhaps: boolean
}

/** Whether what lies beyond isn't looked at. */
const isEnd = ({ only, isPotential, isPerhaps }: Edge): boolean =>
  only !== undefined || (isPotential && isPerhaps !== true)

const perhapsOf = (edge: Edge, { isPerhaps }: Node): Edge =>
  isPerhaps && !edge.isPotential ? { ...edge, isPotential: true, isPerhaps: true } : edge

const identityKey = ({ principal, altered }: Holder): string =>
  altered === '' ? nameKey(principal.name) : `${nameKey(principal.name)} ${altered}`

/** Of an end that is nobody in particular. */
function endKey({ class: of, steps, target, undeclared }: Edge, { account }: Holder): string {
  if (undeclared !== null) return `${account} ${undeclared}`
  const way = steps.at(-1)?.way ?? ''
  return of === 'can-let-others-in' ? `${account} ${of} ${way} ${target ?? ''}` : `${account} ${of}`
}
