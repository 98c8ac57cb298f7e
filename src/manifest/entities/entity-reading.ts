import { DEFAULT_QUOTAS } from '../../catalog/quotas.ts'
import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  plainOf,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import type { PlacedDocument, PlacedSecret } from '../../model/index.ts'
import type { EntityFacts } from '../../model/kind-facts.ts'
import type { QuotaName } from '../../model/quotas.ts'
import { checkPolicySize, policySize, type SizedUse } from '../../policy/size.ts'
import type { StoredKind } from '../../policy/storage-rules.ts'
import { storedDocumentProblems } from '../../policy/stored-document.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { LoadMemory } from '../cache/load-memory.ts'
import type { DeclaredUse } from '../cache/passed-checks.ts'
import type { QuotaOverrides, RefusedDocument } from '../desired.ts'
import type { AccountFiles, TextInPlace } from '../project/account-files.ts'
import type { DeclaredEntity } from './declared-entity.ts'
import type { KeptEntities } from './entities-of-last-load.ts'
import { type NamesInScope, policyArnOf, type Report } from './policy-names.ts'
import { readSecretSource } from './secret-sources.ts'

/** What reading the entities of one account takes. */
export interface EntityContext {
  readonly names: NamesInScope
  readonly quotas: QuotaOverrides
  readonly files: Pick<AccountFiles, 'document' | 'text'>
  readonly memory: LoadMemory
  readonly kept: KeptEntities
  readonly report: (diagnostics: readonly Diagnostic[]) => void
  /** Takes what IAM would not store. */
  readonly refuse: (document: RefusedDocument) => void
}

const NO_DOCUMENT: PlacedDocument = { json: { Statement: [] }, located: null }

/** Reads what an entity declares. Only what it declares: an attribute that is absent is left out. */
export class EntityReading {
  readonly #declared: DeclaredEntity
  readonly #facts: EntityFacts
  readonly #context: EntityContext
  readonly #node: LocatedMap
  readonly #report: Report

  constructor(declared: DeclaredEntity, facts: EntityFacts, context: EntityContext) {
    this.#declared = declared
    this.#facts = facts
    this.#context = context
    const { node } = declared
    this.#node = node.kind === 'map' ? node : { kind: 'map', entries: [], ...spanOf(node) }
    this.#report = (diagnostic) => context.report([diagnostic])
  }

  /** What every entity has beside its attributes. */
  entity() {
    const { kind, name, nameSpan } = this.#declared
    return {
      name,
      arn: this.#context.names.arns[kind].get(name) ?? '',
      span: nameSpan,
      node: this.#node,
    }
  }

