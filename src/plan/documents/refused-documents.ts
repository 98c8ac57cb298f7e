import {
  asWarning,
  type Diagnostic,
  errorOf,
  type Located,
  nodeAt,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import type { DesiredRole, PolicyDocument } from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import type { PlanInput } from '../plan-input.ts'
import type { ChangeDraft } from '../planning.ts'

/**
 * What is to be said of documents that IAM doesn't store: an error where a change writes one, before the first step; of
 * what stays as it is stored, a warning.
 */
export function refusedDocuments(
  { desired, observed, uniqueIds }: PlanInput,
  changes: readonly ChangeDraft[],
): readonly Diagnostic[] {
  const written = new Set(
    changes.flatMap(({ kind, name, details }) => details.map(({ path }) => `${kind}/${name} ${path}`)),
  )
  const ids = new Set(uniqueIds?.values())
  const told = (kind: string, name: string, path: string, diagnostics: readonly Diagnostic[]) =>
    written.has(`${kind}/${name} ${path}`) ? diagnostics : diagnostics.map(asWarning)
  return [
    ...(desired.refused ?? []).flatMap(({ kind, name, path, diagnostics }) =>
      told(kind, name, path, diagnostics),
    ),
    ...(uniqueIds === undefined
      ? []
      : [...desired.entities.role.values()].flatMap((role) =>
          told('role', role.name, 'trustPolicy', goneIn(role, ids, observed.account.id)),
        )),
  ]
}

/** Whom a role's trust policy names by an id that nobody of the account has. */
function goneIn(
  { trustPolicy: { json, located } }: DesiredRole,
  uniqueIds: ReadonlySet<string>,
  account: string,
): readonly Diagnostic[] {
  return uniqueIdsIn(json)
    .filter((id) => !uniqueIds.has(id))
    .map((id) =>
      errorOf({
        code: 'plan.principal-gone',
        message: `nobody in account ${account} has the unique id \`${id}\`, and IAM stores no trust in it`,
        help: 'an id is what AWS shows in place of a user or role that was deleted: name whoever is meant by ARN, or remove it',
        span: located === null ? null : placeOf(located, id),
      }),
    )
}

/** The unique ids of users and roles that a trust policy names. @see IAM User Guide, "IAM identifiers" */
export const uniqueIdsIn = (document: PolicyDocument): readonly string[] =>
  statementsOf(document).flatMap(({ Principal: principal }) => {
    const named = typeof principal === 'object' ? (principal.AWS ?? []) : []
    return [named].flat().filter((each) => /^A(?:ROA|IDA)[A-Z0-9]{12,124}$/.test(each))
  })

function placeOf(document: Located, text: string): Span | null {
  const statements = nodeAt(document, ['Statement'])
  const search = (node: Located): Span | null => {
    switch (node.kind) {
      case 'scalar':
        return node.value === text ? spanOf(node) : null
      case 'list':
        return firstOf(node.items)
      case 'map':
        return firstOf(node.entries.map(({ value }) => value))
    }
  }
  const firstOf = (nodes: readonly Located[]): Span | null => {
    for (const node of nodes) {
      const found = search(node)
      if (found !== null) return found
    }
    return null
  }
  return statements === null ? null : search(statements)
}
