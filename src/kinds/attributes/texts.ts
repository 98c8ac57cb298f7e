import type { DesiredEntity } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED, type UnmanagedPart } from './attribute.ts'
import { listDetail } from './details.ts'
import { listedChange, type MemberChange, memberChange, NO_CHANGE } from './member-change.ts'

type State<N extends string> = { readonly [P in N]: readonly string[] }
type Declared<N extends string> = { readonly [P in N]?: readonly string[] } & Pick<DesiredEntity, 'listed'>

export interface TextsChange extends AttributeChange, MemberChange {}

/**
 * A list of texts without an order.
 * @param words how one is told that nobody here declares; `grant` absent: it grants nothing
 */
export const texts = <N extends string>(
  name: N,
  words: {
    readonly grant?: (member: string) => string
    readonly loss: (member: string) => string
    /** What each refers to, where it does. */
    readonly entityOf?: (member: string) => UnmanagedPart['entity']
  },
): Attribute<State<N>, Declared<N>, TextsChange> => ({
  name,
  documents: 'none',
  refersTo: null,
  members: (desired) => desired[name] ?? desired.listed?.get(name)?.in ?? null,
  compare: (observed, desired, before) => {
    const present = observed?.[name] ?? NONE
    const listed = desired[name] === undefined ? desired.listed?.get(name) : undefined
    const change =
      listed === undefined
        ? memberChange(present, desired[name], before)
        : listedChange(present, listed, before)
    if (change === NO_CHANGE) return NOTHING_CHANGES
    return {
      ...change,
      details: () => listDetail(name, change.added, change.removed),
      unmanagedParts: () =>
        change.unmanaged.map((member) => ({
          is: 'member' as const,
          grant: words.grant === undefined ? null : `${words.grant(member)}: \`${name}\` is not declared`,
          entity: words.entityOf?.(member) ?? null,
          loss: `${words.loss(member)} (\`${name}\`)`,
          key: `${name}/${member}`,
          written: { is: 'text' as const, text: member },
        })),
    }
  },
  removal: (observed) => listDetail(name, [], [...observed[name]].sort()),
})

const NONE: readonly string[] = []
const NOTHING_CHANGES: TextsChange = { ...NO_CHANGE, ...UNCHANGED }
