import type { ParsedDocuments } from '../../evaluator/estate/parsed-documents.ts'
import { Refusal } from '../../evaluator/estate/refusal.ts'
import {
  type AccountState,
  type IdentityState,
  isUnknown,
  type OrganizationPolicy,
  type PrincipalEntity,
  type PrincipalEntityKind,
  parseEntityArn,
  type StateDocument,
} from '../../model/index.ts'
import { contentOf } from './policy-content.ts'
import { UnlikeEntries } from './unlike-entries.ts'

/**
 * Tells principals whose policies, groups, boundary and tags are the same in two states of an account, by looking at what they
 * hold only: nothing is put together for them. Says no where it isn't sure.
 */
export class UnchangedPrincipals {
  readonly #before: AccountState
  readonly #after: AccountState
  readonly #alone: Alone
  readonly #changedPolicies: ReadonlySet<string>
  /** By ARN. Of one that a single state has an account's own text of, nothing is known. */
  readonly #changedAwsPolicies: ReadonlySet<string>
  readonly #changedGroups: ReadonlySet<string>
  readonly #isBoundAlike: boolean

  constructor(before: AccountState, after: AccountState, documents: ParsedDocuments) {
    this.#before = before
    this.#after = after
    this.#alone = aloneWith(documents)
    this.#isBoundAlike = isBoundAlike(before, after)
    this.#changedPolicies = this.#alone.policies.between(before.entities.policy, after.entities.policy)
    this.#changedAwsPolicies = this.#alone.documents.between(
      before.awsPolicies ?? NONE,
      after.awsPolicies ?? NONE,
    )
    this.#changedGroups = this.#withHolders(
      this.#alone.groups.between(before.entities.group, after.entities.group),
      before.entities.group,
      NOBODY,
    )
  }

  /** The names of a kind's principals that aren't the same, came or went. */
  unlike(kind: PrincipalEntityKind): ReadonlySet<string> {
    const [before, after] = [this.#before.entities[kind], this.#after.entities[kind]]
    if (!this.#isBoundAlike) return new Set([...after.keys(), ...before.keys()])
    const unlike = this.#alone.principals.between(before, after)
    return this.#withHolders(unlike, before, this.#changedGroups)
  }

  /** With those who hold the same in both states, which isn't the same itself. */
  #withHolders(
    unlike: ReadonlySet<string>,
    before: ReadonlyMap<string, IdentityState>,
    groups: ReadonlySet<string>,
  ): ReadonlySet<string> {
    if (this.#changedPolicies.size + this.#changedAwsPolicies.size + groups.size === 0) return unlike
    const { byPolicy, byGroup } = holdersIn(before)
    const all = new Set(unlike)
    for (const [arn, names] of byPolicy)
      if (this.#isChangedPolicy(arn)) for (const name of names) all.add(name)
    for (const group of groups) for (const name of byGroup.get(group) ?? []) all.add(name)
    return all
  }

  #isChangedPolicy(arn: string): boolean {
    return (
      this.#changedAwsPolicies.has(arn) ||
      (this.#changedPolicies.size > 0 && this.#changedPolicies.has(parseEntityArn(arn)?.name ?? ''))
    )
  }
}

interface HeldBy {
  readonly byPolicy: ReadonlyMap<string, readonly string[]>
  readonly byGroup: ReadonlyMap<string, readonly string[]>
}

/** By what is observed, which isn't modified, the names of who holds a policy, be it as a boundary, or is in a group. */
const holders = new WeakMap<ReadonlyMap<string, IdentityState>, HeldBy>()

function holdersIn(entities: ReadonlyMap<string, IdentityState>): HeldBy {
  const known = holders.get(entities)
  if (known !== undefined) return known
  const [byPolicy, byGroup] = [new Map<string, string[]>(), new Map<string, string[]>()]
  const add = (index: Map<string, string[]>, key: string, name: string) => {
    const names = index.get(key)
    if (names === undefined) index.set(key, [name])
    else names.push(name)
  }
  for (const entity of entities.values()) {
    for (const arn of entity.managedPolicies) add(byPolicy, arn, entity.name)
    if ('permissionsBoundary' in entity && entity.permissionsBoundary !== null)
      add(byPolicy, entity.permissionsBoundary, entity.name)
    if ('groups' in entity) for (const group of entity.groups) add(byGroup, group, entity.name)
  }
  const found = { byPolicy, byGroup }
  holders.set(entities, found)
  return found
}

/** What differs by itself, whatever becomes of what it names. */
class Alone {
  readonly #parsed: ParsedDocuments
  readonly documents = new UnlikeEntries<StateDocument>((a, b) => this.#sameDocument(a, b))
  readonly policies = new UnlikeEntries<{ readonly document: StateDocument }>((a, b) =>
    this.#sameDocument(a.document, b.document),
  )
  readonly groups = new UnlikeEntries<IdentityState>((a, b) => this.#sameHoldings(a, b))
  readonly principals = new UnlikeEntries<PrincipalEntity>((a, b) => this.#sameAlone(a, b))

  constructor(parsed: ParsedDocuments) {
    this.#parsed = parsed
  }

  #sameAlone(a: PrincipalEntity, b: PrincipalEntity): boolean {
    if (!this.#sameHoldings(a, b) || a.permissionsBoundary !== b.permissionsBoundary) return false
    if (a.tags !== b.tags && !sameTexts(flat(a.tags), flat(b.tags))) return false
    if ('groups' in a && 'groups' in b) return sameTexts(a.groups, b.groups)
    return a.kind === b.kind
  }

  #sameHoldings(a: IdentityState, b: IdentityState): boolean {
    if (a.arn !== b.arn || !sameTexts(a.managedPolicies, b.managedPolicies)) return false
    if (a.inlinePolicies.size !== b.inlinePolicies.size) return false
    for (const [name, document] of a.inlinePolicies) {
      const other = b.inlinePolicies.get(name)
      if (other === undefined || !this.#sameDocument(document, other)) return false
    }
    return true
  }

  #sameDocument(a: StateDocument, b: StateDocument): boolean {
    if (isUnknown(a) || isUnknown(b)) return isUnknown(a) && isUnknown(b) && a.text === b.text
    if (a.json === b.json) return true
    try {
      const [old, now] = [a, b].map((document) => this.#parsed.identified('', document, 'identity').policy)
      return contentOf(old ?? null) === contentOf(now ?? null)
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }
}

const alone = new WeakMap<ParsedDocuments, Alone>()

function aloneWith(documents: ParsedDocuments): Alone {
  const known = alone.get(documents) ?? new Alone(documents)
  alone.set(documents, known)
  return known
}

const NONE: ReadonlyMap<string, StateDocument> = new Map()
const NOBODY: ReadonlySet<string> = new Set()

/** Whether the same control policies bind everybody, where they aren't those of an organization. */
export const isBoundAlike = (old: AccountState, now: AccountState): boolean =>
  areAlike(old.controls, now.controls) && areAlike(old.resourceControls, now.resourceControls)

const areAlike = (old: AccountState['controls'], now: AccountState['controls']): boolean =>
  old === now || JSON.stringify(old?.map(documentsOf)) === JSON.stringify(now?.map(documentsOf))

const documentsOf = (level: readonly OrganizationPolicy[]): readonly unknown[] =>
  level.map(({ name, document }) => [name, document.json])

const flat = (tags: ReadonlyMap<string, string>): readonly string[] =>
  [...tags].map(([key, value]) => `${key} ${value}`).sort()

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, index) => text === b[index]))
