import type { Intent } from '../../reconcile/plan-account.ts'
import { flagSet, type Invocation } from '../command.ts'

/** What somebody has agreed to on the command line. */
export type Agreed = Pick<Intent, 'allowBrieflyWider'>

export const agreedTo = (flags: Invocation['flags']): Agreed => ({
  allowBrieflyWider: flagSet(flags, 'allowBrieflyWider'),
})
