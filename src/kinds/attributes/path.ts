import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { valueDetail } from './details.ts'

export interface Placed {
  readonly path: string
}

export interface PathChange extends AttributeChange {
  /** Whether what exists stands at another path. */
  readonly isMoved: boolean
}

/**
 * Where an entity stands: a part of its ARN, so it is always managed (absent means `/`), and never owned by halves.
 * That something stands where everything does is not worth a word.
 */
export const path: Attribute<Placed, Placed, PathChange> = {
  name: 'path',
  documents: 'none',
  refersTo: null,
  members: () => null,
  compare: (observed, desired) => {
    if (observed?.path === desired.path) return STAYS
    return {
      isMoved: observed !== null,
      details: () => valueDetail('path', observed === null ? null : observed.path, shown(desired, observed)),
      unmanagedParts: UNCHANGED.unmanagedParts,
    }
  },
  removal: (observed) => valueDetail('path', shown(observed, null), null),
}

const STAYS: PathChange = { isMoved: false, ...UNCHANGED }

/** @param other what it is held against; null: nothing */
const shown = ({ path }: Placed, other: Placed | null): string | null =>
  other === null && path === '/' ? null : path
