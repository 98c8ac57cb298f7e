import type { ParsedDocuments } from '../../evaluator/estate/parsed-documents.ts'
import { Refusal } from '../../evaluator/estate/refusal.ts'
import {
  type AccountState,
  type IdentityState,
  isUnknown,
  type OrganizationPolicy,
  type PrincipalEntity,
  parseEntityArn,
  type StateDocument,
} from '../../model/index.ts'
import { contentOf } from './policy-content.ts'

/**
 * Tells principals whose policies, groups, boundary and tags are the same in two states of an account, by looking at what
 * they hold only: nothing is put together for them. Says no where it isn't sure.
 */
export class UnchangedPrincipals {
  readonly #documents: ParsedDocuments
  readonly #changedPolicies: ReadonlySet<string>
  /** By ARN. Of one that a single state has an account's own text of, nothing is known. */
  readonly #changedAwsPolicies: ReadonlySet<string>
  readonly #changedGroups: ReadonlySet<string>
  readonly #isBoundAlike: boolean

  constructor(before: AccountState, after: AccountState, documents: ParsedDocuments) {
    this.#documents = documents
    this.#isBoundAlike = isBoundAlike(before, after)
    this.#changedPolicies = changedNames(before.entities.policy, after.entities.policy, (a, b) =>
      this.#sameDocument(a.document, b.document),
    )
    this.#changedAwsPolicies = changedNames(before.awsPolicies ?? NONE, after.awsPolicies ?? NONE, (a, b) =>
      this.#sameDocument(a, b),
    )
    this.#changedGroups = changedNames(before.entities.group, after.entities.group, (a, b) =>
      this.#sameHoldings(a, b),
    )
  }

  isSame(a: PrincipalEntity, b: PrincipalEntity): boolean {
    if (!this.#isBoundAlike) return false
    if (!this.#sameHoldings(a, b) || a.permissionsBoundary !== b.permissionsBoundary) return false
    if (a.permissionsBoundary !== null && this.#isChangedPolicy(a.permissionsBoundary)) return false
    if (a.tags !== b.tags && !sameTexts(flat(a.tags), flat(b.tags))) return false
    if ('groups' in a && 'groups' in b)
      return (
        (a.groups === b.groups || sameTexts(a.groups, b.groups)) &&
        !a.groups.some((name) => this.#changedGroups.has(name))
      )
    return a.kind === b.kind
  }

  #sameHoldings(a: Holder, b: Holder): boolean {
    if (a.arn !== b.arn) return false
    if (a !== b) {
      if (!sameTexts(a.managedPolicies, b.managedPolicies) || a.inlinePolicies.size !== b.inlinePolicies.size)
        return false
      for (const [name, document] of a.inlinePolicies) {
        const other = b.inlinePolicies.get(name)
        if (other === undefined || !this.#sameDocument(document, other)) return false
      }
    }
    return !a.managedPolicies.some((arn) => this.#isChangedPolicy(arn))
  }

  #isChangedPolicy(arn: string): boolean {
    return (
      this.#changedAwsPolicies.has(arn) ||
      (this.#changedPolicies.size > 0 && this.#changedPolicies.has(parseEntityArn(arn)?.name ?? ''))
    )
  }

  #sameDocument(a: StateDocument, b: StateDocument): boolean {
    if (isUnknown(a) || isUnknown(b)) return isUnknown(a) && isUnknown(b) && a.text === b.text
    if (a.json === b.json || alike.get(a.json) === b.json) return true
    try {
      const [old, now] = [a, b].map((document) => this.#documents.identified('', document, 'identity').policy)
      const isSame = contentOf(old ?? null) === contentOf(now ?? null)
      if (isSame) alike.set(a.json, b.json)
      return isSame
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }
}

/** Documents that were found to say the same: a watcher's are the same ones again and again. */
const alike = new WeakMap<object, object>()

type Holder = IdentityState

const NONE: ReadonlyMap<string, StateDocument> = new Map()

/** Whether the same control policies bind everybody, where they aren't those of an organization. */
export const isBoundAlike = ({ controls: old }: AccountState, { controls: now }: AccountState): boolean =>
  old === now || JSON.stringify(old?.map(documentsOf)) === JSON.stringify(now?.map(documentsOf))

const documentsOf = (level: readonly OrganizationPolicy[]): readonly unknown[] =>
  level.map(({ name, document }) => [name, document.json])

const flat = (tags: ReadonlyMap<string, string>): readonly string[] =>
  [...tags].map(([key, value]) => `${key} ${value}`).sort()

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, index) => text === b[index]))

function changedNames<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  isSame: (a: T, b: T) => boolean,
): ReadonlySet<string> {
  const changed = new Set<string>()
  for (const [name, old] of before) {
    const now = after.get(name)
    if (now === undefined || !isSame(old, now)) changed.add(name)
  }
  for (const name of after.keys()) if (!before.has(name)) changed.add(name)
  return changed
}
