import type { DesiredEntity, PlacedDocument, StateDocument } from '../../model/index.ts'
import { type Attribute, type AttributeChange, UNCHANGED, type UnmanagedPart } from './attribute.ts'
import { documentDetail } from './details.ts'
import { memberChange } from './member-change.ts'
import { saysTheSame } from './same-meaning.ts'

type Stored = ReadonlyMap<string, StateDocument>
type Documents = ReadonlyMap<string, PlacedDocument>
type State<N extends string> = { readonly [P in N]: Stored }
type Declared<N extends string> = { readonly [P in N]?: Documents } & Pick<DesiredEntity, 'generated'>

export interface DocumentsChange extends AttributeChange {
  readonly removed: readonly string[]
  /** New and changed ones. */
  readonly put: readonly {
    readonly name: string
    readonly before: StateDocument | null
    readonly after: PlacedDocument
  }[]
  readonly now: Stored
}

/** Policy documents by name, such as inline policies. */
export const documents = <N extends string>(
  name: N,
  words: { readonly grant: (member: string) => string; readonly loss: (member: string) => string },
): Attribute<State<N>, Declared<N>, DocumentsChange> => ({
  name,
  documents: 'byName',
  refersTo: null,
  members: (desired) => {
    const declared: Documents | undefined = desired[name]
    const { generated } = desired
    return declared === undefined && generated === undefined
      ? null
      : [...(declared ?? NONE).keys(), ...(generated ?? NONE).keys()]
  },
  compare: (observed, desired, before, account) => {
    const now: Stored = observed?.[name] ?? NONE
    const declared: Documents | undefined = desired[name]
    const { generated = NONE } = desired
    if (now.size + generated.size === 0 && (declared === undefined || declared.size === 0))
      return NOTHING_CHANGES
    const others = [...now.keys()].filter((policy) => !generated.has(policy))
    const { removed, unmanaged } = memberChange(others, declared?.keys(), before)
    const put = [...(declared ?? NONE), ...generated].flatMap(([policy, after]) => {
      const stored = now.get(policy) ?? null
      return stored !== null && saysTheSame(stored, after.json, account)
        ? []
        : [{ name: policy, before: stored, after }]
    })
    if (removed.length + put.length + unmanaged.length === 0) return { removed, put, now, ...UNCHANGED }
    return {
      removed,
      put,
      now,
      details: () => [
        ...removed.flatMap((policy) =>
          documentDetail(`${name}.${policy}`, now.get(policy) ?? null, null, account),
        ),
        ...put.flatMap((each) => documentDetail(`${name}.${each.name}`, each.before, each.after, account)),
      ],
      unmanagedParts: () =>
        unmanaged.map((policy) => ({
          is: 'member' as const,
          grant: `${words.grant(policy)}: \`${name}\` is not declared`,
          entity: null,
          loss: `${words.loss(policy)} (\`${name}\`)`,
          key: `${name}/${policy}`,
          ...writtenOf(policy, now.get(policy)),
        })),
    }
  },
  removal: (observed, account) => {
    const held: Stored = observed[name]
    return [...held.keys()]
      .sort()
      .flatMap((policy) => documentDetail(`${name}.${policy}`, held.get(policy) ?? null, null, account))
  },
})

const NONE: Documents = new Map()
const NOTHING_CHANGES: DocumentsChange = { removed: [], put: [], now: NONE, ...UNCHANGED }

const writtenOf = (name: string, document: StateDocument | undefined): Pick<UnmanagedPart, 'written'> =>
  document === undefined ? {} : { written: { is: 'document', name, document } }
