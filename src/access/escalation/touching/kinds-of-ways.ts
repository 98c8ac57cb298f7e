import { RENAMING_ACTIONS, TAGGING_ACTIONS } from '../ways/altering-actions.ts'
import type { OneOf, Way } from '../ways/way.ts'
import { PASS_ROLE, waysTo } from '../ways/ways.ts'

const firstOf = (ways: readonly Way[]): OneOf => [
  ...new Set(ways.flatMap(({ needs: [first = []] }) => first)),
]

/** By one of these somebody becomes a user. */
export const TAKING = firstOf(waysTo('user'))
/** By one of these somebody has a role trust whom they like. */
export const OF_TRUST = firstOf(waysTo('trust'))

/** Who may do one of these may come to hold anything. */
const FREEING = firstOf([...waysTo('writes'), ...waysTo('group')])
/** Who may do one of these may have the tags that their own policies ask for. */
const OF_TAGS: OneOf = Object.values(TAGGING_ACTIONS)
const MAKING = waysTo('new')
const SPEAKING = firstOf(waysTo('provider'))
const RUNNING = waysTo('running')
const PASSING = waysTo('passed')

/** Who may do none of these comes to nobody but roles. */
export const TO_PEOPLE: OneOf = [
  ...new Set([...FREEING, ...OF_TAGS, ...TAKING, ...MAKING.flatMap(({ needs }) => needs.flat())]),
]

/** Which kinds of ways somebody's actions lead them. */
export interface WayKinds {
  /** To anybody of the account: they may change what they themselves may do. */
  readonly isFree: boolean
  /** Roles that trust one of these, by name, whatever a policy's resources are. */
  readonly running: ReadonlySet<string>
  /** Roles that trust one of these, among a policy's resources. */
  readonly passing: ReadonlySet<string>
  readonly isSpeaking: boolean
  /** Users of any name may have one that a policy is about. */
  readonly isRenaming: boolean
  /** Whoever it is may have tags that they hadn't. */
  readonly isTagging: boolean
}

/**
 * @param grants whether somebody may carry out an action
 * @param isAsking whether the tags of whoever asks decide about any of it
 */
export function kindsOf(grants: (action: string) => boolean, isAsking: boolean): WayKinds {
  const isMet = ({ needs }: Way) => needs.every((some) => some.some(grants))
  const services = (
    ways: readonly (Way & { readonly reaches: { readonly services: readonly string[] } })[],
  ) => new Set(ways.filter(isMet).flatMap(({ reaches }) => reaches.services))
  const isTagging = OF_TAGS.some(grants)
  return {
    isFree: FREEING.some(grants) || MAKING.some(isMet) || (isAsking && isTagging),
    running: services(RUNNING),
    passing: grants(PASS_ROLE) ? services(PASSING) : new Set(),
    isSpeaking: SPEAKING.some(grants),
    isRenaming: grants(RENAMING_ACTIONS.user),
    isTagging,
  }
}
