import {
  type AccountState,
  isUnknown,
  type OneOrMany,
  type PolicyDocument,
  type PolicyStatement,
  type PrincipalBlock,
  type StateDocument,
} from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import type { AccountDraft } from '../steps/carry-out.ts'

/**
 * A user that gets another path is the same user to those who trust it: IAM keeps its unique id, and shows its new ARN.
 * @see IAM User Guide, "AWS JSON policy elements: Principal"
 */
export function renameTrusted(draft: AccountDraft, observed: AccountState): void {
  const renamed = new Map<string, string>()
  for (const user of draft.entities.user.values()) {
    const before = observed.entities.user.get(user.name)
    if (before !== undefined && before.arn !== user.arn) renamed.set(before.arn, user.arn)
  }
  if (renamed.size === 0) return
  for (const role of draft.entities.role.values()) {
    const trustPolicy = withNewNamesIn(role.trustPolicy, renamed)
    if (trustPolicy !== role.trustPolicy) draft.entities.role.set(role.name, { ...role, trustPolicy })
  }
}

/** @returns the same document if it names none of them, or nobody can tell */
export function withNewNamesIn(document: StateDocument, renamed: ReadonlyMap<string, string>): StateDocument {
  if (isUnknown(document)) return document
  const json = withNewNames(document.json, renamed)
  return json === document.json ? document : { ...document, json }
}

/** @returns the same document if it names none of them */
export const withNewNames = (
  document: PolicyDocument,
  renamed: ReadonlyMap<string, string>,
): PolicyDocument =>
  withPrincipals(document, (entries) =>
    entries.some((entry) => renamed.has(entry))
      ? entries.map((entry) => renamed.get(entry) ?? entry)
      : entries,
  )

/**
 * Puts other users and roles in place of those that a document names; `change` is given each list of them. What was no
 * list stays none.
 */
export function withPrincipals(
  document: PolicyDocument,
  change: (entries: readonly string[]) => readonly string[],
): PolicyDocument {
  const statements = statementsOf(document)
  const changed = statements.map((statement): PolicyStatement => {
    const { Principal, NotPrincipal } = statement
    const principal = changedIn(Principal, change)
    const others = changedIn(NotPrincipal, change)
    if (principal === Principal && others === NotPrincipal) return statement
    return {
      ...statement,
      ...(principal === undefined ? {} : { Principal: principal }),
      ...(others === undefined ? {} : { NotPrincipal: others }),
    }
  })
  return changed.every((statement, index) => statement === statements[index])
    ? document
    : { ...document, Statement: likeBefore(document.Statement, changed) }
}

function changedIn<B extends PrincipalBlock | undefined>(
  block: B,
  change: (entries: readonly string[]) => readonly string[],
): B {
  if (typeof block !== 'object' || block === null || block.AWS === undefined) return block
  const entries = typeof block.AWS === 'string' ? [block.AWS] : block.AWS
  const changed = change(entries)
  return changed === entries ? block : { ...block, AWS: likeBefore(block.AWS, changed) }
}

/** A list of one as that one, where no list stood. */
function likeBefore<T>(before: OneOrMany<T>, changed: readonly T[]): OneOrMany<T> {
  const [only] = changed
  return Array.isArray(before) || changed.length !== 1 || only === undefined ? changed : only
}
