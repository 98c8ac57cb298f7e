/**
 * Keeps equal lists of actions as one: of thousands of comparisons of a wide policy most come to one of few lists, each of
 * thousands of actions.
 */
export class InternedLists {
  readonly #known = new Map<number, (readonly string[])[]>()
  readonly #most: number
  readonly #sorted = new WeakMap<readonly string[], readonly string[]>()
  #count = 0

  /** @param most how many lists are kept before it begins anew: equal ones may be two then, which is no matter but of room */
  constructor(most = 20_000) {
    this.#most = most
  }

  of(list: readonly string[]): readonly string[] {
    const code = codeOf(list)
    const alike = this.#known.get(code)
    const known = alike?.find((each) => isEqual(each, list))
    if (known !== undefined) return known
    if (this.#count++ >= this.#most) {
      this.#known.clear()
      this.#count = 0
    }
    if (alike === undefined || this.#count === 0) this.#known.set(code, [list])
    else alike.push(list)
    return list
  }

  /** The same, sorted, each once. */
  sorted(list: readonly string[]): readonly string[] {
    let sorted = this.#sorted.get(list)
    if (sorted === undefined) {
      sorted = this.of([...new Set(list)].sort())
      this.#sorted.set(list, sorted)
    }
    return sorted
  }
}

/** Equal for equal lists: lengths by their places tell most others apart, and cost less than the texts. */
function codeOf(list: readonly string[]): number {
  let code = list.length
  for (const text of list) code = (Math.imul(code, 31) + text.length) | 0
  return code
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
