import type { PolicyUse } from './parsed.ts'

/**
 * How sure it is that AWS refuses to store a document: its documentation says so, clients have got the refusal, or it is
 * taken from the wording of others. What is only assumed is never refused.
 */
type Certainty = 'documented' | 'seen' | 'assumed'

/** Documents of an account as they are stored; an identity policy is one or the other. */
export type StoredKind = 'managed' | 'inline' | 'trust'

interface StorageRule {
  /** Of the diagnostic. */
  readonly code: string
  readonly kinds: readonly StoredKind[]
  /** Title of the page, or the words of the refusal. */
  readonly source: string
  readonly certainty: Certainty
}

const ALL = ['managed', 'inline', 'trust'] as const
const IDENTITY = ['managed', 'inline'] as const
const TRUST = ['trust'] as const

const stored = (
  code: string,
  kinds: readonly StoredKind[],
  certainty: Certainty,
  source: string,
): StorageRule => ({ code, kinds, certainty, source })

/**
 * What IAM refuses to store although it is clear what it would mean. Documents that a plan writes must keep to it; what is
 * only read, or is stored already, is evaluated as it stands.
 */
export const STORAGE_RULES: readonly StorageRule[] = [
  stored(
    'policy.no-statement',
    ALL,
    'documented',
    'IAM User Guide, "Grammar of the IAM JSON policy language"',
  ),
  stored('policy.sid-characters', ALL, 'documented', 'IAM User Guide, "IAM JSON policy elements: Sid"'),
  stored('policy.duplicate-sid', ALL, 'documented', 'IAM User Guide, "IAM JSON policy elements: Sid"'),
  stored('policy.element-not-allowed', IDENTITY, 'seen', 'Policy document should not specify a principal.'),
  stored('policy.element-not-allowed', TRUST, 'seen', 'Has prohibited field Resource'),
  stored('policy.characters', ALL, 'documented', 'IAM API Reference, CreatePolicy: PolicyDocument'),
  stored(
    'policy.condition-key-syntax',
    ALL,
    'documented',
    'IAM User Guide, "Access Analyzer policy check reference": invalid condition key format',
  ),
  stored(
    'policy.duplicate-operator',
    ALL,
    'documented',
    'IAM User Guide, "Access Analyzer policy check reference": duplicate keys with different case',
  ),
  stored(
    'policy.managed-version',
    ['managed'],
    'seen',
    'Policy document must be version 2012-10-17 or greater.',
  ),
  stored('policy.no-actions', ALL, 'seen', 'Policy statement must contain actions.'),
  stored('policy.no-resources', IDENTITY, 'seen', 'Policy statement must contain resources.'),
  stored(
    'policy.resource-short-arn',
    IDENTITY,
    'seen',
    'The policy failed legacy parsing: Resource vendor must be fully qualified and cannot contain regexes.',
  ),
  stored('policy.partition', IDENTITY, 'seen', 'Partition "aws" is not valid for resource "…".'),
  stored('policy.arn-region', IDENTITY, 'seen', 'IAM resource … cannot contain region information.'),
  stored(
    'policy.iam-resource',
    IDENTITY,
    'seen',
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, …',
  ),
  stored('policy.trust-action', TRUST, 'seen', 'AssumeRole policy may only specify STS AssumeRole actions.'),
  stored('policy.principal-kind-of-arn', TRUST, 'seen', 'Invalid principal in policy'),
  stored('policy.principal-service', TRUST, 'seen', 'Invalid principal in policy: "SERVICE":"…"'),
  stored('policy.principal-federated', TRUST, 'seen', 'Invalid principal in policy: "FEDERATED":"…"'),
  stored(
    'policy.principal-canonical-user',
    TRUST,
    'documented',
    'IAM User Guide, "AWS JSON policy elements: Principal": canonical users stand in resource policies of S3',
  ),
  stored('plan.principal-gone', TRUST, 'seen', 'Invalid principal in policy: "AWS":"AROA…"'),
  stored(
    'manifest.aws-path',
    ALL,
    'documented',
    'IAM User Guide, "Create a service-linked role": AWS alone makes what stands under /aws-service-role/ and /aws-reserved/',
  ),
  stored(
    'manifest.reserved-name',
    ALL,
    'assumed',
    'IAM User Guide, "Create a service-linked role": names of roles',
  ),
]

const KINDS_OF_USE: Readonly<Partial<Record<PolicyUse, readonly StoredKind[]>>> = {
  identity: IDENTITY,
  boundary: ['managed'],
  session: ['inline'],
  trust: TRUST,
}

/**
 * What is to be said of a document that breaks a rule: `refuse` where IAM stores it, `warn` where that isn't sure, or where
 * another service stores it, by rules of its own.
 */
export function verdictOn(code: string, use: PolicyUse): 'refuse' | 'warn' {
  // Documents of an organization are stored by Organizations: their grammar is documented.
  if (use === 'scp' || use === 'rcp') return 'refuse'
  const kinds = KINDS_OF_USE[use]
  if (kinds === undefined) return 'warn'
  const found = STORAGE_RULES.find(
    (each) => each.code === code && each.kinds.some((kind) => kinds.includes(kind)),
  )
  return found === undefined || found.certainty === 'assumed' ? 'warn' : 'refuse'
}
