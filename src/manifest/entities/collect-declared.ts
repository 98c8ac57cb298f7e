import { type Diagnostic, errorOf, type Located, type LocatedEntry } from '../../diagnostics/index.ts'
import {
  type Account,
  type EntityKind,
  entityArn,
  keysOf,
  type SettingKind,
  tableOf,
} from '../../model/index.ts'
import type { EntityFacts, KnownPlace } from '../../model/kind-facts.ts'
import { replacedBetween, withReplaced } from '../../model/replaced-entries.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { LoadMemory } from '../cache/load-memory.ts'
import type { ManifestKinds } from '../manifest-kind.ts'
import type { AccountFiles } from '../project/account-files.ts'
import { type DeclaredHere, declaredIn } from './declared.ts'
import type { Declared, DeclaredEntity } from './declared-entity.ts'
import { pathOf } from './entity-reading.ts'
import type { NamesInScope } from './policy-names.ts'

/** What each manifest of an account declares by itself, and all of it together. */
interface Collected {
  readonly parts: readonly DeclaredHere[]
  readonly entities: Declared['entities']
  /** Whether no name is declared twice. */
  readonly isUnique: boolean
}

interface NamedIn {
  readonly account: Account
  readonly entities: Declared['entities']
  readonly arns: NamesInScope['arns']
}

/**
 * Gathers the sections of all manifests of an account. Of the load before, what manifests declare whose trees are the same is
 * taken over; and all names, where those that aren't the same declare the same ones.
 */
class DeclaredCollection {
  readonly #kinds: ManifestKinds
  readonly #parts = new WeakMap<Located, DeclaredHere>()
  #last: Collected | null = null
  #arns: NamedIn | null = null

  constructor(kinds: ManifestKinds) {
    this.#kinds = kinds
  }

  isOf(kinds: ManifestKinds): boolean {
    return this.#kinds === kinds
  }

