import type { PlainValue } from '../../diagnostics/index.ts'
import type { Detail } from '../../model/detail.ts'
import type {
  Account,
  DesiredEntity,
  EntityKind,
  Members,
  PlacedSecret,
  StateDocument,
} from '../../model/index.ts'

/**
 * What can be declared of an entity: what it is in a state and in a declaration, and all that a plan has to know of it.
 * An attribute reads its own field of both, and asks for no more of them than that.
 */
export interface Attribute<State, Desired, Change extends AttributeChange = AttributeChange> {
  /** Its key in a manifest, and in both forms of the entity. */
  readonly name: string
  /** Whether it is a policy document, or some by name: these are read by themselves. */
  readonly documents: 'none' | 'one' | 'byName'
  /** The entities that it names; null: it names none. */
  readonly refersTo: Reference<State, Desired> | null
  /** What the journal keeps of a declaration; null: it says nothing of it, or that there is none of a single value. */
  readonly members: (desired: Desired) => Members | null
  /**
   * Promise P5: declared = exactly this; absent = not managed here, but what was declared there before is removed.
   * @param observed null: it is created
   * @param before what earlier applies declared of it; undefined: nothing
   */
  readonly compare: (
    observed: State | null,
    desired: Desired,
    before: Members | undefined,
    account: Account,
  ) => Change
  /** Where the secret comes from that it declares; null: none is declared. Absent: it is no secret. */
  readonly secret?: (desired: Desired) => PlacedSecret | null
  /** What goes with an entity that is deleted. */
  readonly removal: (observed: State, account: Account) => readonly Detail[]
}

/** Entities of one kind that an attribute names. */
interface Reference<State, Desired> {
  readonly kind: EntityKind
  /** What they are named by. */
  readonly by: 'name' | 'arn'
  readonly namedIn: (entity: State | Desired) => readonly string[]
}

/** What becomes of an attribute. */
export interface AttributeChange {
  /** What a reviewer reads; empty: nothing changes. */
  readonly details: () => readonly Detail[]
  /** What is there and stays, though nobody here declares it. */
  readonly unmanagedParts: () => readonly UnmanagedPart[]
}

export interface UnmanagedPart {
  readonly is: 'member' | 'value'
  /** What is said of a grant: `holds arn:…`; null: it grants nothing. */
  readonly grant: string | null
  /** The entity that it refers to, by name or ARN; null: none that could go by itself. */
  readonly entity: { readonly kind: EntityKind; readonly id: string } | null
  /** What somebody loses who is made anew: "the policy `arn:…` (`managedPolicies`)". */
  readonly loss: string
  /** What `ignore` calls it: its attribute, and which of it. Absent: it grants nothing. */
  readonly key?: string
  /** What would stand under the attribute's key, were it declared. Absent: nobody writes it for others. */
  readonly written?: WrittenPart
}

/** A member of a list, a document by its name, or all of the value. */
type WrittenPart =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'document'; readonly name: string; readonly document: StateDocument }
  | { readonly is: 'value'; readonly value: PlainValue }

/** What an entity has beside its attributes. */
type Identity = Exclude<keyof DesiredEntity, 'path'> | 'kind'

/** Where a path can't be any, it isn't declared. */
type Fixed<Desired> = Desired extends { readonly path: infer Path }
  ? string extends Path
    ? Identity
    : Identity | 'path'
  : Identity

export type AttributeName<Desired> = Exclude<keyof Desired, Fixed<Desired>>

/** Of a kind all attributes, by name: a forgotten one doesn't compile. */
export type AttributesOf<State, Desired> = {
  readonly [A in AttributeName<Desired>]: Attribute<State, Desired>
}

/** Of several attributes, members before single values: what grants something, then what limits or describes. */
export function unmanagedOf(changes: readonly AttributeChange[]): readonly UnmanagedPart[] {
  const parts: UnmanagedPart[] = []
  for (const change of changes) for (const part of change.unmanagedParts()) parts.push(part)
  if (parts.length === 0) return NOTHING_UNMANAGED
  return [...parts.filter(({ is }) => is === 'member'), ...parts.filter(({ is }) => is === 'value')]
}

const NOTHING_UNMANAGED: readonly UnmanagedPart[] = []
const NO_DETAILS: readonly Detail[] = []

/** Of what stays as it is, as nearly everything does. */
export const UNCHANGED: AttributeChange = {
  details: () => NO_DETAILS,
  unmanagedParts: () => NOTHING_UNMANAGED,
}
