import type { AccountState, PlacedDocument, PolicyStatement, PrincipalBlock } from '../model/index.ts'
import { statementsOf } from '../policy/canonical.ts'
import type { AccountDraft } from './step-effects.ts'

/**
 * A user that gets another path is the same user to those who trust it: IAM keeps its unique id, and shows its new ARN.
 * @see IAM User Guide, "AWS JSON policy elements: Principal"
 */
export function renameTrusted(draft: AccountDraft, observed: AccountState): void {
  const renamed = new Map<string, string>()
  for (const user of draft.users.values()) {
    const before = observed.users.get(user.name)
    if (before !== undefined && before.arn !== user.arn) renamed.set(before.arn, user.arn)
  }
  if (renamed.size === 0) return
  for (const role of draft.roles.values()) {
    const trustPolicy = withNewNames(role.trustPolicy, renamed)
    if (trustPolicy !== role.trustPolicy) draft.roles.set(role.name, { ...role, trustPolicy })
  }
}

function withNewNames(document: PlacedDocument, renamed: ReadonlyMap<string, string>): PlacedDocument {
  const statements = statementsOf(document.json)
  const changed = statements.map((statement): PolicyStatement => {
    const { Principal, NotPrincipal } = statement
    const principal = renamedIn(Principal, renamed)
    const others = renamedIn(NotPrincipal, renamed)
    if (principal === Principal && others === NotPrincipal) return statement
    return {
      ...statement,
      ...(principal === undefined ? {} : { Principal: principal }),
      ...(others === undefined ? {} : { NotPrincipal: others }),
    }
  })
  return changed.every((statement, index) => statement === statements[index])
    ? document
    : { ...document, json: { ...document.json, Statement: changed } }
}

function renamedIn<B extends PrincipalBlock | undefined>(block: B, renamed: ReadonlyMap<string, string>): B {
  if (typeof block !== 'object' || block.AWS === undefined) return block
  const entries = typeof block.AWS === 'string' ? [block.AWS] : block.AWS
  if (!entries.some((entry) => renamed.has(entry))) return block
  return { ...block, AWS: entries.map((entry) => renamed.get(entry) ?? entry) }
}
