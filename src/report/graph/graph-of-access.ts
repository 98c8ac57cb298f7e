import type { AccessDiff } from '../../access/access-diff.ts'
import type { AccessEntry, Direction } from '../../access/access-entry.ts'
import type { Escalation, EscalationClass, EscalationSeverity } from '../../access/escalation/escalation.ts'
import { type Account, parseEntityArn, rootArn } from '../../model/index.ts'
import { printable } from '../layout/paint.ts'
import { shortPrincipal, shortResource } from '../questions/principals-text.ts'
import { cappedGraph } from './capped-graph.ts'
import type { EdgeChange, EdgeKind, NodePlace, PowerEdge, PowerGraph, PowerNode } from './power-graph.ts'

/** What is come to where that is no entity that is known here. */
const POWERS: Readonly<Record<EscalationClass, string>> = {
  administrator: 'administrator',
  'takes-over-identity': 'somebody else',
  'changes-permissions': "others' permissions",
  'runs-code-as-role': 'a role',
  'lets-outsiders-in': 'what is inside',
  'weakens-guardrail': 'fewer guardrails',
  'can-let-others-in': 'letting others in',
}
/** Of policies that anybody may hold. */
const HOLDER = 'whoever holds it'
const POWER = 'power '
/** Of which a picture is made; of what comes after these nothing would be seen. */
const MOST_COLLECTED = 2000

/**
 * The escalations and the roles that somebody may assume, or may no longer, of one comparison; what matters most comes first.
 * @param account null: policies were compared, which are nobody's
 */
export function graphOfAccess(diff: AccessDiff, account: Account | null): PowerGraph {
  const gained = diff.gained.map(withHolder)
  const lost = diff.lost.map(withHolder)
  const escalations = diff.escalations.map(heldBySomebody)
  const drawing = new GraphDrawing({ gained, lost, escalations }, account)
  for (const each of escalations) drawing.escalation(each)
  for (const each of gained) drawing.assuming(each, 'gained')
  for (const each of lost) drawing.assuming(each, 'lost')
  return drawing.graph()
}

const withHolder = <E extends AccessEntry>(entry: E): E =>
  entry.principals.length > 0 ? entry : { ...entry, principals: [HOLDER] }

/** Of policies the steps are an example's, who stands for whoever holds them. */
function heldBySomebody(escalation: Escalation): Escalation {
  const [first] = escalation.path
  if (escalation.principals.length > 0 || first === undefined) return withHolder(escalation)
  const held = (who: string | null) => (who === first.actor ? HOLDER : who)
  const path = escalation.path.map((step) => ({
    ...step,
    actor: held(step.actor) ?? HOLDER,
    reaches: held(step.reaches),
  }))
  return withHolder({ ...escalation, path })
}

type Changed = Pick<AccessDiff, 'gained' | 'lost' | 'escalations'>

class GraphDrawing {
  readonly #account: Account | null
  readonly #nodes = new Map<string, PowerNode>()
  readonly #edges = new Map<string, PowerEdge>()
  readonly #gains: ReadonlySet<string>
  #left = 0
  readonly #directly: Readonly<Record<Direction, Hops>>

  constructor({ gained, lost, escalations }: Changed, account: Account | null) {
    this.#account = account
    this.#gains = gainedSteps(gained, escalations)
    this.#directly = { gained: hopsOf(gained), lost: hopsOf(lost) }
  }

