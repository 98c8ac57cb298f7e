import type { Style } from '../layout/paint.ts'

/** Somebody with a sign, and what changes for them: in full, and on one line. */
export interface Laid {
  readonly sign: string
  readonly style: Style
  readonly who: string
  readonly principals: readonly string[]
  lines(): readonly string[]
  short(): string
}
