import { type Diagnostic, warningOf } from '../../../diagnostics/index.ts'
import { matchesPattern } from '../../../model/name-pattern.ts'
import { WELL_KNOWN_PROVIDERS } from '../../../policy/principals.ts'
import type { PlacedText, StatementParts } from '../statement-parts.ts'

const ASSUMING = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'] as const

/** What goes along with assuming a role, whoever does it. @see IAM User Guide, "Pass session tags in AWS STS" */
const BESIDES = ['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext']

/** How a principal assumes a role; null: that isn't known. */
function assumingActionOf(kind: string, principal: string): (typeof ASSUMING)[number] | null {
  switch (kind) {
    case 'AWS':
    case 'Service':
      return 'sts:AssumeRole'
    case 'Federated':
      if (/:saml-provider\//.test(principal)) return 'sts:AssumeRoleWithSAML'
      return /:oidc-provider\//.test(principal) || WELL_KNOWN_PROVIDERS.includes(principal)
        ? 'sts:AssumeRoleWithWebIdentity'
        : null
    default:
      return null
  }
}

/**
 * Statements of a trust policy whose actions their principals can't use. It is stored all the same, and never applies.
 * @see IAM User Guide, "Access Analyzer policy check reference": mismatched action for principal
 */
export function trustActionWarnings(statement: StatementParts): readonly Diagnostic[] {
  if (statement.effect !== 'Allow' || statement.negatedActions) return []
  const has = (action: string): boolean =>
    statement.actions.some(({ text }) => matchesPattern(text.toLowerCase(), action.toLowerCase()))
  const named = ASSUMING.filter(has)
  return [
    ...statement.actions.flatMap((action) => uselessAction(action)),
    ...(named.length === 0
      ? []
      : statement.principals.flatMap(([kind, { text, span }]) => {
          const needed = assumingActionOf(kind, text)
          return needed === null || named.includes(needed)
            ? []
            : [
                warningOf({
                  code: 'names.trust-action',
                  message: `\`${text}\` can't assume a role by ${named.map((action) => `\`${action}\``).join(' or ')}`,
                  help: `${kind === 'Federated' ? 'this provider' : kind === 'Service' ? 'a service' : 'an account, user or role'} does it by \`${needed}\``,
                  span,
                }),
              ]
        })),
  ]
}

/** An action of STS that is not about a role. */
function uselessAction({ text, span }: PlacedText): readonly Diagnostic[] {
  const lower = text.toLowerCase()
  if (!lower.startsWith('sts:') || !OTHERS_OF_STS.has(lower)) return []
  return [
    warningOf({
      code: 'names.trust-action',
      message: `\`${text}\` is not decided by a trust policy`,
      help: `a trust policy is about ${[...ASSUMING, ...BESIDES].map((action) => `\`${action}\``).join(', ')}`,
      span,
    }),
  ]
}

const OTHERS_OF_STS: ReadonlySet<string> = new Set([
  'sts:assumeroot',
  'sts:decodeauthorizationmessage',
  'sts:getaccesskeyinfo',
  'sts:getcalleridentity',
  'sts:getfederationtoken',
  'sts:getservicebearertoken',
  'sts:getsessiontoken',
])
