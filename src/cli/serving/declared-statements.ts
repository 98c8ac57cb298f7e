import { join } from 'node:path'
import { declaredState } from '../../checks/declared-state.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import type { FindStatement } from '../../iam/authorization/denial-messages.ts'
import type { Project, ProjectAccount } from '../../manifest/desired.ts'
import {
  type AnyEntityState,
  isUnknown,
  type Organization,
  type OrganizationNode,
  type PlacedDocument,
  type PolicyDocument,
  parseEntityArn,
  type StateDocument,
} from '../../model/index.ts'
import { canonicalStatement, sameDocument, statementsOf } from '../../policy/canonical.ts'
import { statementSpan } from '../../report/decisions/evaluation.ts'
import { readRegularFile } from '../../source/regular-file.ts'

type Denying = Parameters<FindStatement>[0]

/**
 * Where the statements of a project stand. INVARIANT: a place is named only while the account's policy says what the declared one
 * says, and the file is what was read when the project was: a wrong line is worse than none.
 */
export function declaredStatements(
  folder: string,
  { project, account, texts }: OpenedProject,
): FindStatement {
  const { desired } = account
  const state = desired === null ? null : declaredState(desired)
  const declaredDocument = (denying: Denying): StateDocument | null => {
    const { layer, owner } = denying
    if (layer === 'scp' || layer === 'rcp') return controlPolicy(project.organization, layer, owner)
    const named = parseEntityArn(owner)
    const entity = named === null ? undefined : state?.entities[named.kind].get(named.name)
    return entity?.arn === owner ? documentIn(entity, denying) : null
  }
  return (denying, statement) => {
    const document = declaredDocument(denying)
    if (document === null || isUnknown(document)) return null
    const index = declaredIndex(document, denying.text, statement, account.account)
    const span = index === null ? null : statementSpan(document, index)
    const start = span === null ? null : texts.positionAt(span.file, span.start)
    if (span === null || start === null || !isAsRead(folder, span.file, texts)) return null
    return { file: span.file, line: start.line }
  }
}

interface OpenedProject {
  readonly project: Pick<Project, 'organization'>
  readonly account: ProjectAccount
  readonly texts: SourceTexts
}

function documentIn(entity: AnyEntityState, { layer, inline }: Denying): StateDocument | null {
  if (inline !== null) return 'inlinePolicies' in entity ? (entity.inlinePolicies.get(inline) ?? null) : null
  if (layer === 'resource') return 'trustPolicy' in entity ? entity.trustPolicy : null
  return 'document' in entity ? entity.document : null
}

/** @returns null when no policy has the name, or several do */
function controlPolicy(
  organization: Organization | null,
  layer: 'scp' | 'rcp',
  name: string,
): PlacedDocument | null {
  const found = new Set<PlacedDocument>()
  const visit = (node: OrganizationNode): void => {
    const policies = layer === 'scp' ? node.serviceControlPolicies : node.resourceControlPolicies
    for (const policy of policies) if (policy.name === name) found.add(policy.document)
    for (const child of node.children) visit(child)
  }
  if (organization !== null) visit(organization.root)
  const [only = null] = found
  return found.size === 1 ? only : null
}

/**
 * The number that a statement has where it is declared: the account may keep them in another order.
 * @param text of the account's document; null: it is the declared one
 * @returns null when the documents differ, or several statements say the same
 */
function declaredIndex(
  { json }: PlacedDocument,
  text: string | null,
  statement: number,
  account: ProjectAccount['account'],
): number | null {
  if (text === null) return statement
  const stored = JSON.parse(text) as PolicyDocument
  const denying = statementsOf(stored)[statement]
  if (denying === undefined || !sameDocument(stored, json, account)) return null
  const said = canonicalStatement(denying, account)
  const alike = statementsOf(json).flatMap((each, index) =>
    canonicalStatement(each, account) === said ? [index] : [],
  )
  return alike.length === 1 ? (alike[0] ?? null) : null
}

function isAsRead(folder: string, file: string, texts: SourceTexts): boolean {
  try {
    const text = readRegularFile(join(folder, file), 'refused').toString('utf8')
    return text.replace(/^\uFEFF/, '') === texts.text(file)
  } catch {
    return false
  }
}
