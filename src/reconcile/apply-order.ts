import type { DesiredState } from '../manifest/desired.ts'
import type { Plan } from '../plan/plan.ts'
import { trustedElsewhere } from '../plan/trust.ts'

interface Planned {
  readonly plan: Pick<Plan, 'changes'>
  readonly intent: { readonly desired: DesiredState }
}

/**
 * The order in which accounts are applied: as they stand, but that an account whose trust policies name somebody whom
 * this apply makes in another comes after that one. Accounts that wait for each other come as they stand.
 */
export function applyOrder<P extends Planned>(planned: readonly P[]): readonly P[] {
  const makers = new Map<string, P>()
  for (const each of planned)
    for (const { action, kind, arn, details } of each.plan.changes)
      if (
        (kind === 'user' || kind === 'role') &&
        (action === 'create' || action === 'replace' || details.some(({ path }) => path === 'path')) &&
        action !== 'delete'
      )
        makers.set(arn, each)
  const waitsFor = new Map(planned.map((each) => [each, makersFor(each, makers)]))
  const ordered: P[] = []
  const left = [...planned]
  while (left.length > 0) {
    const free = left.findIndex((each) =>
      [...(waitsFor.get(each) ?? [])].every((maker) => maker === each || !left.includes(maker)),
    )
    ordered.push(...left.splice(Math.max(free, 0), 1))
  }
  return ordered
}

/** Who makes those whom the trust policies that a plan writes name. */
function makersFor<P extends Planned>({ plan, intent }: P, makers: ReadonlyMap<string, P>): ReadonlySet<P> {
  const found = new Set<P>()
  if (makers.size === 0) return found
  for (const { kind, name, details } of plan.changes) {
    const role = kind === 'role' ? intent.desired.entities.role.get(name) : undefined
    if (role === undefined || !details.some(({ path }) => path === 'trustPolicy')) continue
    for (const arn of trustedElsewhere(role.trustPolicy.json, intent.desired.account)) {
      const maker = makers.get(arn)
      if (maker !== undefined) found.add(maker)
    }
  }
  return found
}