  collect(
    manifests: readonly string[],
    files: AccountFiles,
    report: (diagnostics: readonly Diagnostic[]) => void,
    reportOfManifest: (file: string, diagnostic: Diagnostic) => void,
  ): Declared {
    let isComplete = true
    const parts: DeclaredHere[] = []
    for (const file of manifests) {
      const roots = files.roots(file)
      if (roots === null) isComplete = false
      for (const root of roots ?? []) {
        const part = this.#partOf(root)
        parts.push(part)
        if (part.hasStrays) isComplete = false
        for (const diagnostic of part.ofManifest) reportOfManifest(root.file, diagnostic)
        report(part.diagnostics)
      }
    }
    const entities = this.#entitiesIn(parts, report)
    for (const { declared, problems } of parts.flatMap((part) => part.oddlyNamed))
      if (entities[declared.kind].get(declared.name) === declared) report(problems)
    const settings = new Map<SettingKind, LocatedEntry>()
    for (const [kind, entry] of parts.flatMap((part) => part.settings)) {
      const first = settings.get(kind)
      if (first === undefined) settings.set(kind, entry)
      else report([settingTwice(this.#kinds.settings[kind].facts.label, entry, first)])
    }
    const [organization = null, ...others] = parts.flatMap((part) => part.organizations)
    if (organization !== null) for (const entry of others) report([organizationTwice(entry, organization)])
    const resources = new Map<string, LocatedEntry>()
    for (const entry of parts.flatMap((part) => part.resources)) {
      const first = resources.get(entry.key)
      if (first === undefined) resources.set(entry.key, entry)
      else report([resourceTwice(entry, first)])
    }
    return {
      entities,
      settings,
      tests: parts.flatMap(({ tests }) => tests),
      invariants: parts.flatMap(({ invariants }) => invariants),
      organization,
      resources: [...resources.values()],
      isComplete,
    }
  }

  #partOf(root: Located): DeclaredHere {
    let part = this.#parts.get(root)
    if (part === undefined) {
      part = declaredIn(root, this.#kinds)
      this.#parts.set(root, part)
    }
    return part
  }

  #entitiesIn(
    parts: readonly DeclaredHere[],
    report: (diagnostics: readonly Diagnostic[]) => void,
  ): Declared['entities'] {
    const last = this.#last
    const replaced = last?.isUnique === true ? replacedIn(last.parts, parts) : null
    if (last !== null && replaced !== null) {
      const entities = tableOf(keysOf(last.entities), (kind) =>
        withReplaced(
          last.entities[kind],
          replaced.flatMap((each) => (each.kind === kind ? [[each.name, each] as const] : [])),
        ),
      )
      this.#last = { parts, entities, isUnique: true }
      return entities
    }
    const entities = tableOf(keysOf(this.#kinds.entities), () => new Map<string, DeclaredEntity>())
    /** `kind/name` in lowercase: names are unique whatever their case. */
    const places = new Map<string, DeclaredEntity>()
    let isUnique = true
    for (const declared of parts.flatMap((part) => part.entities)) {
      const { kind, name } = declared
      const place = `${kind}/${name.toLowerCase()}`
      const first = places.get(place)
      if (first === undefined) {
        places.set(place, declared)
        entities[kind].set(name, declared)
        continue
      }
      isUnique = false
      report([entityTwice(this.#labelOf(kind), declared, first)])
    }
    this.#last = { parts, entities, isUnique }
    return entities
  }

  /** The ARNs of what was collected last, by kind and name: the same maps, as long as nothing else is declared or elsewhere. */
  arnsIn(account: Account): NamesInScope['arns'] {
    const known = this.#arns
    const isSame = known?.account.id === account.id && known.account.partition === account.partition
    const collected = this.#last?.entities
    const arns = tableOf(keysOf(this.#kinds.entities), (kind) => {
      const { facts } = this.#kinds.entities[kind]
      const declared = collected?.[kind] ?? NOBODY
      const former = isSame ? known : null
      const replaced = former === null ? null : replacedBetween(former.entities[kind], declared)
      const arnOf = (name: string): readonly (readonly [string, string])[] => {
        const each = declared.get(name)
        const place = each === undefined ? null : placeIn(facts, each)
        return place === null ? [] : [[name, entityArn(account, place, place.path, place.name)]]
      }
      return former === null || replaced === null
        ? new Map([...declared.keys()].flatMap(arnOf))
        : withReplaced(former.arns[kind], replaced.flatMap(arnOf))
    })
    this.#arns = collected === undefined ? null : { account, entities: collected, arns }
    return arns
  }

  #labelOf(kind: EntityKind): string {
    return this.#kinds.entities[kind].facts.label
  }
}

/** Of what its ARN is made; null: nobody knows. */
const placeIn = (facts: EntityFacts, { name, node }: DeclaredEntity): KnownPlace | null =>
  facts.placeOf === undefined ? { arnType: facts.arnType, path: pathOf(node), name } : facts.placeOf(name)

const NOBODY: ReadonlyMap<string, DeclaredEntity> = new Map()

const collections = new WeakMap<LoadMemory, Map<string, DeclaredCollection>>()

/** What gathers an account's manifests, and knows those of the last load with a memory. */
export function collectionOf(memory: LoadMemory, account: string, kinds: ManifestKinds): DeclaredCollection {
  const byAccount = collections.get(memory) ?? new Map<string, DeclaredCollection>()
  collections.set(memory, byAccount)
  const known = byAccount.get(account)
  if (known?.isOf(kinds) === true) return known
  const collection = new DeclaredCollection(kinds)
  byAccount.set(account, collection)
  return collection
}

/** What later manifests declare anew under the same names; null: not all of the names are the same, one after the other. */
function replacedIn(
  earlier: readonly DeclaredHere[],
  later: readonly DeclaredHere[],
): readonly DeclaredEntity[] | null {
  if (earlier.length !== later.length) return null
  const replaced: DeclaredEntity[] = []
  for (const [nth, part] of later.entries()) {
    const former = earlier[nth]
    if (former === part) continue
    if (former?.entities.length !== part.entities.length) return null
    for (const [place, declared] of part.entities.entries()) {
      const before = former.entities[place]
      if (before?.name !== declared.name || before.kind !== declared.kind) return null
      replaced.push(declared)
    }
  }
  return replaced
}

function entityTwice(label: string, { name, nameSpan }: DeclaredEntity, first: DeclaredEntity): Diagnostic {
  const twice = `the ${label} \`${shorten(name)}\` is declared twice`
  return errorOf({
    code: 'manifest.duplicate',
    message: first.name === name ? twice : `${twice}: \`${shorten(first.name)}\` differs only in case`,
    help: 'declare it once, or give one of the two another name',
    span: nameSpan,
    related: [{ message: 'first declared here', span: first.nameSpan }],
  })
}

const settingTwice = (label: string, entry: LocatedEntry, first: LocatedEntry): Diagnostic =>
  errorOf({
    code: 'manifest.duplicate',
    message: `the ${label} is declared twice`,
    help: 'an account has one; declare it once',
    span: entry.keySpan,
    related: [{ message: 'first declared here', span: first.keySpan }],
  })

const organizationTwice = (entry: LocatedEntry, first: LocatedEntry): Diagnostic =>
  errorOf({
    code: 'manifest.duplicate',
    message: 'the organization is declared twice',
    help: 'a project has one; declare it once',
    span: entry.keySpan,
    related: [{ message: 'first declared here', span: first.keySpan }],
  })

const resourceTwice = (entry: LocatedEntry, first: LocatedEntry): Diagnostic =>
  errorOf({
    code: 'manifest.duplicate',
    message: `the resource \`${shorten(entry.key)}\` is declared twice`,
    help: 'declare it once',
    span: entry.keySpan,
    related: [{ message: 'first declared here', span: first.keySpan }],
  })
