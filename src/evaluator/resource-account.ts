import { parseArn } from '../model/index.ts'
import type { Request } from './decision.ts'
import { parsePrincipal } from './principal.ts'

/** The account that owns a request's resource: as given, else the one in its ARN, else the principal's. */
export function resourceAccountOf({ resourceAccount, resource, principal }: Request): string | null {
  if (resourceAccount !== undefined) return resourceAccount
  const account = resource === '*' ? '' : (parseArn(resource)?.account ?? '')
  return /^\d{12}$/.test(account) ? account : (parsePrincipal(principal)?.account ?? null)
}
