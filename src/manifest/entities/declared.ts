import {
  type Diagnostic,
  errorOf,
  type Located,
  type LocatedEntry,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import type { EntityKind, SettingKind } from '../../model/index.ts'
import { oneOf } from '../../model/kind-facts.ts'
import { addAll } from '../../yaml/add-all.ts'
import { hasNoValue, notIndented, notIndentedError } from '../hints/not-indented.ts'
import type { EntityManifests, ManifestKinds } from '../manifest-kind.ts'
import { entityName, isEntityName } from '../schema/entity-schema.ts'
import { type Sections, sectionsOf } from '../schema/manifest-schema.ts'
import { describe, schemaDiagnostics, unknownKey } from '../schema/schema-issues.ts'
import type { DeclaredEntity } from './declared-entity.ts'

/** An entity whose name can't be one. */
interface OddlyNamed {
  readonly declared: DeclaredEntity
  readonly problems: readonly Diagnostic[]
}

/** What one manifest declares, in the order of its lines, and what is wrong with it by itself. */
export interface DeclaredHere {
  readonly entities: readonly DeclaredEntity[]
  readonly oddlyNamed: readonly OddlyNamed[]
  readonly settings: readonly (readonly [kind: SettingKind, entry: LocatedEntry])[]
  readonly tests: readonly Located[]
  readonly invariants: readonly Located[]
  readonly organizations: readonly LocatedEntry[]
  readonly resources: readonly LocatedEntry[]
  /** Whether something that lost its indentation was passed over: it may declare what seems to be missing. */
  readonly hasStrays: boolean
  readonly diagnostics: readonly Diagnostic[]
  /** What is only wrong if this is a manifest. */
  readonly ofManifest: readonly Diagnostic[]
}

export function declaredIn(root: Located, kinds: ManifestKinds): DeclaredHere {
  const reading = new ManifestReading(kinds)
  reading.manifest(root)
  return reading.found
}

class ManifestReading {
  readonly found = {
    entities: [] as DeclaredEntity[],
    oddlyNamed: [] as OddlyNamed[],
    settings: [] as (readonly [SettingKind, LocatedEntry])[],
    tests: [] as Located[],
    invariants: [] as Located[],
    organizations: [] as LocatedEntry[],
    resources: [] as LocatedEntry[],
    hasStrays: false,
    diagnostics: [] as Diagnostic[],
    ofManifest: [] as Diagnostic[],
  }
  readonly #kinds: ManifestKinds
  readonly #sections: Sections
  readonly #sectionNames: readonly string[]

  constructor(kinds: ManifestKinds) {
    this.#kinds = kinds
    this.#sections = sectionsOf(kinds)
    this.#sectionNames = [...this.#sections.keys()]
  }

  manifest(root: Located): void {
    if (root.kind !== 'map') {
      this.found.ofManifest.push(
        errorOf({
          code: 'manifest.wrong-type',
          message: `a manifest is a map, not ${describe(root)}`,
          help: `begin with one of ${this.#sectionNames.map((section) => `\`${section}:\``).join(', ')}`,
          span: firstLineOf(root),
        }),
      )
      return
    }
    const strays = new Set<LocatedEntry>()
    for (const found of notIndented(root.entries, this.#sectionNames, OTHER_TOP_KEYS)) {
      this.found.ofManifest.push(notIndentedError(found))
      for (const entry of found.keys) strays.add(entry)
    }
    this.found.hasStrays = strays.size > 0
    for (const entry of root.entries) if (!strays.has(entry)) this.#section(root, entry)
  }

  #section(root: Located, entry: LocatedEntry): void {
    const section = this.#sections.get(entry.key)
    if (section === undefined) {
      this.found.ofManifest.push(unknownSection(root, entry, this.#sectionNames))
      return
    }
    const { is } = section
    if (is === 'setting') this.found.settings.push([section.kind, entry])
    else if (isNothing(entry.value)) return
    else if (is === 'entities') this.#takeEntities(section.kind, entry)
    else if (is === 'organization') this.found.organizations.push(entry)
    else if (is === 'resources') this.#takeResources(entry)
    else this.#takeList(is, entry)
  }

  #takeEntities(kind: EntityKind, { key, value }: LocatedEntry): void {
    if (value.kind !== 'map') {
      this.found.diagnostics.push(
        errorOf({
          code: 'manifest.wrong-type',
          message: `\`${key}\` takes a map, not ${describe(value)}`,
          help: `write the name of each ${this.#kinds.entities[kind].facts.label} as a key: \`NAME: { … }\``,
          span: firstLineOf(value),
        }),
      )
      return
    }
    let before: LocatedEntry | null = null
    for (const entry of value.entries) {
      if (before !== null && isKeyOf(this.#kinds.entities[kind], entry)) {
        this.found.diagnostics.push(notIndentedError({ owner: before, keys: [entry] }))
        continue
      }
      const { key: name, keySpan, value: node } = entry
      const declared: DeclaredEntity = { kind, name, nameSpan: spanOf(keySpan), node }
      this.found.entities.push(declared)
      for (const beside of this.#kinds.entities[kind].beside?.(name, node) ?? [])
        this.found.entities.push({ name, ...beside })
      this.#checkName(declared, value)
      before = hasNoValue(entry) ? entry : null
    }
  }

  #checkName(declared: DeclaredEntity, section: Located): void {
    const { kind, name, nameSpan } = declared
    const { facts } = this.#kinds.entities[kind]
    if (isEntityName(facts, name)) return
    const schema = entityName(facts)
    const checked = schema.safeParse(name)
    if (checked.success) return
    const node: Located = { kind: 'scalar', value: name, quoted: true, ...nameSpan }
    const of = { title: oneOf(facts), span: section }
    this.found.oddlyNamed.push({
      declared,
      problems: schemaDiagnostics(checked.error.issues, schema, node, of),
    })
  }

  #takeResources({ value }: LocatedEntry): void {
    if (value.kind === 'map') addAll(this.found.resources, value.entries)
    else
      this.found.diagnostics.push(
        errorOf({
          code: 'manifest.wrong-type',
          message: `\`resources\` takes a map, not ${describe(value)}`,
          help: 'write the ARN of each resource as a key',
          span: firstLineOf(value),
        }),
      )
  }

  #takeList(section: 'tests' | 'invariants', { value }: LocatedEntry): void {
    if (value.kind === 'list') addAll(this.found[section], value.items)
    else
      this.found.diagnostics.push(
        errorOf({
          code: 'manifest.wrong-type',
          message: `\`${section}\` takes a list, not ${describe(value)}`,
          help: `begin each ${section.slice(0, -1)} with \`- name: …\``,
          span: firstLineOf(value),
        }),
      )
  }
}

