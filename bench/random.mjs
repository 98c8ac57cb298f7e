/** Mulberry32: small, and the same everywhere. */
export const randomSource = (seed) => {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit) => Math.floor(next() * limit)
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)],
    between: (low, high) => low + below(high - low + 1),
    /** Distinct elements, in the list's order. */
    sample: (list, count) => {
      const chosen = new Set()
      while (chosen.size < Math.min(count, list.length)) chosen.add(below(list.length))
      return [...chosen].sort((a, b) => a - b).map((place) => list[place])
    },
  }
}
