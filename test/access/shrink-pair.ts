// Makes a failing pair smaller: whole layers, policies, statements, conditions and values are left out while it fails.
import type { CasePolicies } from '../oracle/case.ts'
import type { Pair } from './random-pairs.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** @param fails whether a smaller pair fails in the same way */
export async function shrinkPair(pair: Pair, fails: (smaller: Pair) => Promise<boolean>): Promise<Pair> {
  let smallest = pair
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const smaller of smallerPairs(smallest)) {
      if (!(await fails(smaller))) continue
      smallest = smaller
      isSmaller = true
      break
    }
  }
  return smallest
}

function* smallerPairs(pair: Pair): Iterable<Pair> {
  for (const side of ['before', 'after'] as const)
    for (const policies of smallerValues(pair[side] as Json))
      yield { ...pair, [side]: policies as CasePolicies }
  // What both sides have goes from both.
  const both = [...smallerValues(pair.before as Json)]
  const others = [...smallerValues(pair.after as Json)]
  for (const [index, before] of both.entries()) {
    const after = others[index]
    if (after !== undefined) yield { ...pair, before: before as CasePolicies, after: after as CasePolicies }
  }
}

/** Without one item or optional element somewhere. */
function* smallerValues(value: Json): Iterable<Json> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield value.filter((_, at) => at !== index)
    for (const [index, item] of value.entries())
      for (const smaller of smallerValues(item))
        yield value.map((each, at) => (at === index ? smaller : each))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as Readonly<Record<string, Json>>
      yield rest
      for (const smaller of smallerValues(item)) yield { ...rest, [key]: smaller }
    }
  }
}
