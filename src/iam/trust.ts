import {
  ENTITIES,
  entityArn,
  isPrincipalEntityKind,
  type PolicyDocument,
  parseEntityArn,
} from '../model/index.ts'
import type { Reading } from './context.ts'
import type { CheckedDocument } from './documents.ts'
import { refused } from './refusals.ts'
import type { LinkRow } from './store-port.ts'

/**
 * Binds each user and role that a trust policy names to its unique id. Deleted and created again under the same name,
 * it is somebody else: the policy then shows the old id, and doesn't let the new one in.
 *
 * Those of other accounts as far as these can be asked; one whose account can't be asked stays a mere name.
 * @throws IamError MalformedPolicyDocument when one doesn't exist
 * @see IAM User Guide, "AWS JSON policy elements: Principal"
 */
export async function bindPrincipals(
  reading: Reading,
  document: CheckedDocument,
): Promise<readonly Pick<LinkRow, 'target' | 'label'>[]> {
  const bindings = new Map<string, Pick<LinkRow, 'target' | 'label'>>()
  for (const { principal } of document.parsed.statements) {
    for (const entry of principal?.entries ?? []) {
      const written = entry.kind === 'arn' ? entry.arn : entry.kind === 'uniqueId' ? entry.id : null
      if (written === null || bindings.has(written)) continue
      const id =
        entry.kind === 'uniqueId' ? await existingId(reading.rows, written) : await idOfArn(reading, written)
      if (id === 'unknown') continue
      if (id === null)
        throw refused('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${written}"`)
      bindings.set(written, { target: id, label: written })
    }
  }
  return [...bindings.values()]
}

async function existingId(rows: Reading['rows'], id: string): Promise<string | null> {
  const row = await rows.entityById(id)
  return row !== null && isPrincipalEntityKind(row.kind) ? row.id : null
}

/** Sessions, and principals of accounts that can't be asked, stay as they are written. */
async function idOfArn(
  { rows, account, elsewhere }: Reading,
  arn: string,
): Promise<string | null | 'unknown'> {
  const named = parseEntityArn(arn)
  if (named === null) return 'unknown'
  if (named.account !== account.id) return elsewhere.idOf(arn)
  if (!isPrincipalEntityKind(named.kind)) return null
  const row = await rows.entity(named.kind, named.name)
  return row !== null && row.path === named.path && named.partition === account.partition ? row.id : null
}

/** How a principal that stands in a trust policy is shown by now. */
interface ShownPrincipal {
  readonly written: string
  /** Of one that is gone the unique id, of a renamed one the new ARN. */
  readonly shown: string
}

/** Of each role the text of its trust policy, as AWS shows it. */
export async function trustPolicies(
  reading: Reading,
  roleIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const principals = await boundPrincipals(reading, roleIds)
  const documents = await reading.rows.documents(roleIds, 'trust')
  return new Map(
    documents.map(({ ownerId, text }) => [ownerId, showTrustPolicy(text, principals.get(ownerId))]),
  )
}

/** For each role, the principals that its trust policy is bound to. */
async function boundPrincipals(
  { account, rows, elsewhere }: Reading,
  roleIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ShownPrincipal[]>> {
  const byRole = new Map<string, ShownPrincipal[]>()
  const asked = new Map<string, string>()
  const shownElsewhere = async (
    owner: string,
    { label: written, target: principalId }: LinkRow,
  ): Promise<string> => {
    const key = `${written} ${principalId}`
    const known = asked.get(key)
    if (known !== undefined) return known
    const now = await elsewhere.arnOf(owner, principalId)
    const shown = now === 'unknown' ? written : (now ?? principalId)
    asked.set(key, shown)
    return shown
  }
  for (const row of await rows.resolvedLinks(roleIds, 'trust')) {
    const { ownerId: roleId, label: written, target: principalId, to: current } = row
    const owner = parseEntityArn(written)?.account ?? account.id
    const shown =
      current !== null && isPrincipalEntityKind(current.kind)
        ? entityArn(account, ENTITIES[current.kind], current.path, current.name)
        : owner === account.id
          ? principalId
          : await shownElsewhere(owner, row)
    const known = byRole.get(roleId)
    if (known === undefined) byRole.set(roleId, [{ written, shown }])
    else known.push({ written, shown })
  }
  return byRole
}

/** The text of a stored trust policy as AWS shows it. Where nobody is gone or renamed it is as its author wrote it. */
function showTrustPolicy(text: string, principals: readonly ShownPrincipal[] = []): string {
  const shown = new Map(
    principals.flatMap(({ written, shown: now }) => (now === written ? [] : [[written, now] as const])),
  )
  return shown.size === 0 ? text : JSON.stringify(renamePrincipals(JSON.parse(text) as PolicyDocument, shown))
}

function renamePrincipals(document: PolicyDocument, shown: ReadonlyMap<string, string>): unknown {
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
  const renamed = statements.map((statement) => {
    const copy: Record<string, unknown> = { ...statement }
    for (const element of ['Principal', 'NotPrincipal'])
      if (typeof copy[element] === 'object' && copy[element] !== null) {
        // An object, and of a document that was stored: no list.
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
