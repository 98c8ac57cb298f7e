import type { Lang } from '../symbolic/lang.ts'

/** Where resources lie. */
export interface Bounds {
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
}

export const UNBOUNDED: Bounds = { inside: [], outside: [] }
