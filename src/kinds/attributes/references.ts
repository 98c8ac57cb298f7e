import type { EntityKind } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { listDetail } from './details.ts'
import { type MemberChange, memberChange, NO_CHANGE } from './member-change.ts'

type State<N extends string> = { readonly [P in N]: readonly string[] }
type Declared<N extends string> = { readonly [P in N]?: readonly string[] }

export interface ReferencesChange extends AttributeChange, MemberChange {}

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
  name,
  documents: 'none',
  refersTo: { kind: words.to, by: words.by, namedIn: (entity) => entity[name] ?? NONE },
  members: (desired) => desired[name] ?? null,
  compare: (observed, desired, before) => {
    const change = memberChange(observed?.[name] ?? NONE, desired[name], before)
    if (change === NO_CHANGE) return NOTHING_CHANGES
    const undeclared = `\`${name}\` is not declared`
    return {
      ...change,
      details: () => listDetail(name, change.added, change.removed),
      unmanagedParts: () =>
        change.unmanaged.map((member) => ({
          is: 'member' as const,
          grant: `${words.grant(member)}: ${undeclared}`,
          entity: { kind: words.to, id: member },
          loss: `${words.loss(member)} (\`${name}\`)`,
        })),
    }
  },
  removal: (observed) => listDetail(name, [], [...observed[name]].sort()),
})

const NONE: readonly string[] = []
const NOTHING_CHANGES: ReferencesChange = { ...NO_CHANGE, ...UNCHANGED }
