import type { DesiredState } from '../manifest/desired.ts'
import { isPrincipalEntityKind, parseEntityArn } from '../model/index.ts'
import type { Change, Plan } from '../plan/plan.ts'
import type { OtherAccounts } from '../plan/principals/other-accounts.ts'
import { trustedElsewhere } from '../plan/principals/trust.ts'

interface Planned {
  readonly plan: Pick<Plan, 'account' | 'changes' | 'steps'>
  readonly intent: { readonly desired: DesiredState; readonly others?: OtherAccounts }
}

/** By plan, those that come before it. */
type Order<P> = ReadonlyMap<P, ReadonlySet<P>>

/**
 * The order in which accounts are applied: as they stand, but that an account whose trust policies name somebody whom
 * this apply makes in another comes after that one, and an account that deletes somebody comes after those whose trust
 * policies cease to name them. Where these two contradict each other, the first counts: IAM refuses to store a trust in
 * nobody, while whoever is deleted before stands in the trust policy by their id. Who waits for a step of theirs
 * (`awaits`) doesn't come after them for that.
 */
export function applyOrder<P extends Planned>(planned: readonly P[]): readonly P[] {
  const makers = makersOf(planned)
  const droppers = droppersOf(planned)
  const ordered: P[] = []
  const left = [...planned]
  while (left.length > 0) {
    const free = (order: Order<P>) => (each: P) =>
      [...(order.get(each) ?? [])].every((other) => other === each || !left.includes(other))
    const [isMade, isDropped] = [free(makers), free(droppers)]
    const next = left.find((each) => isMade(each) && isDropped(each)) ?? left.find(isMade) ?? left[0]
    ordered.push(...left.splice(next === undefined ? 0 : left.indexOf(next), 1))
  }
  return ordered
}

/** Who makes those whom the trust policies that a plan writes name. */
function makersOf<P extends Planned>(planned: readonly P[]): Order<P> {
  const makers = new Map<string, P>()
  for (const each of planned)
    for (const change of each.plan.changes)
      if (
        isPrincipal(change) &&
        change.action !== 'delete' &&
        (change.action !== 'update' || changes(change, 'path'))
      )
        makers.set(change.arn, each)
  return new Map(planned.map((each) => [each, makersFor(each, makers)]))
}

function makersFor<P extends Planned>({ plan, intent }: P, makers: ReadonlyMap<string, P>): ReadonlySet<P> {
  const found = new Set<P>()
  if (makers.size === 0) return found
  const awaited = new Set(plan.steps.flatMap(({ awaits = [] }) => awaits))
  for (const change of plan.changes) {
    const role = change.kind === 'role' ? intent.desired.entities.role.get(change.name) : undefined
    if (role === undefined || !changes(change, 'trustPolicy')) continue
    for (const arn of trustedElsewhere(role.trustPolicy.json, intent.desired.account)) {
      const maker = awaited.has(arn) ? undefined : makers.get(arn)
      if (maker !== undefined) found.add(maker)
    }
  }
  return found
}

/** Who deletes roles, or writes their trust anew, that trust those whom a plan deletes. */
function droppersOf<P extends Planned>(planned: readonly P[]): Order<P> {
  const byAccount = new Map(planned.map((each) => [each.plan.account.id, each]))
  return new Map(
    planned.map((each) => [
      each,
      new Set(
        each.plan.changes.flatMap((change) => {
          const { action } = change
          if (!isPrincipal(change) || (action !== 'delete' && action !== 'replace')) return []
          return (each.intent.others?.storedTrustOf(change.arn) ?? []).flatMap((role) => {
            const owner = byAccount.get(parseEntityArn(role)?.account ?? '')
            return owner !== undefined && dropsTrustOf(owner, role) ? [owner] : []
          })
        }),
      ),
    ]),
  )
}

/** @param arn as it is now: one that is made anew gets another */
const dropsTrustOf = ({ plan }: Planned, arn: string): boolean =>
  plan.changes.some(
    (change) =>
      change.kind === 'role' &&
      change.name === parseEntityArn(arn)?.name &&
      (change.action === 'delete' || change.action === 'replace' || changes(change, 'trustPolicy')),
  )

const isPrincipal = (change: Change): change is Change & { readonly arn: string } =>
  isPrincipalEntityKind(change.kind) && change.arn !== null

const changes = ({ details }: Change, attribute: string): boolean =>
  details.some(({ path }) => path === attribute)
