import {
  type AccountState,
  ENTITY_KINDS,
  type Estate,
  jsonOf,
  type PrincipalEntity,
  parseArn,
  parseEntityArn,
  principalEntitiesIn,
  type StateDocument,
  tableOf,
} from '../../model/index.ts'
import { statementsOf } from '../../policy/canonical.ts'
import { REVOCATION, revokedBefore } from '../../policy/revocation.ts'
import type { AccountFacts } from './account-policies.ts'
import { createEvaluator } from './evaluator.ts'
import type { Grant } from './who-can.ts'

/** Whom a session of a role may become, as policies are now. */
export interface ChainedRole {
  readonly arn: string
  /** Whose sessions may assume it: the role that was asked about, or one that is chained from it. */
  readonly from: string
  readonly decision: Grant['decision']
}

/**
 * Roles that sessions of some role may have gone on to, and from those to others: each once, nearest first. The role itself is among
 * them where its sessions may assume it again. What is unknown may be.
 * @param arn of a role of the estate. What ended its older sessions is left out of account, as in all others
 */
export async function chainedRoles(
  estate: Estate,
  facts: AccountFacts,
  arn: string,
): Promise<readonly ChainedRole[]> {
  const accounts = estate.accounts.map(withoutRevocations)
  const evaluator = await createEvaluator({ ...estate, accounts }, facts)
  const assumable = accounts.flatMap(({ entities }) =>
    principalEntitiesIn<PrincipalEntity>(entities).flatMap((entity) =>
      'trustPolicy' in entity ? [{ arn: entity.arn, lets: letIn(entity.trustPolicy) }] : [],
    ),
  )
  const found = new Map<string, ChainedRole>()
  const asked = [arn]
  for (const from of asked) {
    const called = namesOf(from)
    for (const target of assumable) {
      if (found.has(target.arn) || !called.some((name) => target.lets.has(name))) continue
      const { grants, diagnostics } = evaluator.whoCan(
        { action: 'sts:AssumeRole', resource: target.arn, context: new Map() },
        isOrIsSessionOf(from),
      )
      const [first] = grants
      const isUnknown = first === undefined && diagnostics.some(({ severity }) => severity === 'error')
      if (first === undefined && !isUnknown) continue
      const decision = WIDEST.find((each) => grants.some((grant) => grant.decision === each)) ?? 'unknown'
      found.set(target.arn, { arn: target.arn, from, decision })
      if (!asked.includes(target.arn)) asked.push(target.arn)
    }
  }
  return [...found.values()]
}

const WIDEST: readonly Grant['decision'][] = ['allow', 'conditional', 'unknown']

const ANYBODY = '*'

/** How trust policies may mean a role, by itself or among others. */
function namesOf(arn: string): readonly string[] {
  const account = parseArn(arn)?.account ?? ''
  return [ANYBODY, account, `${account}/${parseEntityArn(arn)?.name ?? ''}`]
}

/** Whom a trust policy may let in, as `namesOf` has them: of a thousand roles it spares asking all but a few. What isn't plainly one role may be any. */
function letIn(document: StateDocument): ReadonlySet<string> {
  const json = jsonOf(document)
  if (json === null) return new Set([ANYBODY])
  const allowing = statementsOf(json).filter(({ Effect }) => Effect !== 'Deny')
  return new Set(
    allowing.flatMap(({ Principal }) => {
      if (typeof Principal !== 'object' || Principal === null) return [ANYBODY]
      const { AWS = [] } = Principal
      return [AWS].flat().map((principal) => nameIn(String(principal)))
    }),
  )
}

function nameIn(principal: string): string {
  if (/[*?]/.test(principal)) return ANYBODY
  if (/^\d{12}$/.test(principal)) return principal
  const { service = '', account = '', resource = '' } = parseArn(principal) ?? {}
  if (service === 'iam' && resource === 'root') return account
  const [, name] =
    service === 'sts'
      ? (/^assumed-role\/([^/]+)\/[^/]+$/.exec(resource) ?? [])
      : (/^(?:role|user)\/(?:.*\/)?([^/]+)$/.exec(resource) ?? [])
  return name === undefined ? ANYBODY : `${account}/${name}`
}

/** A trust policy may name sessions. */
function isOrIsSessionOf(arn: string): (principal: string) => boolean {
  const { partition, account } = parseArn(arn) ?? { partition: '', account: '' }
  const sessions = `arn:${partition}:sts::${account}:assumed-role/${parseEntityArn(arn)?.name ?? ''}/`
  return (principal) => principal === arn || principal.startsWith(sessions)
}

/** Sessions that were ended may have gone on before. */
function withoutRevocations(state: AccountState): AccountState {
  const { account, entities } = state
  const withoutOwn = <E extends object>(entity: E): E => {
    if (!('inlinePolicies' in entity) || !(entity.inlinePolicies instanceof Map)) return entity
    const document = entity.inlinePolicies.get(REVOCATION)
    if (document === undefined || revokedBefore(document, account) === null) return entity
    const inlinePolicies = new Map(entity.inlinePolicies)
    inlinePolicies.delete(REVOCATION)
    return { ...entity, inlinePolicies }
  }
  return {
    ...state,
    // Each kind keeps its own states: only what they hold is less.
    entities: tableOf(
      ENTITY_KINDS,
      (kind) => new Map([...entities[kind]].map(([name, entity]) => [name, withoutOwn(entity)])),
    ) as AccountState['entities'],
  }
}
