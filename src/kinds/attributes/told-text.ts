import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { listDetail } from './details.ts'
import { isOwnedText, textMember } from './scalar.ts'
import { fingerprintOf } from './secret-source.ts'

type State<N extends string> = { readonly [P in N]: string | null }
type Declared<N extends string> = { readonly [P in N]?: string | null }

export interface ToldTextChange extends AttributeChange {
  readonly isSame: boolean
  readonly after: string | null
}

/**
 * A public text of some pages, of which a reviewer is told what it says: one line each. Which it is, its fingerprint tells, by
 * which the journal knows it, too.
 * @param words `told`: what it says. `loss`: what somebody loses who is made anew; null: it is always declared
 */
export const toldText = <N extends string>(
  name: N,
  words: { readonly told: (text: string) => readonly string[]; readonly loss: string | null },
): Attribute<State<N>, Declared<N>, ToldTextChange> => {
  const linesOf = (text: string | null): readonly string[] =>
    text === null ? [] : [...words.told(text), fingerprintOf(text)]
  return {
    name,
    documents: 'none',
    refersTo: null,
    members: (desired) => {
      const declared: string | null | undefined = desired[name]
      return words.loss === null || declared === undefined || declared === null
        ? null
        : [textMember(fingerprintOf(declared))]
    },
    compare: (observed, desired, owned) => {
      const before: string | null = observed === null ? null : observed[name]
      const declared: string | null | undefined = desired[name]
      const isOwned = before !== null && owned !== undefined && isOwnedText(fingerprintOf(before), owned)
      const after = declared === undefined ? (isOwned ? null : before) : declared
      const isUnmanaged = declared === undefined && after !== null
      return {
        isSame: sameText(before, after),
        after,
        details: () => (sameText(before, after) ? [] : differences(name, linesOf(before), linesOf(after))),
        unmanagedParts: () =>
          isUnmanaged
            ? [{ is: 'value', grant: null, entity: null, loss: `${words.loss} (\`${name}\`)` }]
            : UNCHANGED.unmanagedParts(),
      }
    },
    removal: (observed) => listDetail(name, [], linesOf(observed[name])),
  }
}

const sameText = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && fingerprintOf(a) === fingerprintOf(b))

const differences = (name: string, before: readonly string[], after: readonly string[]) =>
  listDetail(
    name,
    after.filter((line) => !before.includes(line)),
    before.filter((line) => !after.includes(line)),
  )
