import { type ActionSet, type ActionTable, hasAction, hasBit } from './action-table.ts'

/** Actions that all the same statements are about: what is decided of one is decided of all. */
export interface ActionClass {
  /** In AWS's spelling, or the policy's for one that isn't listed. */
  readonly actions: readonly string[]
  /** Of the first one, in lower case. */
  readonly example: string
}

/** Its request for `*` has a meaning of its own. */
const LIST_BUCKETS = 's3:listallmybuckets'
const SPECIAL = [LIST_BUCKETS]

/**
 * The actions of some sets, in classes.
 * @param wanted only actions of these
 * @param all what tells actions apart
 * @param isApart actions, in lower case, with different numbers below 7 are told apart
 * @param within only actions of this set
 */
export function actionClasses(
  wanted: readonly ActionSet[],
  all: readonly ActionSet[],
  table: ActionTable,
  isApart: (action: string) => number = () => 0,
  within?: ActionSet,
): readonly ActionClass[] {
  const sets = [...new Set(all)]
  const listed = numbersIn(wanted, within)
  const classes = new Uint32Array(listed.length)
  let count = 1
  const split = (test: (number: number) => number) => {
    const names = new Map<number, number>()
    for (let index = 0; index < listed.length; index++) {
      const key = (classes[index] ?? 0) * 8 + test(listed[index] ?? 0)
      let name = names.get(key)
      if (name === undefined) {
        name = names.size
        names.set(key, name)
      }
      classes[index] = name
    }
    count = names.size
  }
  for (const { bits } of sets) split((number) => (hasBit(bits, number) ? 1 : 0))
  const special = SPECIAL.map((action) => table.facts.spellingOf(action))
  split((number) => {
    const name = table.names[number] ?? ''
    return special.includes(name) ? 7 : isApart(name.toLowerCase())
  })
  const members: string[][] = Array.from({ length: listed.length === 0 ? 0 : count }, () => [])
  for (let index = 0; index < listed.length; index++)
    members[classes[index] ?? 0]?.push(table.names[listed[index] ?? 0] ?? '')
  return [...members, ...unlistedClasses(wanted, sets, table, isApart, within)].flatMap((actions) => {
    const [example] = actions
    return example === undefined ? [] : [{ actions, example: example.toLowerCase() }]
  })
}

/** Actions that policies name and the catalogue doesn't know. */
function unlistedClasses(
  wanted: readonly ActionSet[],
  all: readonly ActionSet[],
  table: ActionTable,
  isApart: (action: string) => number,
  within: ActionSet | undefined,
): readonly (readonly string[])[] {
  const named = new Set(
    [...all, ...(within === undefined ? [] : [within])].flatMap(({ entries }) =>
      entries.filter((entry) => /^[a-z0-9-]+:[a-z0-9_-]+$/.test(entry) && !table.isListed(entry)),
    ),
  )
  const classes = new Map<string, string[]>()
  for (const action of [...named].sort()) {
    if (!wanted.some((set) => hasAction(set, action))) continue
    if (within !== undefined && !hasAction(within, action)) continue
    const key = `${isApart(action)} ${all.map((set) => (hasAction(set, action) ? 1 : 0)).join('')}`
    const members = classes.get(key)
    if (members === undefined) classes.set(key, [action])
    else members.push(action)
  }
  return [...classes.values()]
}

function numbersIn(sets: readonly ActionSet[], within: ActionSet | undefined): Uint32Array {
  const [first] = sets
  if (first === undefined) return new Uint32Array()
  const bits = first.bits.slice()
  for (const set of sets.slice(1))
    for (let word = 0; word < bits.length; word++) bits[word] = (bits[word] ?? 0) | (set.bits[word] ?? 0)
  if (within !== undefined)
    for (let word = 0; word < bits.length; word++) bits[word] = (bits[word] ?? 0) & (within.bits[word] ?? 0)
  const numbers: number[] = []
  for (let word = 0; word < bits.length; word++) {
    let rest = bits[word] ?? 0
    while (rest !== 0) {
      const low = rest & -rest
      numbers.push(word * 32 + (31 - Math.clz32(low)))
      rest ^= low
    }
  }
  return Uint32Array.from(numbers)
}
