import type { ProjectAccount } from '../../manifest/desired.ts'
import { type AccountState, parseEntityArn } from '../../model/index.ts'
import type { PlanRequest } from '../../plan/plan-changes.ts'
import { NO_OTHERS, type OtherAccount, OtherAccounts } from '../../plan/principals/other-accounts.ts'
import { trustedElsewhere } from '../../plan/principals/trust.ts'
import { leavingPrincipals } from '../../plan/removal/leaving.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'

/** An account that is to be planned, as it was read. */
export interface ReadAccount {
  readonly account: ValidAccount
  readonly input: PlanRequest
}

/**
 * What each account's plan has to know of the project's others. Of those that aren't planned, only such are read as a
 * trust policy names somebody of.
 * @returns by account id, of those in `planned`
 */
export async function othersOf(
  planned: readonly ReadAccount[],
  { project }: Pick<OpenedProject, 'project'>,
  observe: (account: ProjectAccount) => Promise<AccountState>,
): Promise<ReadonlyMap<string, OtherAccounts>> {
  if (project.accounts.length < 2)
    return new Map(planned.map(({ account }) => [account.account.id, NO_OTHERS]))
  const asked = new Set(planned.flatMap(({ account }) => ownersOfTrusted(account)))
  const inputs = new Map(planned.map(({ account, input }) => [account.account.id, input]))
  const all: OtherAccount[] = []
  for (const each of project.accounts) {
    const { id, partition } = each.account
    const input = inputs.get(id)
    all.push({
      account: { id, partition, name: each.name },
      desired: each.desired,
      observed: input?.observed ?? (asked.has(id) ? await observe(each) : null),
      leaving: input === undefined ? new Set() : leavingPrincipals(input),
      ...(input?.formerNames === undefined ? {} : { formerNames: input.formerNames }),
    })
  }
  const turns = turnsOf(planned, new OtherAccounts(all))
  return new Map(
    planned.map(({ account: { account } }) => [
      account.id,
      new OtherAccounts(
        all.flatMap((other) =>
          other.account.id === account.id ? [] : appliedWith(other, account.id, turns),
        ),
      ),
    ]),
  )
}

function appliedWith(other: OtherAccount, planned: string, turns: ReadonlyMap<string, number>): OtherAccount {
  const [own, turn] = [turns.get(planned) ?? 0, turns.get(other.account.id)]
  if (turn === undefined) return { ...other, applied: 'not' }
  return turn > own ? { ...other, applied: 'after' } : other
}

/**
 * By account id, whose turn it is when: after the accounts that make whom its trust policies name. Of accounts that wait for
 * each other the one that stands first comes first, and names the others' principals once they are there.
 */
function turnsOf(planned: readonly ReadAccount[], all: OtherAccounts): ReadonlyMap<string, number> {
  const turns = new Map<string, number>()
  const left = planned.map(({ account }) => ({
    id: account.account.id,
    makers: new Set(
      [...account.desired.entities.role.values()].flatMap(({ trustPolicy }) =>
        trustedElsewhere(trustPolicy.json, account.desired.account).flatMap((arn) =>
          all.fateOf(arn) === 'comes' ? [parseEntityArn(arn)?.account ?? ''] : [],
        ),
      ),
    ),
  }))
  while (left.length > 0) {
    const free = left.findIndex(({ makers }) => !left.some(({ id }) => makers.has(id)))
    for (const { id } of left.splice(Math.max(free, 0), 1)) turns.set(id, turns.size)
  }
  return turns
}

/** The ids of the accounts whose users and roles an account's trust policies name. */
const ownersOfTrusted = ({ desired }: ValidAccount): readonly string[] =>
  [...desired.entities.role.values()].flatMap(({ trustPolicy }) =>
    trustedElsewhere(trustPolicy.json, desired.account).map((arn) => parseEntityArn(arn)?.account ?? ''),
  )
