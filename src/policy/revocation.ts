import type { Account, PolicyDocument, StateDocument } from '../model/index.ts'
import { jsonOf } from '../model/index.ts'
import { sameDocument, statementsOf } from './canonical.ts'

/**
 * The inline policy by which the sessions of a role are ended.
 * @see IAM User Guide, "Revoke IAM role temporary security credentials": the console puts it under this name
 */
export const REVOCATION = 'AWSRevokeOlderSessions'

const KEY = 'aws:TokenIssueTime'

/** Denies everything to sessions that began before. */
export const revocationDocument = (before: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: { [KEY]: before } } },
  ],
})

/** Sessions from before when a document ends; null: it is no such document, or says more. Milliseconds since the epoch. */
export function revokedBefore(document: StateDocument, account: Account): number | null {
  const json = jsonOf(document)
  const [statement] = json === null ? [] : statementsOf(json)
  const before = statement?.Condition?.DateLessThan?.[KEY]
  if (json === null || typeof before !== 'string') return null
  const time = Date.parse(before)
  return Number.isNaN(time) || !sameDocument(json, revocationDocument(before), account) ? null : time
}
