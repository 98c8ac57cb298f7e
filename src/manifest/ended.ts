import { type Diagnostic, spanAt, warningOf } from '../diagnostics/index.ts'
import { type DesiredOf, type EntityKind, entityRef, keysOf } from '../model/index.ts'
import { shorten } from '../yaml/shorten.ts'
import type { DesiredState } from './desired.ts'
import type { EntityManifests, ManifestKind } from './manifest-kind.ts'

/** What is declared, and was good until a moment that has come. @param now milliseconds since the epoch */
export const endedWarnings = (
  { entities }: Pick<DesiredState, 'entities'>,
  kinds: EntityManifests,
  now: number,
): readonly Diagnostic[] => keysOf(kinds).flatMap((kind) => endedOf(kind, kinds, entities[kind], now))

function endedOf<K extends EntityKind>(
  kind: K,
  kinds: EntityManifests,
  entities: ReadonlyMap<string, DesiredOf<K>>,
  now: number,
): readonly Diagnostic[] {
  const { ends }: ManifestKind<K> = kinds[kind]
  if (ends === undefined) return []
  return [...entities.values()].flatMap((entity) =>
    ends(entity)
      .filter(({ until }) => until <= now)
      .map(({ of, what, until }) =>
        warningOf({
          code: 'manifest.ended',
          message: `${what} of \`${entityRef(kind, shorten(entity.name))}\` was good until ${new Date(until).toISOString().slice(0, 10)}`,
          help: 'have it renewed: IAM takes no certificate that has run out, and nobody signs in by what one has signed',
          span: spanAt(entity.node, [of]),
        }),
      ),
  )
}