  graph(): PowerGraph {
    return cappedGraph(toldApart([...this.#nodes.values()]), [...this.#edges.values()], this.#left)
  }

  escalation({ kind, principals, path, class: of, severity, target, why }: Escalation): void {
    const power = POWER + of
    if (path.length === 0) {
      for (const start of principals) {
        const to = target === null || target === start ? power : target
        this.#edge(start, to, kind === 'assume' ? 'assumes' : 'comes to', 'gained', () => why)
        this.#mark(to, severity)
      }
      return
    }
    for (const [index, { way, actor, does, reaches, witness }] of path.entries()) {
      // One step of several principals names the one of them who was asked about.
      for (const from of path.length === 1 ? principals : [actor]) {
        const to = reaches === null || reaches === from ? power : reaches
        const change = this.#gains.has(keyOf(from, witness.action)) ? 'gained' : 'part'
        const edgeKind = way.startsWith('sts:AssumeRole') ? 'assumes' : 'comes to'
        this.#edge(from, to, edgeKind, change, () => does)
        if (index === path.length - 1) this.#mark(to, severity)
      }
    }
  }

  assuming({ kind, principals, via, resources }: AccessEntry, direction: Direction): void {
    if (kind !== 'assume') return
    for (const principal of principals) {
      for (const role of resources) {
        const stops = [principal, ...via, role]
        const hops = stops.slice(1).map((to, index) => ({ from: stops[index] ?? principal, to }))
        const known = hops.map(({ from, to }) => this.#directly[direction].get(to)?.has(from) === true)
        for (const [index, { from, to }] of hops.entries()) {
          // Of a way without a hop that is new by itself something else of it is: all of it is said to be.
          const change = known[index] || !known.includes(true) ? direction : 'part'
          const verb = change === 'lost' ? 'may no longer assume' : 'may assume'
          this.#edge(from, to, 'assumes', change, () => `${verb} ${this.#name(to)}`)
        }
      }
    }
  }

  #edge(from: string, to: string, kind: EdgeKind, change: EdgeChange, does: () => string): void {
    if (from === to) return
    this.#node(from)
    this.#node(to)
    const key = `${kind} ${keyOf(from, to)}`
    const known = this.#edges.get(key)
    if (known === undefined && this.#edges.size >= MOST_COLLECTED) this.#left++
    else if (known === undefined || (known.change !== 'gained' && change === 'gained'))
      this.#edges.set(key, { from, to, kind, change, does: does() })
  }

  #node(id: string): void {
    if (!this.#nodes.has(id))
      this.#nodes.set(id, { id, label: this.#name(id), place: this.#placeOf(id), severity: null })
  }

  /** Escalations come the heaviest first. */
  #mark(id: string, severity: EscalationSeverity): void {
    const node = this.#nodes.get(id)
    if (node !== undefined && node.severity === null) this.#nodes.set(id, { ...node, severity })
  }

  #name(id: string): string {
    if (id === HOLDER) return HOLDER
    if (id.startsWith(POWER)) return POWERS[id.slice(POWER.length) as EscalationClass]
    const name = shortPrincipal(id, this.#account)
    return name === id ? shortResource(id, this.#account) : name
  }

  #placeOf(id: string): NodePlace {
    if (id.startsWith(POWER)) return 'power'
    if (id === HOLDER || this.#account === null || id === rootArn(this.#account)) return 'inside'
    // `arn:PARTITION:SERVICE:REGION:ACCOUNT:…`; of a bucket and its like the account is not said, and it is a target.
    const owner = parseEntityArn(id)?.account ?? id.split(':')[4]
    return (id.startsWith('arn:') && owner === '') || owner === this.#account.id ? 'inside' : 'outside'
  }
}

/** Who have the same name, but for their paths, are called by their whole names. */
function toldApart(nodes: readonly PowerNode[]): readonly PowerNode[] {
  const counts = new Map<string, number>()
  for (const { label } of nodes) counts.set(label, (counts.get(label) ?? 0) + 1)
  return nodes.map((node) =>
    counts.get(node.label) === 1
      ? node
      : { ...node, label: printable(node.id.split(':').slice(5).join(':') || node.id) },
  )
}

const keyOf = (from: string, to: string): string => `${from}\n${to}`

/** Of the steps of escalations those that an entry says are new, by who takes them and the action. */
function gainedSteps(
  gained: readonly AccessEntry[],
  escalations: readonly Escalation[],
): ReadonlySet<string> {
  const wanted = new Map<string, Set<string>>()
  for (const { path, principals } of escalations)
    for (const { actor, witness } of path)
      for (const who of path.length === 1 ? principals : [actor])
        wanted.set(who, (wanted.get(who) ?? new Set()).add(witness.action))
  const found = new Set<string>()
  for (const { principals, actions } of gained) {
    const given = new Set(actions)
    for (const principal of principals)
      for (const action of wanted.get(principal) ?? [])
        if (given.has(action)) found.add(keyOf(principal, action))
  }
  return found
}

type Hops = ReadonlyMap<string, ReadonlySet<string>>

/** By role, who may assume it without another one in between. */
function hopsOf(entries: readonly AccessEntry[]): Hops {
  const hops = new Map<string, Set<string>>()
  for (const { kind, via, principals, resources } of entries) {
    if (kind !== 'assume' || via.length > 0) continue
    for (const role of resources) {
      const known = hops.get(role) ?? new Set()
      for (const principal of principals) known.add(principal)
      hops.set(role, known)
    }
  }
  return hops
}
