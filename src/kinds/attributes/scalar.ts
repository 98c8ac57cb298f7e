import type { Scalar } from '../../model/detail.ts'
import type { EntityKind, Members } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { valueDetail } from './details.ts'

type State<N extends string, V> = { readonly [P in N]: V }
type Declared<N extends string, V> = { readonly [P in N]?: V | null }

export interface ScalarChange<V> extends AttributeChange {
  readonly before: V
  readonly after: V
}

/**
 * A single value.
 * @param none what it is where there is none; a declared `null` means that
 * @param words `grant`: what is said of a value that nobody here declares, if it grants or bounds something
 */
export const scalar = <N extends string, V extends Scalar>(
  name: N,
  none: V,
  words: {
    readonly grant?: (value: string) => string
    readonly loss: string
    /** The kind of entity that it names, and by what. */
    readonly to?: { readonly kind: EntityKind; readonly by: 'name' | 'arn' }
    /** Whether a reviewer reads nothing in place of `none`. */
    readonly isSilent?: true
    /** What a plan puts in place of a declared value for a while, which is owned as that is. */
    readonly standsIn?: (value: string) => boolean
  },
): Attribute<State<N, V>, Declared<N, V>, ScalarChange<V>> => {
  const nothingChanges: ScalarChange<V> = { before: none, after: none, ...UNCHANGED }
  const shown = (value: V): Scalar => (words.isSilent === true && value === none ? null : value)
  return {
    name,
    documents: 'none',
    refersTo:
      words.to === undefined
        ? null
        : {
            ...words.to,
            namedIn: (entity) => {
              const value = entity[name]
              return typeof value === 'string' ? [value] : []
            },
          },
    members: (desired) => {
      const declared = desired[name]
      return declared === undefined || declared === null ? null : [textMember(String(declared))]
    },
    compare: (observed, desired, owned) => {
      const before: V = observed === null ? none : observed[name]
      const declared = desired[name]
      const after = declared === undefined ? leftOf(before, owned, none, words.standsIn) : (declared ?? none)
      const isUnmanaged = declared === undefined && after !== none
      if (before === after && !isUnmanaged)
        return before === none ? nothingChanges : { before, after, ...UNCHANGED }
      return {
        before,
        after,
        details: () => valueDetail(name, shown(before), shown(after)),
        unmanagedParts: () =>
          isUnmanaged
            ? [
                {
                  is: 'value' as const,
                  grant:
                    words.grant === undefined
                      ? null
                      : `${words.grant(String(after))}: \`${name}\` is not declared`,
                  entity: words.to?.by === 'name' ? { kind: words.to.kind, id: String(after) } : null,
                  loss: `${words.loss} (\`${name}\`)`,
                  key: `${name}/${after}`,
                  written: { is: 'value', value: after },
                },
              ]
            : UNCHANGED.unmanagedParts(),
      }
    },
    removal: (observed) =>
      none === null || words.isSilent === true ? valueDetail(name, shown(observed[name]), null) : [],
  }
}

/**
 * What becomes of a value that is no longer declared: it goes if an earlier apply declared it. Another value is somebody
 * else's, and stays.
 */
const leftOf = <V extends Scalar>(
  value: V,
  owned: Members | undefined,
  none: V,
  standsIn?: (value: string) => boolean,
): V => (isOwned(value, owned) || (owned !== undefined && standsIn?.(String(value)) === true) ? none : value)

const isOwned = (value: Scalar, owned: Members | undefined): boolean =>
  owned !== undefined && isOwnedText(String(value), owned)

/** @param owned what the journal has */
export const isOwnedText = (text: string, owned: Members): boolean =>
  owned.includes(ANY_VALUE) || owned.includes(textMember(text))

/** A value as the journal keeps it. */
export const textMember = (text: string): string => `=${text}`

/** What earlier versions kept of a value: that there was one. */
const ANY_VALUE = '*'
