import { type Diagnostic, nodeAt } from '../../diagnostics/index.ts'
import type { DesiredOf, EntityKind } from '../../model/index.ts'
import { type ChildFacts, type EntityFacts, oneOf } from '../../model/kind-facts.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { ContentCheck } from '../cache/passed-checks.ts'
import { ELSEWHERE } from '../hints/other-words.ts'
import type { ManifestKind } from '../manifest-kind.ts'
import { droppedKeys, ODD_KEY, oddKeyError, schemaDiagnostics } from '../schema/schema-issues.ts'
import { isNothing } from './declared.ts'
import type { DeclaredEntity } from './declared-entity.ts'
import { type EntityContext, EntityReading } from './entity-reading.ts'
import { withoutDocuments } from './entity-shape.ts'

/** What entities of one kind are read with. */
export interface ReadingOfKind<K extends EntityKind> {
  readonly kind: K
  readonly of: ManifestKind<K>
  readonly check: ContentCheck
}

/** Reads one entity, unless it is known from an earlier load. One with a complaint, or in several files, is always read. */
export function readEntity<K extends EntityKind>(
  reading: ReadingOfKind<K>,
  declared: DeclaredEntity,
  context: EntityContext,
): DesiredOf<K> {
  const { kind } = reading
  const known = context.kept.find(kind, declared)
  if (known !== null) return known
  let isToKeep = true
  const entity = readAnew(declared, reading, {
    ...context,
    report: (diagnostics) => {
      if (diagnostics.length > 0) isToKeep = false
      context.report(diagnostics)
    },
    refuse: (document) => {
      isToKeep = false
      context.refuse(document)
    },
    files: {
      document: (value) => {
        const located = context.files.document(value)
        if (located !== value) isToKeep = false
        return located
      },
      text: (value) => {
        const placed = context.files.text(value)
        if (placed?.file !== null) isToKeep = false
        return placed
      },
    },
  })
  if (isToKeep) context.kept.keep(kind, declared, entity)
  return entity
}

/**
 * Structure is the schema's; what names stand for, documents and quotas are checked here.
 * Both are done even when the other finds errors, so that one run shows them all; a value of a wrong type,
 * which the schema has reported, is then passed over.
 */
function readAnew<K extends EntityKind>(
  declared: DeclaredEntity,
  { of, check }: ReadingOfKind<K>,
  context: EntityContext,
): DesiredOf<K> {
  const { name, node } = declared
  const { facts, schema } = of
  context.report(
    context.memory.entity(node, check, name, () => {
      // A user without any keys may stand there as `alice:`.
      const input = isNothing(node) ? {} : withoutDocuments(node, of.attributes)
      const checked = schema.safeParse(input)
      const oddKeys = oddKeysOf(declared, of)
      if (checked.success) return oddKeys
      const subject = {
        title: `${facts.label} \`${shorten(name)}\``,
        span: declared.nameSpan,
        elsewhere: [...(of.elsewhere ?? []), ...ELSEWHERE],
      }
      return [...oddKeys, ...schemaDiagnostics(checked.error.issues, schema, node, subject)]
    }),
  )
  return of.read(new EntityReading(declared, facts, context))
}

interface Named {
  readonly facts: EntityFacts
  readonly childSections?: readonly ChildFacts[]
}

/** IAM takes such names; here they are refused, as wherever names are free, so that no place can lose one. */
function oddKeysOf(
  { name, nameSpan, node }: DeclaredEntity,
  { facts, childSections = [] }: Named,
): readonly Diagnostic[] {
  return [
    ...(name === ODD_KEY ? [oddKeyError(`the name of ${oneOf(facts)}`, nameSpan)] : []),
    ...droppedKeys([nodeAt(node, ['tags'])], 'the key of a tag'),
    ...droppedKeys([nodeAt(node, ['inlinePolicies'])], 'the name of an inline policy'),
    ...childSections.flatMap((child) =>
      droppedKeys([nodeAt(node, [child.section])], `the name of ${oneOf(child)}`),
    ),
  ]
}
