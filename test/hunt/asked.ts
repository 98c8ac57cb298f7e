import type { Requester } from './requesters.ts'

/** Keys that conditions name, in lower case, with the values that they are compared with. */
export type Constants = ReadonlyMap<string, ReadonlySet<string>>

export interface Asked {
  readonly requester: Requester
  readonly action: string
  readonly resource: string
}
