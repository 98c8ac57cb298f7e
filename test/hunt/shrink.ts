// Makes a pair of estates small while it shows the same kind of fault: parts are taken away one after the other.
import type { AccessAnalyzer } from '../../src/access/analyzer.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import { checkPair } from './check-pair.ts'
import type { EstatePair } from './estate-spec.ts'
import { type Fault, kindOf } from './faults.ts'

type Path = readonly (string | number)[]

/** What can be left out is tried out at most so often. */
const MOST_TRIES = 300

export async function shrink(fault: Fault, analyzer: AccessAnalyzer, facts: AccountFacts): Promise<Fault> {
  let tries = 0
  let best = fault
  const wanted = coarse(fault)
  const shows = async (pair: EstatePair): Promise<Fault | null> => {
    tries++
    try {
      const found = await checkPair(pair, fault.question === null ? [] : [fault.question], analyzer, facts)
      return found.find((each) => coarse(each) === wanted) ?? null
    } catch {
      return null
    }
  }
  // Of a listing that a question brought about, the question has to stay.
  if ((await shows(fault.pair)) === null) return fault
  for (let isSmaller = true; isSmaller && tries < MOST_TRIES; ) {
    isSmaller = false
    for (const path of pathsIn(best.pair.before, best.pair.after)) {
      if (tries >= MOST_TRIES) break
      for (const sides of [['before', 'after'], ['before'], ['after']] as const) {
        const pair = {
          before: sides.some((side) => side === 'before')
            ? without(best.pair.before, path)
            : best.pair.before,
          after: sides.some((side) => side === 'after') ? without(best.pair.after, path) : best.pair.after,
        }
        if (pair.before === best.pair.before && pair.after === best.pair.after) continue
        const found = await shows(pair)
        if (found === null) continue
        best = found
        isSmaller = true
        break
      }
    }
  }
  return best
}

/** The kind without what it hangs on: that may go while it is made smaller. */
const coarse = (fault: Fault): string => `${fault.gate} ${fault.way} ${kindOf(fault).split(/,| on | by /)[0]}`

function* pathsIn(...values: readonly unknown[]): Iterable<Path> {
  const seen = new Set<string>()
  const visit = function* (value: unknown, path: Path): Iterable<Path> {
    if (typeof value !== 'object' || value === null) return
    for (const key of Array.isArray(value) ? [...value.keys()].reverse() : Object.keys(value)) {
      const inner = [...path, key]
      const text = JSON.stringify(inner)
      if (!seen.has(text) && !FIXED.has(String(key)) && !isFixed(inner)) {
        seen.add(text)
        yield inner
      }
      yield* visit((value as Record<string | number, unknown>)[key], inner)
    }
  }
  for (const value of values) yield* visit(value, [])
}

/** Accounts stay, and whom a statement names. Without `Resource` the policy of a user or role would have no meaning. */
const isFixed = (path: Path): boolean =>
  path.at(-2) === 'accounts' || (/Principal$/.test(String(path.at(-2))) && typeof path.at(-1) === 'string')

const FIXED: ReadonlySet<string> = new Set([
  'Effect',
  'Action',
  'account',
  'accounts',
  'partition',
  'Principal',
  'NotPrincipal',
  'Resource',
  'NotResource',
])

function without<T>(value: T, [first, ...rest]: Path): T {
  if (typeof value !== 'object' || value === null || first === undefined) return value
  if (Array.isArray(value)) {
    if (typeof first !== 'number' || first >= value.length) return value
    if (rest.length === 0) {
      if (value.length === 1) return value
      return value.filter((_, index) => index !== first) as T
    }
    const inner = without(value[first], rest)
    return inner === value[first]
      ? value
      : (value.map((each, index) => (index === first ? inner : each)) as T)
  }
  if (!(first in value)) return value
  if (rest.length === 0) {
    const { [first as keyof T]: _, ...others } = value
    return others as T
  }
  const old = value[first as keyof T]
  const inner = without(old, rest)
  return inner === old ? value : { ...value, [first]: inner }
}
