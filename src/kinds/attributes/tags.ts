import { type Attribute, type AttributeChange, UNCHANGED } from './attribute.ts'
import { tagDetails } from './details.ts'
import { memberChange } from './member-change.ts'

type Tags = ReadonlyMap<string, string>

export interface TagsChange extends AttributeChange {
  readonly before: Tags
  readonly after: Tags
}

/** Tags, by key: who leaves a key out leaves it alone. */
export const tags: Attribute<{ readonly tags: Tags }, { readonly tags?: Tags }, TagsChange> = {
  name: 'tags',
  documents: 'none',
  refersTo: null,
  members: (desired) => (desired.tags === undefined ? null : [...desired.tags.keys()]),
  compare: (observed, desired, owned) => {
    const before = observed?.tags ?? NONE
    if (before.size === 0 && (desired.tags === undefined || desired.tags.size === 0)) return NO_TAGS
    const { removed, unmanaged } = memberChange(before.keys(), desired.tags?.keys(), owned)
    const after = desired.tags ?? withoutKeys(before, removed)
    return {
      before,
      after,
      details: () => tagDetails(before, after),
      unmanagedParts:
        unmanaged.length === 0
          ? UNCHANGED.unmanagedParts
          : () =>
              unmanaged.map((key) => ({
                is: 'member' as const,
                grant: null,
                entity: null,
                loss: `the tag \`${key}\` (\`tags\`)`,
              })),
    }
  },
  removal: (observed) => tagDetails(observed.tags, NONE),
}

const NONE: Tags = new Map()
const NO_TAGS: TagsChange = { before: NONE, after: NONE, ...UNCHANGED }

const withoutKeys = (map: Tags, keys: readonly string[]): Tags =>
  keys.length === 0 ? map : new Map([...map].filter(([key]) => !keys.includes(key)))
