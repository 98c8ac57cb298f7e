/** Where in a pattern with `*` and `?` one can be, as numbers of its characters. */
export type Places = ReadonlySet<number>

/** Before anything was read. */
export const firstPlaces = (pattern: string): Places => withEmpty(pattern, new Set([0]))

/** @returns none: nothing that goes on so is like the pattern */
export function placesAfter(pattern: string, places: Places, text: string): Places {
  let now = places
  for (const character of text) {
    const next = new Set<number>()
    for (const place of now)
      if (pattern[place] === '*') next.add(place)
      else if (pattern[place] === '?' || pattern[place] === character) next.add(place + 1)
    now = withEmpty(pattern, next)
  }
  return now
}

function withEmpty(pattern: string, places: Places): Places {
  const all = new Set(places)
  for (const place of all) if (pattern[place] === '*') all.add(place + 1)
  return all
}
