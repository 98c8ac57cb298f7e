import type { MayCarry } from './account-policies.ts'
import type { KnownWorld } from './estate-principals.ts'
import type { OpenFacts } from './open/open-principal.ts'
import type { Put } from './put-questions.ts'

/**
 * What is known of whom, and of what, a question is about, where it leaves something open.
 * @param isAnyOfAccount the principal stands for everybody of its account
 */
export function openFactsOf(
  { principal, resource, request }: Put,
  isAnyOfAccount: boolean,
  { organizationId, memberships }: KnownWorld,
  mayCarry: MayCarry,
): OpenFacts {
  return {
    principal,
    resource,
    action: request.action,
    resourceArn: request.resource,
    isAnyOfAccount,
    organization:
      organizationId === null
        ? null
        : { id: organizationId, isMember: (account) => memberships.has(account ?? '') },
    mayCarry,
  }
}
