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
import { versionsOf } from './policy-versions.ts'
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
export async function currentDocument(reading: Reading, arn: string): Promise<string | null> {
  if (isAwsManagedPolicyArn(arn)) {
    const document = reading.awsPolicies.document(arn)
    return document === null ? null : textOf(document)
  }
  const row = await ownPolicy(reading, arn)
  if (row === null) return null
  const versions = versionsOf(await reading.rows.documents([row.id], 'version'))
  return versions.find(({ version }) => version === row.body.defaultVersion)?.text ?? null
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
