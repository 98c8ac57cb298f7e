import { IAM_WAYS } from './iam-ways.ts'
import { OTHER_WAYS } from './other-ways.ts'
import { PASSING_WAYS } from './passing-ways.ts'
import { RUNNING_WAYS } from './running-ways.ts'
import type { Way, WayEnd } from './way.ts'

/** Every way to gain power that is looked for. */
export const WAYS: readonly Way[] = [...IAM_WAYS, ...PASSING_WAYS, ...RUNNING_WAYS, ...OTHER_WAYS]

export const PASS_ROLE = 'iam:PassRole'

export type WayTo<T extends WayEnd['type']> = Way & {
  readonly reaches: Extract<WayEnd, { readonly type: T }>
}

const isTo =
  <T extends WayEnd['type']>(type: T) =>
  (way: Way): way is WayTo<T> =>
    way.reaches.type === type

/** Those that lead to one kind of end. */
export const waysTo = <T extends WayEnd['type']>(type: T): readonly WayTo<T>[] => WAYS.filter(isTo(type))
