import {
  type Account,
  entityRef,
  isAwsOwnedPath,
  jsonOf,
  PRINCIPAL_ENTITY_KINDS,
  type PrincipalEntity,
} from '../../model/index.ts'
import type { AnyCall } from '../../model/step.ts'
import { statementsOf } from '../../policy/canonical.ts'
import { isAbout, isOfUnknownPolicy, type Rule, type RuleProbe } from '../between/rules.ts'
import type { Situation } from '../between/situation.ts'
import { SituationReader } from '../between/situation-reader.ts'
import type { GuardRefusal } from '../plan.ts'
import type { Planning } from '../planning.ts'
import { type AccountDraft, carryOut, copyOf } from '../steps/carry-out.ts'

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
    mayWriteAllPermissions(reader.situationOf(key, state), observed.account)
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

/** On names that no policy has in mind: whoever may do it to them may do it to anybody. */
const WRITING = [
  ['iam:putuserpolicy', 'user/whoever-it-is'],
  ['iam:putrolepolicy', 'role/whoever-it-is'],
  ['iam:createpolicyversion', 'policy/whoever-it-is'],
] as const

const probesIn = ({ partition, id }: Account): readonly RuleProbe[] =>
  WRITING.map(([action, rest]) => ({ action, resource: `arn:${partition}:iam::${id}:${rest}` }))

/** In some contexts perhaps: most administrators must have signed in with MFA. What denies it must do so in all. */
const mayWriteAllPermissions = ({ identity, boundary }: Situation, account: Account): boolean =>
  probesIn(account).every((probe) => {
    const lets = (rules: readonly Rule[]) =>
      rules.some((rule) => rule.allows && !isOfUnknownPolicy(rule) && isAbout(rule, probe))
    const stops = (rules: readonly Rule[]) =>
      rules.some((rule) => !rule.allows && rule.tests.length === 0 && isAbout(rule, probe))
    return (
      lets(identity) && (boundary === null || lets(boundary)) && !stops([...identity, ...(boundary ?? [])])
    )
  })
