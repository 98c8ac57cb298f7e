import type { DesiredEntity, EntityKind } from '../../model/index.ts'
import type { Attribute } from './attribute.ts'
import { type TextsChange, texts } from './texts.ts'

type State<N extends string> = { readonly [P in N]: readonly string[] }
type Declared<N extends string> = { readonly [P in N]?: readonly string[] } & Pick<DesiredEntity, 'listed'>

export type ReferencesChange = TextsChange

/**
 * A list of what an entity refers to, without an order: groups by name, managed policies by ARN.
 * @param words how one is told that nobody here declares
 */
export const references = <N extends string>(
  name: N,
  words: {
    readonly to: EntityKind
    readonly by: 'name' | 'arn'
    readonly grant: (member: string) => string
    readonly loss: (member: string) => string
  },
): Attribute<State<N>, Declared<N>, ReferencesChange> => ({
  ...texts(name, { ...words, entityOf: (id) => ({ kind: words.to, id }) }),
  refersTo: { kind: words.to, by: words.by, namedIn: (entity) => entity[name] ?? NONE },
})

const NONE: readonly string[] = []
