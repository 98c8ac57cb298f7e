import { type Diagnostic, errorOf } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { isUnknown, type PolicyDocument, type StateDocument } from '../model/index.ts'

/** What a size quota is about. The inline ones bind the sum of an entity's inline policies. */
export type SizedUse = 'managed' | 'trust' | 'userInline' | 'groupInline' | 'roleInline'

/** Characters without white space. @see IAM User Guide, "IAM and AWS STS quotas": character limits */
export const POLICY_SIZE_QUOTAS: Readonly<Record<SizedUse, number>> = {
  managed: 6144,
  trust: 2048,
  userInline: 2048,
  groupInline: 5120,
  roleInline: 10240,
}

/** Characters of the document as JSON without white space outside strings, which AWS doesn't count. */
export const policySize = (document: PolicyDocument): number => JSON.stringify(document).length

/** Of what is there: how little it may take, and how much, if it isn't known. */
export const leastSize = (document: StateDocument | null): number =>
  document === null || isUnknown(document) ? 0 : policySize(document.json)
export const mostSize = (document: StateDocument): number =>
  isUnknown(document) ? document.text.length : policySize(document.json)

const SIZED_NAMES: Readonly<Record<SizedUse, string>> = {
  managed: 'a managed policy',
  trust: 'a trust policy',
  userInline: 'the inline policies of a user together',
  groupInline: 'the inline policies of a group together',
  roleInline: 'the inline policies of a role together',
}

/**
 * Checks one managed or trust policy, or all inline policies of one entity, against its size quota.
 * @param quota the trust policy's is adjustable
 * @returns null when the size is within the quota
 */
export function checkPolicySize(
  use: SizedUse,
  documents: Iterable<PolicyDocument>,
  span: Span | null,
  quota: number = POLICY_SIZE_QUOTAS[use],
): Diagnostic | null {
  let size = 0
  for (const document of documents) size += policySize(document)
  if (size <= quota) return null
  return errorOf({
    code: 'policy.too-large',
    message: `${SIZED_NAMES[use]} may have ${quota} characters without white space, not ${size}`,
    help: use.endsWith('Inline')
      ? 'move statements to a managed policy'
      : use === 'trust'
        ? 'shorten it: join principals of one account, or use a condition'
        : 'split it into several policies, or shorten it with wildcards',
    span,
  })
}
