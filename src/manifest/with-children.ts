import { z } from 'zod'
import { type Diagnostic, errorOf, type LocatedEntry } from '../diagnostics/index.ts'
import { type ChildKind, type DesiredChild, type DesiredEntity, keysOf } from '../model/index.ts'
import { type ChildFacts, oneOf } from '../model/kind-facts.ts'
import { shorten } from '../yaml/shorten.ts'
import { ChildReading } from './entities/child-reading.ts'
import type { EntityReading } from './entities/entity-reading.ts'
import type { ChildManifest, ChildManifests, EntityManifest, RequirementManifest } from './manifest-kind.ts'
import { described } from './schema/attribute-schemas.ts'
import { childName } from './schema/child-schema.ts'

/** A kind of entity, with the sections of all that is named under it. */
export function withChildren<State, Desired extends DesiredEntity>(
  of: EntityManifest<State, Desired>,
  children: ChildManifests,
): EntityManifest<State, Desired> {
  const all: (readonly [ChildKind, ChildManifest<DesiredChild>])[] = []
  const requirements: (readonly [ChildKind, RequirementManifest])[] = []
  for (const kind of keysOf(children)) {
    const manifest = children[kind]
    if (manifest === null) continue
    if ('key' in manifest) requirements.push([kind, manifest])
    else all.push([kind, manifest])
  }
  const sections = all.map(([, { facts, schema, told }]) => [
    facts.section,
    z.record(childName(facts), schema).nullable().optional().meta(described(told)),
  ])
  const keys = requirements.map(([, { key, told, schema }]) => [
    key,
    schema.nullable().optional().meta(described(told)),
  ])
  return {
    ...of,
    schema: of.schema.extend(Object.fromEntries([...sections, ...keys])),
    childSections: all.map(([, { facts }]) => facts),
    read: (reading) => {
      const declared = new Map(
        all.flatMap(([kind, manifest]) => {
          const entries = reading.entries(manifest.facts.section)
          return entries === null ? [] : [[kind, readAll(manifest, entries, reading)] as const]
        }),
      )
      const requires = new Map(
        requirements.flatMap(([kind, { key, isRequired }]) => {
          const value = reading.value(key)
          const span = value === null ? null : isRequired(value)
          return span === null ? [] : [[kind, span] as const]
        }),
      )
      const entity = of.read(reading)
      const added = requirements.map(([, { key, adds }]) => {
        const value = reading.value(key)
        return value === null ? {} : adds(value, entity)
      })
      return Object.assign({ ...entity }, ...added.map((each) => checked(each, reading)), {
        ...(declared.size === 0 ? {} : { children: declared }),
        ...(requires.size === 0 ? {} : { requires }),
      })
    },
  }
}

/** What is generated stands beside what is declared: under a name of its own, and with it within what there is room for. */
function checked(
  added: Pick<DesiredEntity, 'generated' | 'onlyWithMfa'>,
  reading: EntityReading,
): typeof added {
  if (added.generated !== undefined) reading.checkGenerated(added.generated)
  return added
}

function readAll(
  { facts, read }: ChildManifest<DesiredChild>,
  entries: readonly LocatedEntry[],
  reading: EntityReading,
): ReadonlyMap<string, DesiredChild> {
  const children = new Map<string, DesiredChild>()
  const places = new Map<string, DesiredChild>()
  for (const entry of entries) {
    const child = read(
      new ChildReading(
        entry,
        (problem) => reading.report(problem),
        (value) => reading.textOf(value),
      ),
    )
    if (child === null) continue
    children.set(child.name, child)
    const first = places.get(child.identity)
    if (first === undefined) places.set(child.identity, child)
    else reading.report(twice(facts, child, first))
  }
  for (const [variety, all] of byVariety(children.values()))
    if (all.length > facts.most) reading.report(tooMany(facts, variety, all, reading))
  return children
}

const twice = (facts: ChildFacts, { name, span }: DesiredChild, first: DesiredChild): Diagnostic =>
  errorOf({
    code: 'manifest.same-child',
    message: `\`${shorten(name)}\` is ${oneOf(facts)} that is declared already, as \`${shorten(first.name)}\``,
    help: 'remove one of the two',
    span,
    related: [{ message: 'first here', span: first.span }],
  })

function byVariety(
  children: Iterable<DesiredChild>,
): ReadonlyMap<string | undefined, readonly DesiredChild[]> {
  const all = new Map<string | undefined, DesiredChild[]>()
  for (const child of children) all.set(child.variety, [...(all.get(child.variety) ?? []), child])
  return all
}

function tooMany(
  facts: ChildFacts,
  variety: string | undefined,
  all: readonly DesiredChild[],
  { name }: EntityReading,
): Diagnostic {
  const excess = all[facts.most]
  return errorOf({
    code: 'manifest.quota',
    message: `${facts.parent} \`${shorten(name.text)}\` has ${all.length} ${facts.plural}${variety === undefined ? '' : ` for ${variety}`}; at most ${facts.most} are allowed`,
    help: 'remove some of them; inactive ones count too',
    span: excess?.span ?? name.span,
  })
}
