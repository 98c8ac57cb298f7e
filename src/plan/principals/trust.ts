import {
  type Account,
  isPrincipalEntityKind,
  type OneOrMany,
  type PolicyDocument,
  type PolicyStatement,
  parseEntityArn,
  rootArn,
} from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'

/** The users and roles of this account that a trust policy names: AWS refuses a document that names one that doesn't exist. */
export const trustedEntities = (document: PolicyDocument, account: Account): readonly string[] =>
  namedEntities(document, ({ account: owner }) => owner === account.id)

/** The users and roles of other accounts that a trust policy names, whether they exist or not. */
export const trustedElsewhere = (document: PolicyDocument, account: Pick<Account, 'id'>): readonly string[] =>
  namedEntities(document, ({ account: owner }) => owner !== account.id)

/** The identity providers of this account that a trust policy names, by ARN. AWS stores one that names none that is there. */
export function trustedProviders(document: PolicyDocument, account: Account): readonly string[] {
  const arns = new Set<string>()
  for (const statement of statementsOf(document))
    for (const arn of principalArns(statement, 'Federated'))
      if (isProviderArn(arn) && parseEntityArn(arn)?.account === account.id) arns.add(arn)
  return [...arns].sort()
}

/** Whether a policy names a principal by its ARN, as AWS keeps by the id of who has it then. */
export const namesPrincipal = (document: PolicyDocument, arn: string): boolean =>
  statementsOf(document).some((statement) => principalArns(statement).includes(arn))

/** All of this account that must be there before a trust policy is written. */
export const neededForTrust = (document: PolicyDocument, account: Account): readonly string[] => [
  ...trustedEntities(document, account),
  ...trustedProviders(document, account),
]

/** Nobody but a provider has such an ARN. @see IAM User Guide, "IAM identifiers": IAM ARNs */
export const isProviderArn = (arn: string): boolean =>
  /^arn:[^:]*:iam::\d*:(?:saml|oidc)-provider\/./.test(arn)

function namedEntities(
  document: PolicyDocument,
  isMeant: (entity: NonNullable<ReturnType<typeof parseEntityArn>>) => boolean,
): readonly string[] {
  const arns = new Set<string>()
  for (const statement of statementsOf(document))
    for (const arn of principalArns(statement)) {
      const entity = parseEntityArn(arn)
      if (entity !== null && isPrincipalEntityKind(entity.kind) && isMeant(entity)) arns.add(arn)
    }
  return [...arns].sort()
}

/**
 * The trust policy without the principals that don't exist yet. Where that leaves nobody, a document that lets
 * nobody in, since a role can't be without one.
 */
export function reducedTrust(
  document: PolicyDocument,
  missing: ReadonlySet<string>,
  account: Account,
): PolicyDocument {
  const statements = statementsOf(document).flatMap((statement) => {
    if (!principalArns(statement).some((arn) => missing.has(arn))) return [statement]
    // Without one of its principals a NotPrincipal would name more people, and a Deny fewer.
    if (statement.NotPrincipal !== undefined || statement.Effect === 'Deny') return []
    const reduced = withoutPrincipals(statement, missing)
    return reduced === null ? [] : [reduced]
  })
  const denied = statementsOf(document).some(
    (statement) => statement.Effect === 'Deny' && principalArns(statement).some((arn) => missing.has(arn)),
  )
  if (statements.length > 0 && !denied) return { ...document, Statement: statements }
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: { AWS: rootArn(account) }, Action: 'sts:AssumeRole' }],
  }
}

function withoutPrincipals(statement: PolicyStatement, missing: ReadonlySet<string>): PolicyStatement | null {
  const { Principal } = statement
  if (typeof Principal !== 'object') return null
  const kept = Object.entries(Principal).flatMap(([kind, value]) => {
    const entries = entriesOf(value).filter((entry) => !missing.has(entry))
    return entries.length === 0 ? [] : [[kind, entries] as const]
  })
  return kept.length === 0 ? null : { ...statement, Principal: Object.fromEntries(kept) }
}

function principalArns(statement: PolicyStatement, type: 'AWS' | 'Federated' = 'AWS'): readonly string[] {
  return [statement.Principal, statement.NotPrincipal].flatMap((block) => {
    if (typeof block !== 'object' || block === null) return []
    const entries = block[type]
    return entries === undefined ? [] : entriesOf(entries)
  })
}

const entriesOf = (value: OneOrMany<string>): readonly string[] => (isMany(value) ? value : [value])

const isMany = (value: OneOrMany<string>): value is readonly string[] => Array.isArray(value)

/**
 * Roles that are created in one plan and trust each other, or themselves, can't all be created with their whole trust.
 * Walks from each role to those that it trusts: one that is met again on the way comes later than the role it is met
 * from, which is therefore created without it.
 * @param trusts for each role to be created (its ARN), the roles to be created that its trust policy names
 * @returns for each role whose trust must at first be reduced, the roles that don't exist by then
 */
export function breakTrustCycles(
  trusts: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const missing = new Map<string, Set<string>>()
  const progress = new Map<string, 'under way' | 'created'>()
  for (const start of [...trusts.keys()].sort()) {
    if (progress.has(start)) continue
    // A stack of our own: chains of trust may be as long as an account has roles.
    const way = [{ role: start, trusted: (trusts.get(start) ?? []).values() }]
    progress.set(start, 'under way')
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const { done, value: next } = top.trusted.next()
      if (done === true) {
        progress.set(top.role, 'created')
        way.pop()
      } else if (progress.get(next) === 'under way') {
        const known = missing.get(top.role)
        if (known === undefined) missing.set(top.role, new Set([next]))
        else known.add(next)
      } else if (!progress.has(next)) {
        progress.set(next, 'under way')
        way.push({ role: next, trusted: (trusts.get(next) ?? []).values() })
      }
    }
  }
  return missing
}
