import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MEBIBYTE = 1024 * 1024
/** Below this many bytes V8 is left alone: no account within AWS's default quotas comes here. */
const LARGE = 320 * MEBIBYTE
/** How much may be added to what was in use before it is looked at again. */
const ROOM = 192 * MEBIBYTE

let collect: (() => void) | null = null
/** What was in use when garbage was last collected here. */
let kept = 0

/**
 * Keeps the memory of a large project near to what is in use: V8 lets a heap of 400 MiB grow to 900 before it looks what of
 * it is garbage. Asked at places where a part of the work is done (a file was parsed, an account was read), it has all garbage
 * collected if the heap is large and has grown much since. Measured on ten times the largest account (`npm run bench`):
 * `plan` without the parse cache has 1,105 MiB at most without this; docs/performance.md says what it has.
 */
export function makeRoom(): void {
  const { used_heap_size: used } = getHeapStatistics()
  if (used < LARGE || used < kept + ROOM) return
  collect ??= collector()
  collect()
  kept = getHeapStatistics().used_heap_size
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  // The flag is read when a context is made; ours was made before.
  return runInNewContext('gc') as () => void
}
