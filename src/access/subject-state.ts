import { entityKeys } from './caller-keys.ts'
import type { EstateView } from './estate-view.ts'
import { mayTag } from './federated-users.ts'
import { outsiderState } from './outsider-state.ts'
import { principalPins } from './principal-pins.ts'
import { EVERYTHING, type Subject, type SubjectState } from './subject.ts'

/** null: it isn't there in this state. */
export function stateOf(subject: Subject, view: EstateView): SubjectState | 'unknown' | null {
  if (subject.outsider !== undefined) return outsiderState(subject.outsider, view)
  if (subject.isIssued?.(view) === false) return null
  const known =
    subject.parent === undefined
      ? (view.principalOf(subject.principal) ?? formerOf(subject, view))
      : view.federatedOf(subject.principal, subject.parent)
  if (known === null) return null
  if (!('asker' in known)) return 'unknown'
  const { asker, layers } = known
  const keys = entityKeys(asker.facts, asker.base, view, subject.parent !== undefined && mayTag(layers))
  return {
    principal: asker.principal,
    facts: asker.facts,
    base: asker.base,
    // What a federated user's session passes on may be all that its parent has.
    layers: subject.parent === undefined ? layers : { ...layers, session: [EVERYTHING] },
    pins: principalPins(asker.facts, asker.base, asker.context, keys),
    context: asker.context,
    isOutside: false,
    isSession: asker.facts.kind === 'role' || asker.facts.kind === 'federatedUser',
    keys,
    isOneOfSeveral: view.accounts.size > 1,
    resourceContext: (request) => view.contextOf(request, asker.facts),
  }
}

export const formerOf = ({ formerly }: Subject, view: EstateView) =>
  formerly === undefined ? null : view.principalOf(formerly)
