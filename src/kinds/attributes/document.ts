import type { PlacedDocument, StateDocument } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { documentDetail } from './details.ts'
import { saysTheSame } from './same-meaning.ts'

type State<N extends string> = { readonly [P in N]: StateDocument }
type Declared<N extends string> = { readonly [P in N]: PlacedDocument }

export interface DocumentChange extends AttributeChange {
  readonly isSame: boolean
}

/** The one document that an entity can't be without: always declared, and so never owned by halves. */
export const document = <N extends string>(name: N): Attribute<State<N>, Declared<N>, DocumentChange> => ({
  name,
  documents: 'one',
  refersTo: null,
  members: () => null,
  compare: (observed, desired, _, account) => {
    const before = observed === null ? null : observed[name]
    const after: PlacedDocument = desired[name]
    const isSame = before !== null && saysTheSame(before, after.json, account)
    return {
      isSame,
      details: () => (isSame ? [] : documentDetail(name, before, after, account)),
      unmanagedParts: UNCHANGED.unmanagedParts,
    }
  },
  removal: (observed, account) => documentDetail(name, observed[name], null, account),
})
