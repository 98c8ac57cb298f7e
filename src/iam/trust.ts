import type { Account } from '../model/index.ts'
import { entityArn, type PolicyDocument, parseEntityArn } from '../model/index.ts'
import type { Reading } from './context.ts'
import type { CheckedDocument } from './documents.ts'
import { refused } from './refusals.ts'
import type { ResolvedTrustRow, TrustRow } from './store-port.ts'

/**
 * Binds each user and role of this account that a trust policy names to its unique id. Deleted and created again under
 * the same name, it is somebody else: the policy then shows the old id, and doesn't let the new one in.
 * @throws IamError MalformedPolicyDocument when one of them doesn't exist
 * @see IAM User Guide, "AWS JSON policy elements: Principal"
 */
export async function bindPrincipals(
  { account, rows }: Reading,
  document: CheckedDocument,
  roleId: string,
): Promise<readonly TrustRow[]> {
  const bindings = new Map<string, TrustRow>()
  for (const { principal } of document.parsed.statements) {
    for (const entry of principal?.entries ?? []) {
      const written = entry.kind === 'arn' ? entry.arn : entry.kind === 'uniqueId' ? entry.id : null
      if (written === null || bindings.has(written)) continue
      const id =
        entry.kind === 'uniqueId' ? await existingId(rows, written) : await idOfArn(rows, account, written)
      if (id === 'elsewhere') continue
      if (id === null)
        throw refused('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${written}"`)
      bindings.set(written, { roleId, written, principalId: id })
    }
  }
  return [...bindings.values()]
}

async function existingId(rows: Reading['rows'], id: string): Promise<string | null> {
  const row = await rows.identityById(id)
  return row === null || row.kind === 'group' ? null : row.id
}

/** Other accounts' principals, and sessions, can't be looked up here and stay as they are written. */
async function idOfArn(
  rows: Reading['rows'],
  account: Account,
  arn: string,
): Promise<string | null | 'elsewhere'> {
  const named = parseEntityArn(arn)
  if (named === null || named.account !== account.id) return 'elsewhere'
  if (named.kind !== 'user' && named.kind !== 'role') return null
  const row = await rows.identity(named.kind, named.name)
  return row !== null && row.path === named.path && named.partition === account.partition ? row.id : null
}

/**
 * The text of a stored trust policy as AWS shows it: a principal that is gone as its unique id, a renamed one under
 * its new ARN. Otherwise the text is as its author wrote it.
 */
export function showTrustPolicy(
  account: Account,
  text: string,
  bindings: readonly ResolvedTrustRow[],
): string {
  const shown = new Map<string, string>()
  for (const { written, principalId, current } of bindings) {
    const now = current === null ? principalId : entityArn(account, current.kind, current.path, current.name)
    if (now !== written) shown.set(written, now)
  }
  return shown.size === 0 ? text : JSON.stringify(renamePrincipals(JSON.parse(text) as PolicyDocument, shown))
}

function renamePrincipals(document: PolicyDocument, shown: ReadonlyMap<string, string>): unknown {
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
  const renamed = statements.map((statement) => {
    const copy: Record<string, unknown> = { ...statement }
    for (const element of ['Principal', 'NotPrincipal'])
      if (typeof copy[element] === 'object' && copy[element] !== null) {
        const block = copy[element] as Record<string, unknown>
        copy[element] = { ...block, AWS: renameEach(block.AWS, shown) }
        if (block.AWS === undefined) copy[element] = block
      }
    return copy
  })
  return { ...document, Statement: Array.isArray(document.Statement) ? renamed : renamed[0] }
}

function renameEach(value: unknown, shown: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((entry) => renameEach(entry, shown))
  return typeof value === 'string' ? (shown.get(value) ?? value) : value
}
