import { type AccountState, jsonOf } from '../model/index.ts'
import type { Plan } from '../plan/plan.ts'
import type { OtherAccounts } from '../plan/principals/other-accounts.ts'
import { withNewNamesIn } from '../plan/principals/renamed-principals.ts'
import { trustedEntities } from '../plan/principals/trust.ts'
import type { IamReader } from '../target/ports.ts'
import type { StepResult } from './apply-plan.ts'
import { observeUniqueIds } from './observe-unique-ids.ts'

/**
 * What stored trust policies of other accounts show since an apply deleted or moved a user or role, and what they showed
 * before: by the unique id of whom it deleted, or the new ARN of whom it moved, the ARN that it had.
 */
export type ShownElsewhere = ReadonlyMap<string, string>

/** Nothing was deleted or moved that somebody elsewhere trusts. */
export const SHOWN_AS_BEFORE: ShownElsewhere = new Map()

/**
 * The unique ids of an account's users and roles, by ARN, where a plan deletes one or a trust policy names one: once it
 * is gone, nobody can tell whose id that was. Asked under the lock, so that it is those whom this apply deletes.
 * @throws IamError as the target refuses
 */
export async function idsWorthKnowing(
  { steps }: Pick<Plan, 'steps'>,
  observed: AccountState,
  reader: IamReader,
): Promise<ReadonlyMap<string, string>> {
  const isNeeded =
    steps.some((step) => arnOfTheDeleted(step, observed) !== null) || trustedHere(observed).size > 0
  return isNeeded ? observeUniqueIds(reader) : new Map()
}

/** ARNs of the users and roles of an account that its own trust policies name. */
const trustedHere = ({ account, entities }: AccountState): ReadonlySet<string> =>
  new Set(
    [...entities.role.values()].flatMap(({ trustPolicy }) => {
      const trust = jsonOf(trustPolicy)
      return trust === null ? [] : trustedEntities(trust, account)
    }),
  )

/** Names that a journal keeps: of more, those that it had first go first. */
const MOST_NAMES = 10_000

/**
 * By unique id the ARNs that are to be known once their bearers are gone: of those that this apply deletes, and of whom
 * trust policies here and elsewhere name.
 * @param ids of `idsWorthKnowing`
 */
export function namesToKeep(
  { steps }: Pick<Plan, 'steps'>,
  observed: AccountState,
  others: OtherAccounts | undefined,
  ids: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const deleted = new Set(steps.flatMap((step) => arnOfTheDeleted(step, observed) ?? []))
  const trusted = ids.size === 0 ? deleted : trustedHere(observed)
  const names = new Map(before)
  for (const [arn, id] of ids)
    if (deleted.has(arn) || trusted.has(arn) || (others?.storedTrustOf(arn).length ?? 0) > 0) {
      names.delete(id)
      names.set(id, arn)
    }
  return Object.fromEntries([...names].slice(-MOST_NAMES))
}

/**
 * @param observed the account before the apply
 * @param ids of `idsOfTheTrusted`
 * @param declaredArnOf of a user by name
 */
export function shownElsewhere(
  results: readonly StepResult[],
  observed: AccountState,
  ids: ReadonlyMap<string, string>,
  declaredArnOf: (userName: string) => string | undefined,
): ShownElsewhere {
  const shown = new Map<string, string>()
  for (const { step, status } of results) {
    if (status !== 'done') continue
    const arn = arnOfTheDeleted(step, observed)
    const id = arn === null ? undefined : ids.get(arn)
    if (arn !== null && id !== undefined) shown.set(id, arn)
    const moved = movedUser(step)
    const before = moved === null ? undefined : observed.entities.user.get(moved)?.arn
    const after = moved === null ? undefined : declaredArnOf(moved)
    if (before !== undefined && after !== undefined && before !== after) shown.set(after, before)
  }
  return shown
}

/** An account as it would show itself, had this apply deleted and moved nobody in other accounts. */
export function asShownBefore(observed: AccountState, shown: ShownElsewhere): AccountState {
  const role = new Map(observed.entities.role)
  for (const [name, state] of role) {
    const trustPolicy = withNewNamesIn(state.trustPolicy, shown)
    if (trustPolicy !== state.trustPolicy) role.set(name, { ...state, trustPolicy })
  }
  return { ...observed, entities: { ...observed.entities, role } }
}

type Called = Pick<StepResult['step'], 'operation' | 'input'>

function arnOfTheDeleted({ operation, input }: Called, { entities }: AccountState): string | null {
  if (operation === 'DeleteUser' && 'UserName' in input)
    return entities.user.get(input.UserName ?? '')?.arn ?? null
  if (operation === 'DeleteRole' && 'RoleName' in input)
    return entities.role.get(input.RoleName ?? '')?.arn ?? null
  return null
}

const movedUser = ({ operation, input }: Called): string | null =>
  operation === 'UpdateUser' && 'NewPath' in input && 'UserName' in input ? (input.UserName ?? null) : null
