import { DEFAULT_QUOTAS } from '../catalog/quotas.ts'
import {
  type Diagnostic,
  entryOf,
  errorOf,
  type Located,
  type LocatedMap,
  nodeAt,
  type Span,
  spanOf,
  warningOf,
} from '../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  DEFAULT_MAX_SESSION_DURATION,
  type DesiredGroup,
  type DesiredPolicy,
  type DesiredRole,
  type DesiredUser,
  type PlacedDocument,
} from '../model/index.ts'
import type { QuotaName } from '../model/quotas.ts'
import { checkPolicySize, type SizedUse } from '../policy/size.ts'
import type { StoredKind } from '../policy/storage-rules.ts'
import { storedDocumentProblems } from '../policy/stored-document.ts'
import type { AccountFiles } from './account-files.ts'
import type { DeclaredUse } from './clean-nodes.ts'
import { isNothing } from './declared.ts'
import type { DeclaredEntity } from './declared-entity.ts'
import type { QuotaOverrides, RefusedDocument } from './desired.ts'
import { group, policy, role, user } from './entity-schema.ts'
import { withoutDocuments } from './entity-shape.ts'
import type { KeptEntities } from './kept-entities.ts'
import type { LoadMemory } from './load-memory.ts'
import { groupNameOf, type NamesInScope, policyArnOf, type Report } from './policy-names.ts'
import { droppedKeys, ODD_KEY, oddKeyError, schemaDiagnostics, shorten } from './schema-issues.ts'

/** What reading the entities of one account takes. */
export interface EntityContext {
  readonly names: NamesInScope
  readonly quotas: QuotaOverrides
  readonly files: Pick<AccountFiles, 'document'>
  readonly memory: LoadMemory
  readonly kept: KeptEntities
  readonly report: (diagnostics: readonly Diagnostic[]) => void
  /** Takes what IAM would not store. */
  readonly refuse: (document: RefusedDocument) => void
}

const SCHEMAS = { user, group, role, policy }

/** Reads one entity, unless it is known from an earlier load. One with a complaint, or in several files, is always read. */
export function readEntity(declared: DeclaredEntity, context: EntityContext): AnyDesiredEntity {
  const known = context.kept.find(declared)
  if (known !== null) return known
  let isToKeep = true
  const entity = read(declared, {
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
    },
  })
  if (isToKeep) context.kept.keep(declared, entity)
  return entity
}

/**
 * Structure is the schema's; what names stand for, documents and quotas are checked here.
 * Both are done even when the other finds errors, so that one run shows them all; a value of a wrong type,
 * which the schema has reported, is then passed over.
 */
function read(declared: DeclaredEntity, context: EntityContext): AnyDesiredEntity {
  const { kind, name, node } = declared
  context.report(
    context.memory.entity(node, kind, name, () => {
      // A user without any keys may stand there as `alice:`.
      const input = isNothing(node) ? {} : withoutDocuments(node)
      const checked = SCHEMAS[kind].safeParse(input)
      const oddKeys = [
        ...oddName(declared),
        ...droppedKeys([nodeAt(node, ['tags'])], 'the key of a tag'),
        ...droppedKeys([nodeAt(node, ['inlinePolicies'])], 'the name of an inline policy'),
      ]
      if (checked.success) return oddKeys
      const subject = { title: `${kind} \`${shorten(name)}\``, span: declared.nameSpan }
      return [...oddKeys, ...schemaDiagnostics(checked.error.issues, SCHEMAS[kind], node, subject)]
    }),
  )
  const reading = new Reading(declared, context)
  switch (kind) {
    case 'user':
      return reading.user()
    case 'group':
      return reading.group()
    case 'role':
      return reading.role()
    case 'policy':
      return reading.policy()
  }
}

/** IAM takes it; here it is refused wherever names are free, so that none of its places can lose it. */
const oddName = ({ kind, name, nameSpan }: DeclaredEntity): readonly Diagnostic[] =>
  name === ODD_KEY ? [oddKeyError(`the name of a ${kind}`, nameSpan)] : []

const NO_DOCUMENT: PlacedDocument = { json: { Statement: [] }, located: null }

class Reading {
  readonly #declared: DeclaredEntity
  readonly #context: EntityContext
  readonly #node: LocatedMap
  readonly #report: Report

  constructor(declared: DeclaredEntity, context: EntityContext) {
    this.#declared = declared
    this.#context = context
    const { node } = declared
    this.#node = node.kind === 'map' ? node : { kind: 'map', entries: [], ...spanOf(node) }
    this.#report = (diagnostic) => context.report([diagnostic])
  }

  user(): DesiredUser {
    return {
      kind: 'user',
      ...this.#entity(),
      ...this.#groups(),
      ...this.#managedPolicies('managedPoliciesPerUser'),
      ...this.#inlinePolicies('userInline', 'inlinePolicySizePerUser'),
      ...this.#permissionsBoundary(),
      ...this.#tags('tagsPerUser'),
    }
  }