/** A key of an entity that seems to be the name of one: it stands beside an empty entity, and has no entity's value. */
const isKeyOf = ({ schema }: EntityManifests[EntityKind], { key, value }: LocatedEntry): boolean => {
  const keys = Object.keys(schema.shape)
  return (
    keys.includes(key) && !(value.kind === 'map' && value.entries.every((each) => keys.includes(each.key)))
  )
}

export const isNothing = (node: Located): boolean => node.kind === 'scalar' && node.value === null

const PROJECT_KEYS = ['version', 'accounts', 'scope', 'guard', 'secrets']
const OTHER_TOP_KEYS = [...PROJECT_KEYS, 'Version', 'Statement']

/** Keys of the project file, and of documents, that are put into a manifest by mistake. */
function unknownSection(
  root: Located,
  { key, keySpan }: LocatedEntry,
  sections: readonly string[],
): Diagnostic {
  if (PROJECT_KEYS.includes(key))
    return errorOf({
      code: 'manifest.unknown-key',
      message: `\`${key}\` is not a key of a manifest`,
      help: `\`${key}\` stands in iam-sync.yaml`,
      span: keySpan,
    })
  if (key === 'Version' || key === 'Statement')
    return errorOf({
      code: 'manifest.unknown-key',
      message: `\`${key}\` is not a key of a manifest`,
      help: 'a policy document in a file of its own is used by `{ file: … }` in a manifest',
      span: keySpan,
    })
  return unknownKey(key, root, root, { title: 'a manifest', span: keySpan }, sections)
}

/** A whole list or map underlined says little; its start is enough. */
export const firstLineOf = (node: Located): Span =>
  node.kind === 'scalar' ? spanOf(node) : { file: node.file, start: node.start, end: node.start + 1 }
