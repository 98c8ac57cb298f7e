/**
 * How many elements of arrays a piece of work looks at: by walking or spreading them, and by the methods that walk. A count that the
 * machine's load doesn't change, and that grows with the square of a size where something walks a list for each of its elements.
 */
export function elementsLookedAt(work: () => void): number {
  let count = 0
  const iterator: { next: () => IteratorResult<unknown> } = Object.getPrototypeOf([][Symbol.iterator]())
  const prototype = Array.prototype as unknown as Record<string, (...given: unknown[]) => unknown>
  const { next } = iterator
  const kept = new Map<string, (...given: unknown[]) => unknown>()
  iterator.next = function (this: Iterator<unknown>) {
    count++
    return next.call(this)
  }
  for (const name of WITH_CALLBACK) {
    const own = prototype[name]
    if (own === undefined) continue
    kept.set(name, own)
    prototype[name] = function (this: unknown[], ...[take, ...more]: unknown[]) {
      if (typeof take !== 'function') return own.call(this, take, ...more)
      return own.call(
        this,
        function (this: unknown, ...given: unknown[]): unknown {
          count++
          return Reflect.apply(take, this, given)
        },
        ...more,
      )
    }
  }
  for (const name of WITH_VALUE) {
    const own = prototype[name]
    if (own === undefined) continue
    kept.set(name, own)
    prototype[name] = function (this: unknown[], ...given: unknown[]) {
      const found = own.apply(this, given)
      count += typeof found === 'number' && found >= 0 ? found + 1 : this.length
      return found
    }
  }
  try {
    work()
    return count
  } finally {
    iterator.next = next
    for (const [name, own] of kept) prototype[name] = own
  }
}

const WITH_CALLBACK = ['every', 'filter', 'find', 'findIndex', 'findLast', 'flatMap', 'map', 'some']
const WITH_VALUE = ['includes', 'indexOf', 'concat', 'slice']
