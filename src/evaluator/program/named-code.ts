import {
  NAMED_ACCOUNT,
  NAMED_ARN,
  NAMED_CANONICAL_USER,
  NAMED_EVERYONE,
  NAMED_FEDERATED,
  NAMED_ROOT,
  NAMED_SERVICE,
  NAMED_UNIQUE_ID,
} from '../../../assembly/wire.ts'
import type { ParsedPrincipal } from '../../policy/parsed.ts'

/** Whom a statement names: NAMED_…, and the text that goes with it. */
export function namedCode(principal: ParsedPrincipal): readonly [kind: number, text: string] {
  switch (principal.kind) {
    case 'everyone':
      return [NAMED_EVERYONE, '']
    case 'account':
      return principal.partition === null
        ? [NAMED_ACCOUNT, principal.account]
        : [NAMED_ROOT, `${principal.account}${principal.partition}`]
    case 'arn':
      return [NAMED_ARN, principal.arn]
    case 'service':
      return [NAMED_SERVICE, principal.service]
    case 'federated':
      return [NAMED_FEDERATED, principal.provider]
    case 'canonicalUser':
      return [NAMED_CANONICAL_USER, principal.id]
    case 'uniqueId':
      return [NAMED_UNIQUE_ID, principal.id]
  }
}
