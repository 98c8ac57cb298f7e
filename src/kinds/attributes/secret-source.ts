import { createHash } from 'node:crypto'
import { type PlacedSecret, type SecretSource, sourceText } from '../../model/secret.ts'
import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { valueDetail } from './details.ts'

type Declared<N extends string> = { readonly [P in N]?: PlacedSecret }

export interface SecretChange extends AttributeChange {
  /** What the call that sets it is given; null: it stays as it is, and no call needs it. */
  readonly deliver: SecretSource | null
}

/**
 * A secret, of which only the source is declared. What it is can't be read back, so that it has changed is noticed by what is
 * public of it: the certificate beside a key. Where nothing is public, it is delivered once, when there is none. Another
 * source is no change by itself. The journal keeps nothing of it: no call takes a secret away, but for the one that deletes
 * whose it is.
 */
export const secretSource = <N extends string, State, Public = object>(
  name: N,
  of: {
    /** What shows which secret is there, as `fingerprintOf` makes it; null: there is none. */
    readonly observed: (state: State) => string | null
    /** What will show which it is; null: nothing of it is public. */
    readonly declared: (desired: Public) => string | null
    /** What somebody loses who is made anew: "its private key". */
    readonly loss: string
  },
): Attribute<State, Declared<N> & Public, SecretChange> => ({
  name,
  documents: 'none',
  refersTo: null,
  members: () => null,
  secret: (desired) => sourceOf(desired, name),
  compare: (observed, desired) => {
    const source = sourceOf(desired, name)?.source ?? null
    const before = observed === null ? null : of.observed(observed)
    if (source === null)
      return before === null ? NOTHING_CHANGES : unmanagedSecret(`${of.loss} (\`${name}\`)`)
    const after = of.declared(desired)
    if (before !== null && (after === null || after === before)) return NOTHING_CHANGES
    const told = after === null ? sourceText(source) : `${after}, ${sourceText(source)}`
    return {
      deliver: source,
      details: () => valueDetail(name, before, told),
      unmanagedParts: UNCHANGED.unmanagedParts,
    }
  },
  removal: (observed) => valueDetail(name, of.observed(observed), null),
})

/** Of a public part. Line ends and blanks around it don't count, since who stores it may change them. */
export const fingerprintOf = (text: string): string =>
  `sha256:${createHash('sha256').update(text.trim().replaceAll('\r\n', '\n')).digest('hex')}`

const sourceOf = <N extends string>(desired: Declared<N>, name: N): PlacedSecret | null => {
  const declared: PlacedSecret | undefined = desired[name]
  return declared ?? null
}

const NOTHING_CHANGES: SecretChange = { deliver: null, ...UNCHANGED }

const unmanagedSecret = (loss: string): SecretChange => ({
  deliver: null,
  details: UNCHANGED.details,
  unmanagedParts: () => [{ is: 'value', grant: null, entity: null, loss }],
})
