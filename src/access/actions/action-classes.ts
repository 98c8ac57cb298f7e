import type { ActionSet } from './action-set.ts'
import type { ActionTable } from './action-table.ts'

/** Actions that all the same statements are about: what is decided of one is decided of all. */
export interface ActionClass {
  /** In AWS's spelling, or the policy's for one that isn't listed. */
  readonly actions: readonly string[]
  /** Of the first one, in lower case. */
  readonly example: string
  /** Whether its actions are in a set. */
  readonly isIn: (set: ActionSet) => boolean
}

/** What tells actions apart, in lower case, where some statement asks: those of `sets`. */
interface ActionTest {
  readonly sets: readonly ActionSet[]
  readonly passes: (action: string) => boolean
}

/** Numbers that tell actions apart are below. */
export const MOST_APART = 31

/** Its request for `*` has a meaning of its own. */
const LIST_BUCKETS = 's3:listallmybuckets'

/**
 * The actions of some sets, in classes.
 * @param wanted only actions of these
 * @param all what tells actions apart
 * @param isApart actions, in lower case, with different numbers below `MOST_APART` are told apart
 * @param within only actions of one of each of these lists of sets
 * @param tests what tells actions apart besides
 */
export function actionClasses(
  wanted: readonly ActionSet[],
  all: readonly ActionSet[],
  table: ActionTable,
  isApart: (action: string) => number = () => 0,
  within: readonly (readonly ActionSet[])[] = [],
  tests: readonly ActionTest[] = [],
): readonly ActionClass[] {
  const sets = [...new Set(all)]
  const listed = numbersIn(wanted, within, table)
  const nameOf = (number: number) => table.lowerNames[number] ?? ''
  const { classes, count } = partitioned(
    listed,
    sets,
    (number) => (nameOf(number) === LIST_BUCKETS ? MOST_APART : isApart(nameOf(number))),
    tests.map(({ sets: asking, passes }) => {
      const bits = table.unionOf(asking)
      return (number) => isSet(bits, number) && passes(nameOf(number))
    }),
  )
  const members: string[][] = Array.from({ length: count }, () => [])
  for (let index = 0; index < listed.length; index++)
    members[classes[index] ?? 0]?.push(table.names[listed[index] ?? 0] ?? '')
  return [...members, ...unlistedClasses(wanted, sets, table, isApart, within, tests)].flatMap((actions) => {
    const [example] = actions
    return example === undefined
      ? []
      : [
          {
            actions: table.lists.of(actions),
            example: example.toLowerCase(),
            isIn: table.membershipOf(example),
          },
        ]
  })
}

/** Numbers of actions in classes, by the sets that they are in and by `isApart`. */
function partitioned(
  numbers: Uint32Array,
  sets: readonly ActionSet[],
  isApart: (number: number) => number,
  tests: readonly ((number: number) => boolean)[],
): { readonly classes: Uint32Array; readonly count: number } {
  const classes = new Uint32Array(numbers.length)
  let count = numbers.length === 0 ? 0 : 1
  const split = (ways: number, test: (number: number) => number) => {
    const names = new Int32Array(count * ways).fill(-1)
    let next = 0
    for (let index = 0; index < numbers.length; index++) {
      const key = (classes[index] ?? 0) * ways + test(numbers[index] ?? 0)
      let name = names[key] ?? -1
      if (name < 0) {
        name = next++
        names[key] = name
      }
      classes[index] = name
    }
    count = next
  }
  for (const { bits } of sets) split(2, (number) => (isSet(bits, number) ? 1 : 0))
  split(MOST_APART + 1, isApart)
  for (const test of tests) split(2, (number) => (test(number) ? 1 : 0))
  return { classes, count }
}

const isSet = (bits: Uint32Array | null, number: number): boolean =>
  (((bits?.[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1

/** Actions that policies name and the catalogue doesn't know. */
function unlistedClasses(
  wanted: readonly ActionSet[],
  all: readonly ActionSet[],
  table: ActionTable,
  isApart: (action: string) => number,
  within: readonly (readonly ActionSet[])[],
  tests: readonly ActionTest[],
): readonly (readonly string[])[] {
  const { unlisted } = table
  const classes = new Map<string, string[]>()
  for (const action of unlisted.namedBy([...all, ...within.flat()], [wanted, ...within])) {
    const answers = [
      ...all.map((set) => unlisted.has(set, action)),
      ...tests.map((test) => test.sets.some((set) => unlisted.has(set, action)) && test.passes(action)),
    ]
    const key = `${isApart(action)} ${answers.map((answer) => (answer ? 1 : 0)).join('')}`
    const members = classes.get(key)
    if (members === undefined) classes.set(key, [action])
    else members.push(action)
  }
  return [...classes.values()]
}

function numbersIn(
  wanted: readonly ActionSet[],
  within: readonly (readonly ActionSet[])[],
  table: ActionTable,
): Uint32Array {
  const bits = table.unionOf(wanted)?.slice()
  if (bits === undefined) return new Uint32Array()
  for (const sets of within) {
    const union = table.unionOf(sets)
    for (let word = 0; word < bits.length; word++) bits[word] = (bits[word] ?? 0) & (union?.[word] ?? 0)
  }
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
