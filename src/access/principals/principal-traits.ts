import type { ActionFacts } from '../../catalog/actions.ts'
import { isOfServiceCalls } from '../../evaluator/keys/service-call-keys.ts'
import { mayBeOf } from '../../evaluator/keys/sign-in-keys.ts'
import type { BoundKeys } from '../diff/comparison.ts'
import { isTimeOfRequest, keyFactsFrom } from '../key-facts.ts'
import { isOfOneState } from '../outsiders/joined-organization.ts'
import type { PrincipalTraits } from '../sides/scope.ts'
import type { KeyFacts } from '../symbolic/key-theory.ts'
import type { PrincipalInState } from './examined-principal.ts'

const NONE: ReadonlySet<string> = new Set()

/** What keys can be in requests of those who are alike. Remembered, since what is solved is remembered by it. */
export class PrincipalTraitsTable {
  readonly #facts: ActionFacts
  readonly #traits = new Map<string, PrincipalTraits>()

  constructor(facts: ActionFacts) {
    this.#facts = facts
  }

  /**
   * @param before of the state that it is compared with: what it leaves open of a key that is settled here
   * @param notBefore see `RequestFilter`
   */
  of(
    state: PrincipalInState | null,
    before: PrincipalInState | null,
    bound: BoundKeys | null,
    notBefore?: number,
  ): PrincipalTraits {
    const kind = state?.facts.kind ?? 'user'
    const isSession = state?.isSession === true
    const former =
      state !== null && before !== null && isOfOneState('aws:principalorgid', state, before) ? before : null
    const id = `${kind}${isSession ? ' session' : ''} ${state?.keys.id ?? ''} ${bound?.id ?? ''} ${notBefore ?? ''} ${former?.keys.id ?? ''}`
    let traits = this.#traits.get(id)
    if (traits === undefined) {
      const common = keyFactsFrom(this.#facts, { isSession, present: NONE })
      const known = new Map<string, KeyFacts>()
      traits = {
        id,
        kind,
        ...(state?.keys.members === undefined ? {} : { members: state.keys.members }),
        keyFacts: (key) => {
          let found = known.get(key)
          if (found === undefined) {
            const bounds = bound?.of(key) ?? null
            const ofPrincipal = {
              ...common(key),
              ...(notBefore !== undefined && isTimeOfRequest(key) ? { notBefore } : {}),
              ...(state !== null && former !== null && isOfOneState(key, state, former)
                ? former
                : state
              )?.keys.factsOf(key),
            }
            const without = [...(ofPrincipal.without ?? []), ...(bounds?.without ?? [])]
            const own: KeyFacts = { ...ofPrincipal, ...bounds, ...(without.length > 0 ? { without } : {}) }
            // Whoever is bound by what may be theirs stands for the services that ask on their behalf as well.
            const mayBeForOthers = kind === 'service' || (bounds !== null && state?.isAnybody === true)
            const isCarried = mayBeOf(kind, key) && (mayBeForOthers || !isOfServiceCalls(key))
            found = isCarried ? own : { ...own, mayBeAbsent: true, isAbsent: true }
            known.set(key, found)
          }
          return found
        },
      }
      this.#traits.set(id, traits)
    }
    return traits
  }
}
