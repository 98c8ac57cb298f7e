import type { Direction } from '../access-entry.ts'
import { isAboutPrincipal } from '../principals/principal-keys.ts'
import { requestPrincipalOf } from '../principals/request-principal.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import type { Decider } from '../witness/decider.ts'
import type { Asked } from '../witness/decision.ts'

/** A request as it was asked about, and what of it the witness says: not what follows from who makes it. */
interface Shown {
  readonly request: FoundRequest
  readonly said: FoundRequest['context']
}

/**
 * Which entry somebody is told of in. One entry is of all who may do the very same as its witness; who may only do it elsewhere, or
 * who must say something else, has an entry of their own: somebody signed in by a provider says the ARN of a role, and of whom
 * only an id is known the name that a user of an account has anyway.
 */
export class SharedPlaces {
  readonly #decider: Decider
  readonly #shown: Readonly<Record<Direction, Map<string, Shown>>> = { gained: new Map(), lost: new Map() }

  constructor(decider: Decider) {
    this.#decider = decider
  }

  /**
   * @param key equal for entries that say the same
   * @param request of whoever is told of, which is confirmed
   */
  placeOf(direction: Direction, key: string, request: FoundRequest, now: Asked, before: Asked): string {
    const shown = this.#shown[direction]
    const own = { request, said: saidIn(now, request) }
    for (let place = key; ; place = JSON.stringify([place, request.action, request.resource])) {
      const known = shown.get(place)
      if (known === undefined) {
        shown.set(place, own)
        return place
      }
      const like = requestLike(known, own)
      if (like !== null && (isSame(like, request) || this.#decider.confirms(now, before, like))) return place
    }
  }
}

const saidIn = ({ principal, state }: Asked, request: FoundRequest): FoundRequest['context'] =>
  state === null ? request.context : requestPrincipalOf(principal, state, request).context

/** What a witness shows, made by somebody else; null: it says of who makes it what may not be so of them. */
function requestLike({ request, said }: Shown, own: Shown): FoundRequest | null {
  const [others, ours] = [said, own.request.context].map(valuesByKey)
  const isOfAnother = [...(others ?? [])].some(
    ([key, values]) => isAboutPrincipal(key) && ours?.get(key) !== values,
  )
  const ofWhoAsks = [...own.request.context].filter(([key]) => !own.said.has(key))
  return isOfAnother ? null : { ...request, context: new Map([...said, ...ofWhoAsks]) }
}

function isSame(one: FoundRequest, other: FoundRequest): boolean {
  if (one.action !== other.action || one.resource !== other.resource) return false
  if (one.context.size !== other.context.size) return false
  const values = valuesByKey(other.context)
  return [...one.context].every(([key, each]) => values.get(key.toLowerCase()) === textOf(each))
}

const textOf = (values: readonly string[]): string => values.join('\0')

const valuesByKey = (context: FoundRequest['context']): ReadonlyMap<string, string> =>
  new Map([...context].map(([key, values]) => [key.toLowerCase(), textOf(values)]))
