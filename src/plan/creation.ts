import type { Detail } from '../model/detail.ts'
import type { DesiredOf, EntityKind } from '../model/index.ts'
import type { Planning } from './planning.ts'
import { token } from './steps/step-drafts.ts'

/** What comes with an entity that is created, for its reviewer. */
export function creationDetails<K extends EntityKind>(
  { kinds, observed: { account } }: Pick<Planning, 'kinds' | 'observed'>,
  kind: K,
  desired: DesiredOf<K>,
): readonly Detail[] {
  return kinds[kind].attributes.flatMap((attribute) =>
    attribute.compare(null, desired, undefined, account).details(),
  )
}

/** What must be there before one is created: its boundary, and room for one more of its kind. */
export const creationRequires = (
  { crowded, kinds }: Pick<Planning, 'crowded' | 'kinds'>,
  kind: EntityKind,
  boundary: string | null,
): readonly string[] => [
  ...(boundary === null ? [] : [token.exists(boundary)]),
  ...(crowded.has(kind) ? [token.room(kinds[kind].facts.section, '')] : []),
]
