import { type Account, jsonOf, type PolicyDocument, rootArn, type StateDocument } from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'

/** Whoever meets such a role after a kill, the next plan as well, knows by it what it is. */
const NOT_OPENED = 'NotYetOpenedByIamSync'

/**
 * A trust policy that lets nobody in. Roles are created with it and get it at no other time, so that one that has it has
 * no sessions either: what it holds matters to nobody until it gets another one.
 */
export const unopenedTrust = (account: Account): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: NOT_OPENED, Effect: 'Deny', Principal: { AWS: rootArn(account) }, Action: 'sts:AssumeRole' },
  ],
})

export function isUnopened(trust: StateDocument): boolean {
  const document = jsonOf(trust)
  if (document === null) return false
  const statements = statementsOf(document)
  return statements.every(({ Effect }) => Effect === 'Deny') && statements[0]?.Sid === NOT_OPENED
}
