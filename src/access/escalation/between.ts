import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import { parseArn, parseEntityArn, principalEntityNamed } from '../../model/index.ts'
import type { AccessEntry, UnknownAccess } from '../access-entry.ts'
import type { EstateComparison } from '../diff/estate-diff.ts'
import { strangersLetIn } from '../public/strangers-let-in.ts'
import type { World } from './edge.ts'
import { entryEscalations, type Judging } from './entry-escalations.ts'
import type { Escalation } from './escalation.ts'
import { escalationFindings, sortedByWeight } from './findings.ts'
import { newAdministrators } from './new-administrators.ts'
import { newReach, unknownAccess, worldOf } from './new-reach.ts'
import { weakenedGuardrails } from './powers/guardrails.ts'
import { holderOf } from './powers/holder.ts'

interface EscalationsBetween {
  /** Of an account, with what was gained there. */
  readonly of: (account: string, gained: readonly AccessEntry[]) => readonly Escalation[]
  /** Who may come to more than is known. */
  readonly unknown: readonly UnknownAccess[]
}

/**
 * What is new between two states: what somebody can come to, and what the gained access is by itself.
 */
export function escalationsBetween(
  { before, after, ...tools }: EstateComparison,
  facts: AccountFacts,
  concerned: ReadonlySet<string>,
): EscalationsBetween {
  const [old, now] = [before, after].map((view) => worldOf({ view, ...tools }, facts, false)) as [
    World,
    World,
  ]
  const by = { isConcerned: (account: string) => concerned.has(account), from: null }
  const { reached, unknown } = newReach(now, old, by)
  const { actions } = tools.reasoner
  const found = escalationFindings(reached, actions)
  const judging = judgingIn(now)
  return {
    of: (account, gained) => {
      const own = found.filter(({ principals }) => parseArn(principals[0] ?? '')?.account === account)
      const told = entryEscalations(gained, judging)
      return sortedByWeight([
        ...told,
        ...newAdministrators(gained, told, old, now),
        ...weakenedGuardrails(gained, old),
        ...own.map((each) => withEntry(each, gained)),
      ])
    },
    unknown: unknownAccess(unknown, now),
  }
}

export const judgingIn = (world: World): Judging => ({
  table: world.reasoner.actions,
  powerOf: powerIn(world),
  isOurs: (account) => world.view.accounts.has(account),
  organization: world.view.estate.organization?.id ?? null,
  strangersIn: strangersLetIn(world),
  isOfOrganization: ({ witness: { resource, resourceAccount } }) =>
    world.view.isMember(
      resourceAccount ?? world.view.resourceOf(resource)?.account ?? parseArn(resource)?.account ?? '',
    ),
  isBounded: (label) => boundaryOf(label, world) !== null,
})

function boundaryOf(label: string, { view }: World): string | null {
  const state = view.accounts.get(parseEntityArn(label)?.account ?? '')
  return principalEntityNamed(state?.entities, label)?.permissionsBoundary ?? null
}

/** How much a role may do, 0 to 1: an administrator's counts most, one of nobody known as much. */
const powerIn =
  ({ surplus, view }: World) =>
  (role: string): number => {
    if (view.roleOf(role) === null) return 1
    const holder = holderOf(role, 'own', view)
    if (holder === null || surplus.isAdministrator(holder)) return 1
    return surplus.hasPower(holder) ? 0.5 : 0
  }

/**
 * As the entry by which it was gained, where there is one: it then stands under escalations alone. Not where others gained the
 * same, to whom it gives no more than they have.
 */
function withEntry(escalation: Escalation, gained: readonly AccessEntry[]): Escalation {
  const entry = gained.find(
    (each) =>
      each.tier === 'typed' &&
      each.principals.length === escalation.principals.length &&
      escalation.principals.every((label) => each.principals.includes(label)) &&
      (each.kind === 'assume'
        ? escalation.kind === 'assume' && each.resources.some((role) => escalation.targets.includes(role))
        : escalation.kind === 'action' && isStepIn(escalation, each)),
  )
  if (entry === undefined) return escalation
  const { isPotential } = escalation
  return { ...escalation, ...entry, isPotential: isPotential || entry.isPotential }
}

const isStepIn = ({ path }: Escalation, { actions }: AccessEntry): boolean =>
  path.some(({ witness, besides }) => [witness, ...besides].some(({ action }) => actions.includes(action)))
