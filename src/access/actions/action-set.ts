import { matchesPattern } from '../../model/name-pattern.ts'

/** The actions that a statement is about. */
export interface ActionSet {
  /** Equal sets have equal ones. */
  readonly id: number
  readonly negated: boolean
  /** Patterns in lower case. */
  readonly entries: readonly string[]
  /** One bit for each action of the catalogue. */
  readonly bits: Uint32Array
  /** Whether actions that no catalogue lists may be among them. */
  readonly isOpen: boolean
  /** Actions that it names and the catalogue doesn't know. */
  readonly unlisted: readonly string[]
  /** Decides of an action in lower case, where the entries alone don't. */
  readonly has?: (action: string) => boolean
}

/** Whether an action, in lower case, is among them. */
export const hasAction = ({ negated, entries, has }: ActionSet, action: string): boolean =>
  has === undefined ? entries.some((entry) => matchesAction(entry, action)) !== negated : has(action)

const matchesAction = (entry: string, action: string): boolean =>
  entry === '*' || entry === '*:*' || matchesPattern(entry, action)
