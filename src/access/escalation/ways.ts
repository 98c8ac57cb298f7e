import { IAM_WAYS } from './iam-ways.ts'
import { OTHER_WAYS } from './other-ways.ts'
import { PASSING_WAYS } from './passing-ways.ts'
import { RUNNING_WAYS } from './running-ways.ts'
import type { Reach, Way } from './way.ts'

/** Every way to gain power that is looked for. */
export const WAYS: readonly Way[] = [...IAM_WAYS, ...PASSING_WAYS, ...RUNNING_WAYS, ...OTHER_WAYS]

export const PASS_ROLE = 'iam:PassRole'

export type WayTo<T extends Reach['type']> = Way & { readonly reaches: Extract<Reach, { readonly type: T }> }

const isTo =
  <T extends Reach['type']>(type: T) =>
  (way: Way): way is WayTo<T> =>
    way.reaches.type === type

/** Those that lead to one kind of end. */
export const waysTo = <T extends Reach['type']>(type: T): readonly WayTo<T>[] => WAYS.filter(isTo(type))
