import {
  type Diagnostic,
  errorOf,
  type Located,
  type LocatedEntry,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import { type EntityKind, keysOf, type SettingKind, tableOf } from '../../model/index.ts'
import { oneOf } from '../../model/kind-facts.ts'
import { addAll } from '../../yaml/add-all.ts'
import { shorten } from '../../yaml/shorten.ts'
import { hasNoValue, notIndented, notIndentedError } from '../hints/not-indented.ts'
import type { EntityManifests, ManifestKinds } from '../manifest-kind.ts'
import type { AccountFiles } from '../project/account-files.ts'
import { entityName, isEntityName } from '../schema/entity-schema.ts'
import { type Sections, sectionsOf } from '../schema/manifest-schema.ts'
import { describe, schemaDiagnostics, unknownKey } from '../schema/schema-issues.ts'
import type { Declared, DeclaredEntity } from './declared-entity.ts'

/** Gathers the sections of all manifests of an account. */
export function collectDeclared(
  manifests: readonly string[],
  files: AccountFiles,
  kinds: ManifestKinds,
  report: (diagnostics: readonly Diagnostic[]) => void,
  reportOfManifest: (file: string, diagnostic: Diagnostic) => void,
): Declared {
  const collection = new Collection(kinds, report, reportOfManifest)
  let isComplete = true
  for (const file of manifests) {
    const roots = files.roots(file)
    if (roots === null) isComplete = false
    for (const root of roots ?? []) collection.manifest(root)
  }
  return { ...collection.declared, isComplete: isComplete && !collection.hasStrays }
}

class Collection {
  readonly #entities: Readonly<Record<EntityKind, Map<string, DeclaredEntity>>>
  /** `kind/name` in lowercase: names are unique whatever their case. */
  readonly #places = new Map<string, DeclaredEntity>()
  readonly #settings = new Map<SettingKind, LocatedEntry>()
  readonly #lists: Readonly<Record<'tests' | 'invariants', Located[]>> = { tests: [], invariants: [] }
  #organization: LocatedEntry | null = null
  readonly #resources = new Map<string, LocatedEntry>()
  /** Whether something that lost its indentation was passed over: it may declare what seems to be missing. */
  #hasStrays = false
  readonly #kinds: ManifestKinds
  readonly #sections: Sections
  readonly #sectionNames: readonly string[]
  readonly #report: (diagnostics: readonly Diagnostic[]) => void
  readonly #reportOfManifest: (file: string, diagnostic: Diagnostic) => void

  constructor(
    kinds: ManifestKinds,
    report: (diagnostics: readonly Diagnostic[]) => void,
    reportOfManifest: (file: string, diagnostic: Diagnostic) => void,
  ) {
    this.#entities = tableOf(keysOf(kinds.entities), () => new Map())
    this.#kinds = kinds
    this.#sections = sectionsOf(kinds)
    this.#sectionNames = [...this.#sections.keys()]
    this.#report = report
    this.#reportOfManifest = reportOfManifest
  }

  get hasStrays(): boolean {
    return this.#hasStrays
  }

  get declared(): Omit<Declared, 'isComplete'> {
    return {
      entities: this.#entities,
      settings: this.#settings,
      ...this.#lists,
      organization: this.#organization,
      resources: [...this.#resources.values()],
    }
  }

  manifest(root: Located): void {
    if (root.kind !== 'map') {
      this.#reportOfManifest(
        root.file,
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
      this.#reportOfManifest(root.file, notIndentedError(found))
      for (const entry of found.keys) strays.add(entry)
    }
    if (strays.size > 0) this.#hasStrays = true
    for (const entry of root.entries) if (!strays.has(entry)) this.#section(root, entry)
  }

  #section(root: Located, entry: LocatedEntry): void {
    const section = this.#sections.get(entry.key)
    if (section === undefined) {
      this.#reportOfManifest(root.file, unknownSection(root, entry, this.#sectionNames))
      return
    }
    const { is } = section
    if (is === 'setting') this.#takeSetting(section.kind, entry)
    else if (isNothing(entry.value)) return
    else if (is === 'entities') this.#takeEntities(section.kind, entry)
    else if (is === 'organization') this.#takeOrganization(entry)
    else if (is === 'resources') this.#takeResources(entry)
    else this.#takeList(is, entry)
  }

  #takeEntities(kind: EntityKind, { key, value }: LocatedEntry): void {
    if (value.kind !== 'map') {
      this.#report([
        errorOf({
          code: 'manifest.wrong-type',
          message: `\`${key}\` takes a map, not ${describe(value)}`,
          help: `write the name of each ${this.#kinds.entities[kind].facts.label} as a key: \`NAME: { … }\``,
          span: firstLineOf(value),
        }),
      ])
      return
    }
    let before: LocatedEntry | null = null
    for (const entry of value.entries) {
      if (before !== null && isKeyOf(this.#kinds.entities[kind], entry)) {
        this.#report([notIndentedError({ owner: before, keys: [entry] })])
        continue
      }
      this.#takeEntity(kind, value, entry)
      before = hasNoValue(entry) ? entry : null
    }
  }

  #takeEntity(kind: EntityKind, section: Located, { key: name, keySpan, value }: LocatedEntry): void {
    const declared: DeclaredEntity = { kind, name, nameSpan: spanOf(keySpan), node: value }
    const place = `${kind}/${name.toLowerCase()}`
    const first = this.#places.get(place)
    const { facts } = this.#kinds.entities[kind]
    if (first !== undefined) {
      this.#report([
        errorOf({
          code: 'manifest.duplicate',
          message:
            first.name === name
              ? `the ${facts.label} \`${shorten(name)}\` is declared twice`
              : `the ${facts.label} \`${shorten(name)}\` is declared twice: \`${shorten(first.name)}\` differs only in case`,
          help: 'declare it once, or give one of the two another name',
          span: declared.nameSpan,
          related: [{ message: 'first declared here', span: first.nameSpan }],
        }),
      ])
      return
    }
    this.#places.set(place, declared)
    this.#entities[kind].set(name, declared)
    if (isEntityName(facts, name)) return
    const schema = entityName(facts)
    const checked = schema.safeParse(name)
    if (checked.success) return
    const node: Located = { kind: 'scalar', value: name, quoted: true, ...declared.nameSpan }
    this.#report(
      schemaDiagnostics(checked.error.issues, schema, node, { title: oneOf(facts), span: section }),
    )
  }

  #takeSetting(kind: SettingKind, entry: LocatedEntry): void {
    const first = this.#settings.get(kind)
    if (first === undefined) this.#settings.set(kind, entry)
    else
      this.#report([
        errorOf({
          code: 'manifest.duplicate',
          message: `the ${this.#kinds.settings[kind].facts.label} is declared twice`,
          help: 'an account has one; declare it once',
          span: entry.keySpan,
          related: [{ message: 'first declared here', span: first.keySpan }],
        }),
      ])
  }

  #takeOrganization(entry: LocatedEntry): void {
    const first = this.#organization
    if (first === null) this.#organization = entry
    else
      this.#report([
        errorOf({
          code: 'manifest.duplicate',
          message: 'the organization is declared twice',
          help: 'a project has one; declare it once',
          span: entry.keySpan,
          related: [{ message: 'first declared here', span: first.keySpan }],
        }),
      ])
  }

  #takeResources({ value }: LocatedEntry): void {
    if (value.kind !== 'map') {
      this.#report([
        errorOf({
          code: 'manifest.wrong-type',
          message: `\`resources\` takes a map, not ${describe(value)}`,
          help: 'write the ARN of each resource as a key',
          span: firstLineOf(value),
        }),
      ])
      return
    }
    for (const entry of value.entries) {
      const first = this.#resources.get(entry.key)
      if (first === undefined) this.#resources.set(entry.key, entry)
      else
        this.#report([
          errorOf({
            code: 'manifest.duplicate',
            message: `the resource \`${shorten(entry.key)}\` is declared twice`,
            help: 'declare it once',
            span: entry.keySpan,
            related: [{ message: 'first declared here', span: first.keySpan }],
          }),
        ])
    }
  }

  #takeList(section: 'tests' | 'invariants', { value }: LocatedEntry): void {
    if (value.kind === 'list') addAll(this.#lists[section], value.items)
    else
      this.#report([
        errorOf({
          code: 'manifest.wrong-type',
          message: `\`${section}\` takes a list, not ${describe(value)}`,
          help: `begin each ${section.slice(0, -1)} with \`- name: …\``,
          span: firstLineOf(value),
        }),
      ])
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

const PROJECT_KEYS = ['version', 'accounts', 'scope', 'guard']
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
