import {
  type Account,
  entityArn,
  isAwsManagedPolicyArn,
  POLICY,
  type PolicyDocument,
  parseEntityArn,
} from '../model/index.ts'
import type { Reading } from './context.ts'
import { readPolicyArn } from './input.ts'
import { noSuchPolicy, refused } from './refusals.ts'
import type { EntityRow, StoredEntity } from './store-port.ts'

/** The customer managed policy of this ARN. @throws IamError ValidationError, InvalidInput, NoSuchEntity */
export async function findPolicy({ account, rows }: Reading, value: unknown): Promise<EntityRow<'policy'>> {
  const arn = readPolicyArn('policyArn', value)
  const row = await ownPolicy({ account, rows }, arn)
  if (row === null) throw noSuchPolicy(arn)
  return row
}

/** As `findPolicy`, for an operation that changes it: AWS's own policies can't be. */
export async function findModifiablePolicy(reading: Reading, value: unknown): Promise<EntityRow<'policy'>> {
  const arn = readPolicyArn('policyArn', value)
  if (isAwsManagedPolicyArn(arn))
    throw refused('AccessDenied', `Policy ${arn} is managed by AWS and can't be changed.`)
  return findPolicy(reading, arn)
}

async function ownPolicy(
  { account, rows }: Pick<Reading, 'account' | 'rows'>,
  arn: string,
): Promise<EntityRow<'policy'> | null> {
  const named = parseEntityArn(arn)
  if (named === null || named.kind !== 'policy') return null
  const row = await rows.entity('policy', named.name)
  return row !== null && policyArn(account, row) === arn ? row : null
}

/** What the current version of a managed policy says, one's own or AWS's; null: there is none of this ARN. */
export const currentDocument = async (reading: Reading, arn: string): Promise<string | null> =>
  (await currentDocuments(reading, [arn]))[0] ?? null

/** As `currentDocument`, of several, in their order: what is one's own is read at once. */
export async function currentDocuments(
  reading: Reading,
  arns: readonly string[],
): Promise<readonly (string | null)[]> {
  const own = new Map<string, EntityRow<'policy'>>()
  for (const arn of arns) {
    const row = isAwsManagedPolicyArn(arn) ? null : await ownPolicy(reading, arn)
    if (row !== null) own.set(arn, row)
  }
  const ids = [...own.values()].map(({ id }) => id)
  const documents = ids.length === 0 ? [] : await reading.rows.documents(ids, 'version')
  return arns.map((arn) => {
    if (isAwsManagedPolicyArn(arn)) {
      const document = reading.awsPolicies.document(arn)
      return document === null ? null : textOf(document)
    }
    const row = own.get(arn)
    if (row === undefined) return null
    const version = String(row.body.defaultVersion)
    return documents.find(({ ownerId, name }) => ownerId === row.id && name === version)?.text ?? null
  })
}

/** Of AWS's own, which never change: each call of whoever holds one takes its text. */
const texts = new WeakMap<PolicyDocument, string>()

function textOf(document: PolicyDocument): string {
  const text = texts.get(document) ?? JSON.stringify(document)
  texts.set(document, text)
  return text
}

export const policyArn = (account: Account, row: Pick<StoredEntity, 'path' | 'name'>): string =>
  entityArn(account, POLICY, row.path, row.name)

/**
 * The ARN of a policy that can be attached or be a boundary: one of this account, or AWS's own.
 * @param what begins the message: `Policy` or `Scope ARN:`
 */
export async function readAttachable(
  reading: Reading,
  field: string,
  value: unknown,
  what: 'Policy' | 'Scope ARN:',
): Promise<string> {
  const arn = readPolicyArn(field, value)
  if (!arn.startsWith(`arn:${reading.account.partition}:`))
    throw refused('ValidationError', 'Invalid ARN partition')
  const exists = isAwsManagedPolicyArn(arn)
    ? reading.awsPolicies.has(arn)
    : (await ownPolicy(reading, arn)) !== null
  if (!exists) throw refused('NoSuchEntity', `${what} ${arn} does not exist or is not attachable.`)
  return arn
}
