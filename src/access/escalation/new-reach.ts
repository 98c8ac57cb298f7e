import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import { Refusal } from '../../evaluator/estate/refusal.ts'
import type { IdentifiedPolicy } from '../../evaluator/layers.ts'
import { UnevaluablePolicyError } from '../../evaluator/unevaluable.ts'
import { parseEntityArn } from '../../model/index.ts'
import type { EstateView } from '../estate-view.ts'
import type { Exploration } from '../explore.ts'
import type { World } from './edge.ts'
import { holderOf, nameKey } from './holder.ts'
import { Powers } from './powers.ts'
import { type Gained, Reach, type Reached } from './reach.ts'
import { SurplusOf } from './surplus.ts'
import { Trusts } from './trusts.ts'

export interface FoundReach {
  readonly reached: readonly Gained[]
  /** Labels of those whose policies can't be read. */
  readonly unknown: readonly string[]
}

export interface ReachedBy {
  /** Of an account id: whose principals are looked at. */
  readonly isConcerned: (account: string) => boolean
  /** Label of whom to look at; null: everybody. */
  readonly from: string | null
}

/** @param facts where AWS's own policies are known */
export function worldOf(exploration: Exploration, facts: AccountFacts): World {
  const powers = new Powers(exploration)
  return {
    ...exploration,
    powers,
    surplus: new SurplusOf(exploration, powers),
    trusts: new Trusts(exploration),
    managedPolicy: managedIn(exploration.view, facts),
  }
}

function managedIn({ documents }: EstateView, facts: AccountFacts): World['managedPolicy'] {
  const known = new Map<string, IdentifiedPolicy | null>()
  return (arn) => {
    let policy = known.get(arn)
    if (policy === undefined) {
      const json = facts.documentOf(arn)
      policy = json === null ? null : documents.identified(arn, { json, located: null }, 'identity')
      known.set(arn, policy)
    }
    return policy
  }
}

/** What everybody can come to in a state that they couldn't come to in another. @param before null: nothing was there */
export function newReach(after: World, before: World | null, by: ReachedBy): FoundReach {
  const now = new Reach(after)
  const old = before === null ? null : new Reach(before)
  const reached: Gained[] = []
  const unknown: string[] = []
  for (const account of after.view.accounts.keys()) {
    if (!by.isConcerned(account)) continue
    for (const { arn } of after.view.entitiesOf(account)) {
      if (by.from !== null && by.from !== arn) continue
      const found = reachOf(arn, after, now)
      const former =
        found.length === 0 || before === null || old === null
          ? []
          : reachOf(formerly(arn, before), before, old)
      if (found === 'unknown' || former === 'unknown') unknown.push(arn)
      else reached.push(...gainsIn(found.filter(notAmong(former, arn, before)), after))
    }
  }
  return { reached, unknown }
}

/** Of what is reached, what gives anything. */
const gainsIn = (reached: readonly Reached[], { surplus }: World): readonly Gained[] =>
  reached.flatMap((each): readonly Gained[] => {
    const { edge, start, isAdministrator } = each
    if (edge.to === null) return [{ ...each, surplus: null }]
    const more = isAdministrator ? 'administrator' : surplus.beyond(edge.to, start, edge.only)
    return more === null ? [] : [{ ...each, surplus: more }]
  })

function reachOf(arn: string, world: World, reach: Reach): readonly Reached[] | 'unknown' {
  try {
    const known = world.view.principalOf(arn)
    if (known === null) return []
    const holder = 'asker' in known ? holderOf(arn, 'own', world.view) : null
    return holder === null ? 'unknown' : reach.from(holder)
  } catch (error) {
    if (error instanceof Refusal || error instanceof UnevaluablePolicyError) return 'unknown'
    throw error
  }
}

/** Who moves to another path stays the same. */
function formerly(arn: string, { view }: World): string {
  const entity = parseEntityArn(arn)
  const state = view.accounts.get(entity?.account ?? '')
  const name = entity?.name ?? ''
  return (entity?.kind === 'user' ? state?.users.get(name)?.arn : state?.roles.get(name)?.arn) ?? arn
}

function notAmong(former: readonly Reached[], arn: string, before: World | null): (each: Reached) => boolean {
  const certain = new Set(former.filter(({ edge }) => !edge.isPotential).map(({ key }) => key))
  const all = new Set(former.map(({ key }) => key))
  const holder = before === null ? null : holderOf(formerly(arn, before), 'own', before.view)
  const wasAdministrator = holder !== null && before?.surplus.isAdministrator(holder) === true
  return (each) => {
    const account = each.edge.to?.account ?? each.start.account
    // Nearly everything is more than anything else in an account.
    if (wasAdministrator && nameKey(arn).startsWith(`${account} `)) return false
    if (certain.has(`administrator of ${account}`)) return false
    return each.edge.isPotential ? !all.has(each.key) : !certain.has(each.key)
  }
}
