import { orderedLayers } from './layer-order.ts'
import { type Chains, chainsOf, type LayoutLink, type Slot } from './layers.ts'

/** Sizes in the layout's own unit, which a picture takes for pixels. */
export interface LayoutSizes {
  readonly nodeWidth: number
  readonly nodeHeight: number
  /** Between layers, for the arrows. */
  readonly layerGap: number
  /** Between two of one layer. */
  readonly rowGap: number
  /** What an arrow that passes by takes of a layer's height. */
  readonly passingHeight: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Where everything of a graph stands; a layer is a column, and most arrows lead to the right. */
interface Layout {
  readonly width: number
  readonly height: number
  /** Upper left corners, by node. */
  readonly corners: readonly Point[]
  /** Of each link the points that it goes through, from its start to its end. */
  readonly routes: readonly (readonly Point[])[]
}

/** How often heights are drawn together before they stand. */
const SETTLING_ROUNDS = 12
/** Arrows at one side of a box keep this apart, if there is room. */
const PORT_GAP = 7

/**
 * Layers by the longest way to a node, arrows that lead back turned around, those that skip layers led through between the boxes,
 * the order within layers by barycentres, heights by the mean of the neighbours. The same input gives the same layout.
 * @see Sugiyama, Tagawa, Toda: "Methods for Visual Understanding of Hierarchical System Structures" (1981)
 * @param links by the nodes' numbers; none of a node to itself
 */
export function layeredLayout(count: number, links: readonly LayoutLink[], sizes: LayoutSizes): Layout {
  const chains = chainsOf(count, links)
  const layers = orderedLayers(chains)
  const centres = settledHeights(layers, chains, sizes)
  const step = sizes.nodeWidth + sizes.layerGap
  const xOf = (slot: number) => (chains.slots[slot]?.layer ?? 0) * step
  const corners = Array.from({ length: count }, (_, node) => ({
    x: xOf(node),
    y: (centres[node] ?? 0) - sizes.nodeHeight / 2,
  }))
  const ports = portsOf(chains, centres, sizes)
  const routes = chains.chains.map(({ slots, isTurned }, link) => {
    const points = slots.flatMap((slot, at): readonly Point[] => {
      const x = xOf(slot)
      const y = centres[slot] ?? 0
      if (at === 0) return [{ x: x + sizes.nodeWidth, y: y + (ports.right[link] ?? 0) }]
      if (at === slots.length - 1) return [{ x, y: y + (ports.left[link] ?? 0) }]
      // Past the boxes of a layer an arrow goes straight.
      return [
        { x, y },
        { x: x + sizes.nodeWidth, y },
      ]
    })
    return isTurned ? points.toReversed() : points
  })
  const lowest = Math.max(0, ...centres.map((y, slot) => y + heightOf(chains.slots[slot], sizes) / 2))
  return { width: Math.max(1, layers.length) * step - sizes.layerGap, height: lowest, corners, routes }
}

const heightOf = (slot: Slot | undefined, sizes: LayoutSizes): number =>
  slot?.isPassing === true ? sizes.passingHeight : sizes.nodeHeight

/** The middle of each slot: near to what it is tied to, in its layer's order, none over another. The topmost edge is 0. */
function settledHeights(
  layers: readonly (readonly number[])[],
  chains: Chains,
  sizes: LayoutSizes,
): readonly number[] {
  const centres = new Array<number>(chains.slots.length).fill(0)
  const distance = (upper: number, lower: number) =>
    (heightOf(chains.slots[upper], sizes) + heightOf(chains.slots[lower], sizes)) / 2 + sizes.rowGap
  for (const layer of layers) placeLayer(layer, () => 0, distance, centres)
  for (let round = 0; round < SETTLING_ROUNDS; round++) {
    const inTurn = round % 2 === 0 ? layers : layers.toReversed()
    for (const layer of inTurn) placeLayer(layer, (slot) => meanOf(slot, chains, centres), distance, centres)
  }
  const top = Math.min(...centres.map((y, slot) => y - heightOf(chains.slots[slot], sizes) / 2))
  return centres.map((y) => Math.round(y - top))
}

function meanOf(slot: number, { before, after }: Chains, centres: readonly number[]): number {
  const tied = [...(before[slot] ?? []), ...(after[slot] ?? [])]
  if (tied.length === 0) return centres[slot] ?? 0
  return tied.reduce((sum, each) => sum + (centres[each] ?? 0), 0) / tied.length
}

/**
 * Puts a layer as near to what its slots want as its order allows: who would overlap stand as a block around the mean of what
 * they want.
 */
function placeLayer(
  layer: readonly number[],
  wanted: (slot: number) => number,
  distance: (upper: number, lower: number) => number,
  centres: number[],
): void {
  interface Block {
    readonly slots: number[]
    readonly offsets: number[]
    sum: number
  }
  const startOf = ({ sum, slots }: Block) => sum / slots.length
  const endOf = (block: Block) => startOf(block) + (block.offsets.at(-1) ?? 0)
  const blocks: Block[] = []
  for (const slot of layer) {
    let block: Block = { slots: [slot], offsets: [0], sum: wanted(slot) }
    for (let above = blocks.at(-1); above !== undefined; above = blocks.at(-1)) {
      const gap = distance(above.slots.at(-1) ?? 0, block.slots[0] ?? 0)
      if (endOf(above) + gap <= startOf(block)) break
      blocks.pop()
      const shift = (above.offsets.at(-1) ?? 0) + gap
      block = {
        slots: [...above.slots, ...block.slots],
        offsets: [...above.offsets, ...block.offsets.map((offset) => offset + shift)],
        sum: above.sum + block.sum - shift * block.slots.length,
      }
    }
    blocks.push(block)
  }
  for (const block of blocks)
    for (const [at, slot] of block.slots.entries()) centres[slot] = startOf(block) + (block.offsets[at] ?? 0)
}

/** How far from the middle of a box each link begins and ends, so that no two share a place there. */
function portsOf({ chains }: Chains, centres: readonly number[], { nodeHeight }: LayoutSizes) {
  const right = new Array<number>(chains.length).fill(0)
  const left = new Array<number>(chains.length).fill(0)
  const spread = (side: 'left' | 'right', offsets: number[]) => {
    const byNode = new Map<number, { link: number; towards: number }[]>()
    for (const [link, { slots }] of chains.entries()) {
      const [node, next] = side === 'right' ? [slots[0], slots[1]] : [slots.at(-1), slots.at(-2)]
      if (node === undefined || next === undefined) continue
      const known = byNode.get(node) ?? []
      byNode.set(node, [...known, { link, towards: centres[next] ?? 0 }])
    }
    for (const at of byNode.values()) {
      const gap = Math.min(PORT_GAP, (nodeHeight - 8) / Math.max(1, at.length))
      const sorted = at.toSorted((a, b) => a.towards - b.towards || a.link - b.link)
      for (const [index, { link }] of sorted.entries()) offsets[link] = (index - (at.length - 1) / 2) * gap
    }
  }
  spread('right', right)
  spread('left', left)
  return { right, left }
}
