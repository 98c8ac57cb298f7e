import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import {
  type AnyEntityState,
  entityRef,
  isUnknown,
  keysOf,
  type StateDocument,
  unknownWords,
} from '../../model/index.ts'
import { sortedByName } from '../name-order.ts'
import { desiredOf, entitiesOf, type PlanRequest } from '../planning.ts'

/** Says of each document in the account that nobody can read it: of what it allows this plan knows nothing. */
export function unknownDocuments({ kinds, desired, observed }: PlanRequest): readonly Diagnostic[] {
  return keysOf(kinds).flatMap((kind) => {
    const holding = kinds[kind].attributes.filter(({ documents }) => documents !== 'none')
    const names = holding.map(({ name }) => name)
    return withUnknown(entitiesOf(observed, kind), names).flatMap((entity) =>
      holding.flatMap(({ name }) =>
        documentsAt(name, entity).flatMap(([path, document]) =>
          isUnknown(document)
            ? [
                warningOf({
                  code: 'plan.unknown-document',
                  message: `what \`${path}\` of \`${entityRef(kind, entity.name)}\` says is not known: ${unknownWords(document)}`,
                  help: 'whose access it decides is not known either: declare it, so that the declared one takes its place, or put it right in the account',
                  span: document.place ?? desiredOf(desired, kind).get(entity.name)?.span ?? null,
                }),
              ]
            : [],
        ),
      ),
    )
  })
}

/** By what is observed, which isn't modified: a watcher plans against it again and again. */
const known = new WeakMap<ReadonlyMap<string, AnyEntityState>, readonly AnyEntityState[]>()

/** Those with a document that nobody can read. @param names of attributes: the same for the same entities */
function withUnknown(
  entities: ReadonlyMap<string, AnyEntityState>,
  names: readonly string[],
): readonly AnyEntityState[] {
  const before = known.get(entities)
  if (before !== undefined) return before
  const found = sortedByName(entities).filter((entity) =>
    names.some((name) => documentsAt(name, entity).some(([, document]) => isUnknown(document))),
  )
  known.set(entities, found)
  return found
}

/** The documents of an attribute with their paths, as the details of a plan call them. */
function documentsAt(name: string, entity: object): readonly (readonly [path: string, StateDocument])[] {
  // An attribute reads its own field of an entity: of one that says that it holds documents, that field does.
  const value = (
    entity as Readonly<Record<string, StateDocument | ReadonlyMap<string, StateDocument> | undefined>>
  )[name]
  if (value === undefined) return NO_DOCUMENTS
  if (!isByName(value)) return [[name, value]]
  return value.size === 0
    ? NO_DOCUMENTS
    : [...value]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, document]) => [`${name}.${key}`, document] as const)
}

const NO_DOCUMENTS: readonly (readonly [path: string, StateDocument])[] = []

const isByName = (
  value: StateDocument | ReadonlyMap<string, StateDocument>,
): value is ReadonlyMap<string, StateDocument> => value instanceof Map
