import { type Attribute, UNCHANGED } from './attribute.ts'

/**
 * Who is in something, by name. It stands with each member in an account, and so makes a change of those; of members that nobody
 * declares, the planner of what they are in knows.
 */
export const members: Attribute<object, { readonly members?: readonly string[] }> = {
  name: 'members',
  documents: 'none',
  refersTo: null,
  members: () => null,
  compare: () => UNCHANGED,
  removal: () => [],
}
