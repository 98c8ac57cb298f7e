import type { PlacedDocument } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { policyDetail } from './details.ts'
import { sameMeaning } from './same-meaning.ts'

type Holds<N extends string> = { readonly [P in N]: PlacedDocument }

export interface DocumentChange extends AttributeChange {
  readonly isSame: boolean
}

/** The one document that an entity can't be without: always declared, and so never owned by halves. */
export const document = <N extends string>(name: N): Attribute<Holds<N>, Holds<N>, DocumentChange> => ({
  name,
  documents: 'one',
  refersTo: null,
  members: () => null,
  compare: (observed, desired, _, account) => {
    const before = observed === null ? null : observed[name].json
    const after = desired[name].json
    const isSame = before !== null && sameMeaning(before, after, account)
    return {
      isSame,
      details: () => (isSame ? [] : policyDetail(name, before, after, account)),
      unmanagedParts: UNCHANGED.unmanagedParts,
    }
  },
  removal: (observed, account) => policyDetail(name, observed[name].json, null, account),
})
