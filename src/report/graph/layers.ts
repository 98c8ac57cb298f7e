/** An arrow between two nodes, by their numbers. */
export interface LayoutLink {
  readonly from: number
  readonly to: number
}

/** A place in a layer: a node's, or what an arrow needs that passes by. */
export interface Slot {
  readonly layer: number
  readonly isPassing: boolean
}

/** A link as it is laid out: from left to right through a slot of each layer. */
interface Chain {
  readonly slots: readonly number[]
  /** It leads back: the layout has it the other way around. */
  readonly isTurned: boolean
}

export interface Chains {
  /** The nodes first, by their numbers. */
  readonly slots: readonly Slot[]
  /** One for each link. */
  readonly chains: readonly Chain[]
  /** Of each slot those of the layer before, and of the layer after, that it is tied to. */
  readonly before: readonly (readonly number[])[]
  readonly after: readonly (readonly number[])[]
}

/** Puts nodes into layers, each further to the right than what leads to it. */
export function chainsOf(count: number, links: readonly LayoutLink[]): Chains {
  const turned = linksThatLeadBack(count, links)
  const forward = links.map(({ from, to }, link) =>
    turned.has(link) ? { from: to, to: from } : { from, to },
  )
  const layers = longestWays(count, forward)
  const slots: Slot[] = layers.map((layer) => ({ layer, isPassing: false }))
  const before: number[][] = slots.map(() => [])
  const after: number[][] = slots.map(() => [])
  const chains = forward.map(({ from, to }, link) => {
    const chain = [from]
    for (let layer = (layers[from] ?? 0) + 1; layer < (layers[to] ?? 0); layer++) {
      chain.push(slots.length)
      slots.push({ layer, isPassing: true })
      before.push([])
      after.push([])
    }
    chain.push(to)
    for (const [at, slot] of chain.entries()) {
      const next = chain[at + 1]
      if (next === undefined) continue
      after[slot]?.push(next)
      before[next]?.push(slot)
    }
    return { slots: chain, isTurned: turned.has(link) }
  })
  return { slots, chains, before, after }
}

/** Links that close a circle, when all are walked in order: without them there is none. */
function linksThatLeadBack(count: number, links: readonly LayoutLink[]): ReadonlySet<number> {
  const leaving = Array.from({ length: count }, (): number[] => [])
  for (const [link, { from }] of links.entries()) leaving[from]?.push(link)
  const entered = new Set(links.map(({ to }) => to))
  const nodes = Array.from({ length: count }, (_, node) => node)
  const state = new Array<'new' | 'open' | 'done'>(count).fill('new')
  const back = new Set<number>()
  // Who nobody leads to begins, so that ways are walked in their own direction.
  for (const root of [...nodes.filter((node) => !entered.has(node)), ...nodes]) {
    if (state[root] !== 'new') continue
    const path = [{ node: root, next: 0 }]
    state[root] = 'open'
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const link = leaving[top.node]?.[top.next++]
      if (link === undefined) {
        state[top.node] = 'done'
        path.pop()
        continue
      }
      const to = links[link]?.to ?? 0
      if (state[to] === 'open') back.add(link)
      else if (state[to] === 'new') {
        state[to] = 'open'
        path.push({ node: to, next: 0 })
      }
    }
  }
  return back
}

/** @param links without a circle */
function longestWays(count: number, links: readonly LayoutLink[]): readonly number[] {
  const layers = new Array<number>(count).fill(0)
  const waiting = new Array<number>(count).fill(0)
  const leaving = Array.from({ length: count }, (): number[] => [])
  for (const { from, to } of links) {
    leaving[from]?.push(to)
    waiting[to] = (waiting[to] ?? 0) + 1
  }
  const ready = waiting.flatMap((links, node) => (links === 0 ? [node] : []))
  for (let at = 0; at < ready.length; at++) {
    const node = ready[at] ?? 0
    for (const to of leaving[node] ?? []) {
      layers[to] = Math.max(layers[to] ?? 0, (layers[node] ?? 0) + 1)
      waiting[to] = (waiting[to] ?? 0) - 1
      if (waiting[to] === 0) ready.push(to)
    }
  }
  return layers
}
