import {
  entityRef,
  isAwsOwnedPath,
  jsonOf,
  PRINCIPAL_ENTITY_KINDS,
  type PrincipalEntity,
} from '../../model/index.ts'
import type { AnyCall } from '../../model/step.ts'
import { statementsOf } from '../../policy/canonical.ts'
import { SituationReader } from '../between/situation-reader.ts'
import type { GuardRefusal } from '../plan.ts'
import type { Planning } from '../planning.ts'
import { type AccountDraft, carryOut, copyOf } from '../steps/carry-out.ts'
import { mayWriteAll, writesAll } from './permission-writing.ts'

const NOTHING_KNOWN = () => null

/**
 * That nobody would be left who may write everybody's permissions, though there is somebody now. Whom the guard protects and
 * what AWS owns doesn't count: the one is for emergencies, the other is nobody's to use.
 */
export function withoutAdministrators(
  planning: Planning,
  steps: readonly Pick<AnyCall, 'effects'>[],
): readonly GuardRefusal[] {
  const { observed, awsDocument = NOTHING_KNOWN, effects } = planning
  if (steps.length === 0) return []
  const reader = new SituationReader(awsDocument, effects)
  const [before, after] = [copyOf(observed), copyOf(observed)]
  for (const step of steps) carryOut(step.effects, after)
  const isAdministratorIn = (state: AccountDraft) => (key: string) =>
    mayWriteAll(reader.documentsOf(key, state)) && writesAll(reader.situationOf(key, state), observed.account)
  if (countedIn(after, planning).some(isAdministratorIn(after))) return []
  const entities = countedIn(before, planning).filter(isAdministratorIn(before)).sort()
  if (entities.length === 0) return []
  return [
    {
      rule: 'lastAdministrator',
      message:
        'the plan leaves nobody who may write the permissions of everybody here; those of `guard.protect` are not counted',
      help: 'let somebody keep them, or agree to this very plan with `apply --override-guard DIGEST`',
      entities,
    },
  ]
}

/** Keys of principals. */
const countedIn = (
  { entities }: Pick<AccountDraft, 'entities'>,
  { guard }: Pick<Planning, 'guard'>,
): readonly string[] =>
  PRINCIPAL_ENTITY_KINDS.flatMap((kind) =>
    [...entities[kind].values()].flatMap((entity) =>
      isAwsOwnedPath(entity.path) ||
      guard.protect.some((each) => each.kind === kind && each.name === entity.name) ||
      letsInNobody(entity)
        ? []
        : [entityRef(kind, entity.name)],
    ),
  )

function letsInNobody(entity: PrincipalEntity): boolean {
  const trust = 'trustPolicy' in entity ? jsonOf(entity.trustPolicy) : null
  return trust !== null && statementsOf(trust).every(({ Effect: effect }) => effect !== 'Allow')
}
