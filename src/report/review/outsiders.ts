import type { Account } from '../../model/index.ts'

/** The account in an ARN; of a class of principals in `account:ID`. */
const accountIn = (principal: string): string | null =>
  /^account:(\d{12})$/.exec(principal)?.[1] ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1] ?? null

/**
 * Whether a finding is about somebody outside of an account: anybody, another account, somebody federated, somebody whom an id names that
 * nobody here has. A service that has a name acts for the account, and is none.
 */
export function isOutsider(principal: string, account: Account): boolean {
  if (principal.startsWith('service:')) return principal === 'service:*'
  return accountIn(principal) !== account.id
}