  group(): DesiredGroup {
    return {
      kind: 'group',
      ...this.#entity(),
      ...this.#managedPolicies('managedPoliciesPerGroup'),
      ...this.#inlinePolicies('groupInline', 'inlinePolicySizePerGroup'),
    }
  }

  role(): DesiredRole {
    this.#warnOfReservedName()
    return {
      kind: 'role',
      ...this.#entity(),
      trustPolicy: this.#requiredDocument('trustPolicy', 'trust', 'trust', 'trustPolicySize'),
      ...this.#description(),
      ...this.#maxSessionDuration(),
      ...this.#managedPolicies('managedPoliciesPerRole'),
      ...this.#inlinePolicies('roleInline', 'inlinePolicySizePerRole'),
      ...this.#permissionsBoundary(),
      ...this.#tags('tagsPerRole'),
    }
  }

  policy(): DesiredPolicy {
    return {
      kind: 'policy',
      ...this.#entity(),
      document: this.#requiredDocument('document', 'managed', 'managed', 'managedPolicySize'),
      ...this.#description(),
      ...this.#tags('tagsPerPolicy'),
    }
  }

  #entity() {
    const { kind, name, nameSpan } = this.#declared
    return {
      name,
      path: pathOf(this.#node),
      arn: this.#context.names.arns[kind].get(name) ?? '',
      span: nameSpan,
      node: this.#node,
    }
  }

  /** @see IAM User Guide, "Create a service-linked role" */
  #warnOfReservedName(): void {
    const { name, nameSpan } = this.#declared
    if (!name.startsWith('AWSServiceRoleFor')) return
    this.#report(
      warningOf({
        code: 'manifest.reserved-name',
        message: `\`${shorten(name)}\` is named like a service-linked role, which AWS alone makes`,
        help: 'choose a name that does not begin with `AWSServiceRoleFor`',
        span: nameSpan,
      }),
    )
  }

  #value(key: string): Located | null {
    return entryOf(this.#node, key)?.value ?? null
  }

  /** The strings of a list with their places; null when it is absent, and the empty list for `null`. */
  #texts(key: string): readonly { readonly text: string; readonly span: Span }[] | null {
    const value = this.#value(key)
    if (value === null) return null
    if (value.kind !== 'list') return []
    return value.items.flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string'
        ? [{ text: item.value, span: spanOf(item) }]
        : [],
    )
  }

  #resolved(
    key: string,
    quota: QuotaName,
    resolve: (text: string, span: Span, names: NamesInScope, report: Report) => string | null,
    what: string,
  ): readonly string[] | null {
    const texts = this.#texts(key)
    if (texts === null) return null
    const found = new Set<string>()
    for (const { text, span } of texts) {
      const target = resolve(text, span, this.#context.names, this.#report)
      if (target !== null) found.add(target)
    }
    this.#checkCount(key, found.size, quota, what)
    return [...found]
  }

  #checkCount(key: string, count: number, quota: QuotaName, what: string): void {
    const allowed = this.#quota(quota)
    if (count <= allowed) return
    const { kind, name } = this.#declared
    this.#report(
      errorOf({
        code: 'manifest.quota',
        message: `${kind} \`${shorten(name)}\` has ${count} ${what}; at most ${allowed} are allowed`,
        help: QUOTA_HELP[quota] ?? 'remove some of them',
        span: entryOf(this.#node, key)?.keySpan ?? this.#declared.nameSpan,
      }),
    )
  }

  #quota(quota: QuotaName): number {
    return this.#context.quotas[quota] ?? DEFAULT_QUOTAS[quota]
  }

  #groups() {
    const groups = this.#resolved('groups', 'groupsPerUser', groupNameOf, 'groups')
    return groups === null ? {} : { groups }
  }

  #managedPolicies(quota: QuotaName) {
    const managedPolicies = this.#resolved('managedPolicies', quota, policyArnOf, 'managed policies')
    return managedPolicies === null ? {} : { managedPolicies }
  }

  #permissionsBoundary() {
    const value = this.#value('permissionsBoundary')
    if (value === null) return {}
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return { permissionsBoundary: null }
    return {
      permissionsBoundary: policyArnOf(value.value, spanOf(value), this.#context.names, this.#report),
    }
  }

  #description() {
    const value = this.#value('description')
    if (value === null || value.kind !== 'scalar') return {}
    return { description: typeof value.value === 'string' && value.value !== '' ? value.value : null }
  }

  #maxSessionDuration() {
    const value = this.#value('maxSessionDuration')
    if (value === null || value.kind !== 'scalar') return {}
    return {
      maxSessionDuration: typeof value.value === 'number' ? value.value : DEFAULT_MAX_SESSION_DURATION,
    }
  }

  #tags(quota: QuotaName) {
    const value = this.#value('tags')
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

  #inlinePolicies(use: SizedUse, quota: QuotaName) {
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

  #requiredDocument(key: string, kind: StoredKind, sized: SizedUse, quota: QuotaName): PlacedDocument {
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
