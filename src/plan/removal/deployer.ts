import {
  type Account,
  type AccountState,
  entityRef,
  isPrincipalEntityKind,
  jsonOf,
  PRINCIPAL_ENTITY_KINDS,
  type PrincipalEntity,
  parseEntityArn,
  type StateDocument,
} from '../../model/index.ts'
import type { AnyCall } from '../../model/step.ts'
import { canonicalStatement, statementsOf } from '../../policy/canonical.ts'
import { SituationReader } from '../between/situation-reader.ts'
import type { GuardRefusal } from '../plan.ts'
import type { Planning } from '../planning.ts'
import { carryOut, copyOf } from '../steps/carry-out.ts'
import { permissionWriting } from './permission-writing.ts'

const NOTHING_KNOWN = () => null

/**
 * That the plan takes away from whoever carries it out what they carry it out by: themselves, the permission to write
 * permissions, or, of a role, what lets them into it. An apply that does so can't be gone on with, nor taken back.
 * @param steps in their order
 */
export function lossesOfDeployer(
  planning: Planning,
  steps: readonly Pick<AnyCall, 'effects'>[],
): readonly GuardRefusal[] {
  const { observed, awsDocument = NOTHING_KNOWN, effects, changes, caller = null } = planning
  const before = caller === null ? null : principalOf(caller, observed)
  if (before === null || steps.length === 0) return []
  const ref = entityRef(before.kind, before.name)
  const refused = (what: string): readonly GuardRefusal[] => [
    {
      rule: 'deployer',
      message: `the plan ${what}, by which it would be carried out`,
      help: 'let somebody else apply it, or agree to this very plan with `apply --override-guard DIGEST`',
      entities: [ref],
    },
  ]
  if (
    changes.some(
      ({ kind, name, action }) =>
        kind === before.kind && name === before.name && (action === 'delete' || action === 'replace'),
    )
  )
    return refused('deletes the principal')
  const end = copyOf(observed)
  for (const step of steps) carryOut(step.effects, end)
  const reader = new SituationReader(awsDocument, effects)
  const left = permissionWriting(reader.situationOf(ref, end), observed.account)
  const lost = permissionWriting(reader.situationOf(ref, copyOf(observed)), observed.account).filter(
    (action) => !left.includes(action),
  )
  if (lost.length > 0)
    return refused(`takes ${lost.map((each) => `\`${each}\``).join(', ')} from the principal`)
  const [trusted, trusts] = [trustOf(before), trustOf(end.entities[before.kind].get(before.name))]
  return trusted !== null && trusts !== trusted && isNarrower(trusts, trusted, observed.account)
    ? refused('no longer lets in all whom it did to it')
    : []
}

/**
 * Who of this account a caller is; null: the root user, or nobody who is there.
 * @param caller an ARN as STS gives it: of whoever has sessions, that of a session
 * @see STS API Reference, GetCallerIdentity
 */
function principalOf(caller: string, { account, entities }: AccountState): PrincipalEntity | null {
  const session = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(caller)
  if (session !== null) {
    if (session[1] !== account.id) return null
    const named = PRINCIPAL_ENTITY_KINDS.flatMap((kind): readonly PrincipalEntity[] =>
      [entities[kind].get(session[2] ?? '')].flatMap((each) => each ?? []),
    )
    return named.find((each) => 'trustPolicy' in each) ?? null
  }
  const { kind, name, account: owner } = parseEntityArn(caller) ?? {}
  if (owner !== account.id || kind === undefined || name === undefined || !isPrincipalEntityKind(kind))
    return null
  return entities[kind].get(name) ?? null
}

const trustOf = (entity: PrincipalEntity | undefined): StateDocument | null =>
  entity !== undefined && 'trustPolicy' in entity ? entity.trustPolicy : null

/** Whether a statement that allows is gone, or one that denies has come. By which one the caller came in nobody knows. */
function isNarrower(after: StateDocument | null, before: StateDocument, account: Account): boolean {
  const [was, is] = [jsonOf(before), after === null ? null : jsonOf(after)]
  if (was === null || is === null) return true
  const of = (document: NonNullable<typeof was>, effect: 'Allow' | 'Deny') =>
    statementsOf(document).flatMap((statement) =>
      statement.Effect === effect ? [canonicalStatement(statement, account)] : [],
    )
  const [allows, denies] = [new Set(of(is, 'Allow')), new Set(of(was, 'Deny'))]
  return (
    of(was, 'Allow').some((each) => !allows.has(each)) || of(is, 'Deny').some((each) => !denies.has(each))
  )
}