  /** Of which its ARN is made, too. */
  place() {
    return { path: pathOf(this.#node) }
  }

  /** The name, where it is declared. */
  get name(): { readonly text: string; readonly span: Span } {
    return { text: this.#declared.name, span: this.#declared.nameSpan }
  }

  /** What is declared under a key, each by its name; null: nothing is said of any. */
  entries(key: string): readonly LocatedEntry[] | null {
    const value = this.value(key)
    if (value === null) return null
    return value.kind === 'map' ? value.entries : []
  }

  report(diagnostic: Diagnostic): void {
    this.#report(diagnostic)
  }

  /** What stands under a key of it; null: it isn't there. */
  value(key: string): Located | null {
    return entryOf(this.#node, key)?.value ?? null
  }

  /** The strings of a list with their places; null when it is absent, and the empty list for `null`. */
  #texts(key: string): readonly { readonly text: string; readonly span: Span }[] | null {
    const value = this.value(key)
    if (value === null) return null
    if (value.kind !== 'list') return []
    return value.items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string'
        ? [{ text: item.value, span: spanOf(item) }]
        : [],
    )
  }

  /**
   * What a list of names stands for, without duplicates.
   * @param quota how many there may be; null: the schema says so
   * @param what several of them are called
   */
  references<N extends string>(
    key: N,
    quota: QuotaName | null,
    resolve: (text: string, span: Span, names: NamesInScope, report: Report) => string | null,
    what: string,
  ): Partial<Record<N, readonly string[]>> {
    const texts = this.#texts(key)
    if (texts === null) return {}
    const found = new Set<string>()
    for (const { text, span } of texts) {
      const target = resolve(text, span, this.#context.names, this.#report)
      if (target !== null) found.add(target)
    }
    if (quota !== null) this.#checkCount(key, found.size, quota, what)
    return only(key, [...found])
  }

  /** A list of names, as they are written: what they stand for is told once all is read. */
  names<N extends string>(key: N): Partial<Record<N, readonly string[]>> {
    const texts = this.#texts(key)
    return texts === null ? {} : only(key, [...new Set(texts.map(({ text }) => text))])
  }

  /** What a text stands for; null: nothing, which is reported. */
  resolved(
    text: string,
    span: Span,
    resolve: (text: string, span: Span, names: NamesInScope, report: Report) => string | null,
  ): string | null {
    return resolve(text, span, this.#context.names, this.#report)
  }

  /** What a single name stands for; `null` means none. */
  reference<N extends string>(
    key: N,
    resolve: (text: string, span: Span, names: NamesInScope, report: Report) => string | null,
  ): Partial<Record<N, string | null>> {
    const value = this.value(key)
    if (value === null || value.kind !== 'scalar') return {}
    return only(
      key,
      typeof value.value === 'string'
        ? resolve(value.value, spanOf(value), this.#context.names, this.#report)
        : null,
    )
  }

  /**
   * A list of texts, each once.
   * @param spelled how each is kept
   */
  texts<N extends string>(
    key: N,
    quota: QuotaName,
    what: string,
    spelled: (text: string) => string = (text) => text,
  ): Partial<Record<N, readonly string[]>> {
    const texts = this.#texts(key)
    if (texts === null) return {}
    const found = [...new Set(texts.map(({ text }) => spelled(text)))]
    this.#checkCount(key, found.length, quota, what)
    return only(key, found)
  }

  isAbsent(key: string): boolean {
    return this.value(key) === null
  }

  /** A text, or the one in the file that `{ file: … }` names; null: there is none, which is reported, here or by the schema. */
  textOrFile(key: string): TextInPlace | null {
    const value = this.value(key)
    return value === null ? null : this.textOf(value)
  }

  /** The same of a value that stands further down. */
  textOf(value: Located): TextInPlace | null {
    return this.#context.files.text(value)
  }

  #checkCount(key: string, count: number, quota: QuotaName, what: string): void {
    const allowed = this.#quota(quota)
    if (count <= allowed) return
    const { name } = this.#declared
    this.#report(
      errorOf({
        code: 'manifest.quota',
        message: `${this.#facts.label} \`${shorten(name)}\` has ${count} ${what}; at most ${allowed} are allowed`,
        help: QUOTA_HELP[quota] ?? 'remove some of them',
        span: entryOf(this.#node, key)?.keySpan ?? this.#declared.nameSpan,
      }),
    )
  }

  #quota(quota: QuotaName): number {
    return this.#context.quotas[quota] ?? DEFAULT_QUOTAS[quota]
  }

  managedPolicies(quota: QuotaName) {
    return this.references('managedPolicies', quota, policyArnOf, 'managed policies')
  }

  permissionsBoundary() {
    const value = this.value('permissionsBoundary')
    if (value === null) return {}
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return { permissionsBoundary: null }
    return {
      permissionsBoundary: policyArnOf(value.value, spanOf(value), this.#context.names, this.#report),
    }
  }

  description() {
    const value = this.value('description')
    if (value === null || value.kind !== 'scalar') return {}
    return { description: typeof value.value === 'string' && value.value !== '' ? value.value : null }
  }

  /** @param none what a declared `null` means */
  number<N extends string>(key: N, none: number): Partial<Record<N, number>> {
    const value = this.value(key)
    if (value === null || value.kind !== 'scalar') return {}
    return only(key, typeof value.value === 'number' ? value.value : none)
  }

  /** `null` = no. */
  flag<N extends string>(key: N): Partial<Record<N, boolean>> {
    const value = this.value(key)
    return value?.kind === 'scalar' && typeof value.value === 'boolean' ? only(key, value.value) : {}
  }

  /** Where a secret comes from; what is none is reported. */
  secretSource<N extends string>(key: N): Partial<Record<N, PlacedSecret>> {
    const value = this.value(key)
    const placed = value === null ? null : readSecretSource(value, this.#report)
    return placed === null ? {} : only(key, placed)
  }

  tags(quota: QuotaName) {
    const value = this.value('tags')
    if (value === null) return {}
    const tags = new Map<string, string>()
    const places = new Map<string, Span>()
    for (const { key, keySpan, value: tag } of value.kind === 'map' ? value.entries : []) {
      if (tag.kind === 'scalar' && typeof tag.value === 'string') tags.set(key, tag.value)
      const first = places.get(key.toLowerCase())
      if (first === undefined) places.set(key.toLowerCase(), keySpan)
      else
        this.#report(
          errorOf({
            code: 'manifest.duplicate-tag',
            message: `the tag \`${shorten(key)}\` is there twice: IAM ignores the case of tag keys`,
            help: 'remove one of the two',
            span: keySpan,
            related: [{ message: 'first here', span: first }],
          }),
        )
    }
    this.#checkCount('tags', tags.size, quota, 'tags')
    return { tags }
  }

  inlinePolicies(use: SizedUse, quota: QuotaName) {
    const entry = entryOf(this.#node, 'inlinePolicies')
    if (entry === null) return {}
    const inlinePolicies = new Map<string, PlacedDocument>()
    for (const { key, value } of entry.value.kind === 'map' ? entry.value.entries : []) {
      const placed = this.#document(value, 'inline', `inlinePolicies.${key}`)
      if (placed !== null) inlinePolicies.set(key, placed)
    }
    if (inlinePolicies.size > 0) {
      const documents = [...inlinePolicies.values()].map(({ json }) => json)
      const tooLarge = checkPolicySize(use, documents, spanOf(entry.keySpan), this.#quota(quota))
      if (tooLarge !== null) this.#report(tooLarge)
    }
    return { inlinePolicies }
  }

  /** Inline policies that are made here: none is declared under such a name, and all together have room. */
  checkGenerated(generated: ReadonlyMap<string, PlacedDocument>): void {
    const entry = entryOf(this.#node, 'inlinePolicies')
    const own = entry?.value.kind === 'map' ? entry.value.entries : []
    for (const { key, keySpan } of own)
      if (generated.has(key))
        this.#report(
          errorOf({
            code: 'manifest.reserved-policy',
            message: `\`${key}\` is the name of a policy that is generated for ${this.#facts.label} \`${shorten(this.#declared.name)}\``,
            help: 'give it another name',
            span: keySpan,
          }),
        )
    const documents = own.flatMap(({ value }) => this.#context.files.document(value) ?? [])
    const size =
      documents.reduce((sum, each) => sum + JSON.stringify(plainOf(each)).length, 0) +
      [...generated.values()].reduce((sum, { json }) => sum + policySize(json), 0)
    const most = this.#quota('inlinePolicySizePerUser')
    if (size > most)
      this.#report(
        errorOf({
          code: 'policy.too-large',
          message: `with what is generated, the inline policies of ${this.#facts.label} \`${shorten(this.#declared.name)}\` have ${size} characters without white space, not ${most}`,
          help: 'move statements to a managed policy',
          span: entry?.keySpan ?? this.#declared.nameSpan,
        }),
      )
  }

  requiredDocument(key: string, kind: StoredKind, sized: SizedUse, quota: QuotaName): PlacedDocument {
    const entry = entryOf(this.#node, key)
    const placed = entry === null ? null : this.#document(entry.value, kind, key)
    if (entry === null || placed === null) return NO_DOCUMENT
    const tooLarge = checkPolicySize(sized, [placed.json], spanOf(entry.keySpan), this.#quota(quota))
    if (tooLarge !== null) this.#report(tooLarge)
    return placed
  }

  /** @param path as the details of a plan call it */
  #document(value: Located, kind: StoredKind, path: string): PlacedDocument | null {
    const located = this.#context.files.document(value)
    if (located === null) return null
    const use: DeclaredUse = kind === 'trust' ? 'trust' : 'identity'
    const { placed, diagnostics, refusals } = this.#context.memory.document(located, use)
    const { partition } = this.#context.names.account
    const refused = [...refusals, ...storedDocumentProblems(placed.json, located, kind, partition)]
    this.#context.report(diagnostics.filter((each) => !refusals.has(each)))
    if (refused.length > 0)
      this.#context.refuse({
        kind: this.#declared.kind,
        name: this.#declared.name,
        path,
        diagnostics: refused,
      })
    return placed
  }
}

const QUOTA_HELP: Readonly<Partial<Record<QuotaName, string>>> = {
  groupsPerUser: 'join groups, or attach their policies to fewer of them',
  managedPoliciesPerUser: 'join policies, or attach them to a group of the user',
  managedPoliciesPerGroup: 'join policies',
  managedPoliciesPerRole: 'join policies, or use inline policies',
}

/** The path as it is declared; a malformed one is reported by the schema. */
export function pathOf(node: Located): string {
  const value = entryOf(node, 'path')?.value
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : '/'
}

/** An object of one field. */
const only = <N extends string, V>(key: N, value: V): Partial<Record<N, V>> =>
  // A computed key widens to any string; there is no other in it.
  ({ [key]: value }) as Partial<Record<N, V>>
