import type { Chains } from './layers.ts'

/** Sweeps over all layers; more hardly ever find a better order. */
const SWEEPS = 12

/** Slots by layer, in an order with few crossings of arrows: the best one that sweeps of barycentres come by. */
export function orderedLayers(chains: Chains): readonly (readonly number[])[] {
  let layers = firstOrder(chains)
  let best = layers
  let fewest = crossingsOf(layers, chains)
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    layers = swept(layers, sweep % 2 === 0 ? chains.before : chains.after, sweep % 2 === 0)
    const crossings = crossingsOf(layers, chains)
    if (crossings >= fewest) continue
    fewest = crossings
    best = layers
  }
  return best
}

function firstOrder({ slots }: Chains): readonly (readonly number[])[] {
  const layers: number[][] = []
  for (const [slot, { layer }] of slots.entries()) {
    while (layers.length <= layer) layers.push([])
    layers[layer]?.push(slot)
  }
  return layers
}

/** Orders each layer by the mean place of what its slots are tied to in the one beside it. */
function swept(
  layers: readonly (readonly number[])[],
  tied: readonly (readonly number[])[],
  toTheRight: boolean,
): readonly (readonly number[])[] {
  const places = new Map<number, number>()
  const inTurn = toTheRight ? layers : layers.toReversed()
  const ordered = inTurn.map((layer) => {
    const ranked = layer.map((slot, place) => {
      const others = tied[slot] ?? []
      const mean = others.reduce((sum, other) => sum + (places.get(other) ?? 0), 0) / others.length
      return { slot, place, rank: others.length === 0 ? place : mean }
    })
    const sorted = ranked.sort((a, b) => a.rank - b.rank || a.place - b.place).map(({ slot }) => slot)
    for (const [place, slot] of sorted.entries()) places.set(slot, place)
    return sorted
  })
  return toTheRight ? ordered : ordered.reverse()
}

function crossingsOf(layers: readonly (readonly number[])[], { after }: Chains): number {
  const places = new Map(layers.flatMap((layer) => layer.map((slot, place) => [slot, place] as const)))
  let crossings = 0
  for (const layer of layers) {
    const ends = layer.flatMap((slot) =>
      (after[slot] ?? []).map((to) => places.get(to) ?? 0).sort((a, b) => a - b),
    )
    for (const [at, end] of ends.entries())
      for (let later = at + 1; later < ends.length; later++) if ((ends[later] ?? 0) < end) crossings++
  }
  return crossings
}
