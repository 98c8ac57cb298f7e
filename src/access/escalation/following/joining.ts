import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import { type GroupState, parseEntityArn, type UserState } from '../../../model/index.ts'
import type { World } from '../edge.ts'
import type { Holder } from '../powers/holder.ts'
import { onceRenamed } from './renaming.ts'
import type { Written } from './written.ts'

const JOINING = 'iam:AddUserToGroup'
const NO_FACTS = new Map()

/** Groups that one may be added to. */
export function* joinedGroups(
  writer: Holder,
  of: Holder,
  { groups }: UserState,
  world: World,
): Iterable<Written> {
  const { powers, view } = world
  const state = view.accounts.get(of.account)
  if (powers.anyOf(writer, [JOINING]) === null) return
  for (const group of state?.entities.group.values() ?? []) {
    if (groups.includes(group.name)) continue
    const asItIs = powers.on(writer, JOINING, group.arn)
    const over =
      asItIs === null
        ? onceRenamed(writer, JOINING, { kind: 'group', arn: group.arn }, NO_FACTS, powers)
        : { power: asItIs }
    if (over === null) continue
    const policies = policiesOf(group, of, world)
    if (policies.length === 0) continue
    const { layers } = of.state
    yield {
      target: group.arn,
      ...over,
      layers: { ...layers, identity: [...(layers.identity ?? []), ...policies] },
      how: 'joined',
    }
  }
}

function policiesOf(
  group: GroupState,
  { account }: Holder,
  { view, managedPolicy }: World,
): readonly IdentifiedPolicy[] {
  const own = view.accounts.get(account)?.entities.policy
  return [
    ...group.managedPolicies.flatMap((arn) => {
      const policy = own?.get(parseEntityArn(arn)?.name ?? '')
      const found =
        policy?.arn === arn ? view.knownPolicy(arn, policy.document, 'identity') : managedPolicy(arn)
      return found ?? []
    }),
    ...[...group.inlinePolicies].flatMap(
      ([name, document]) => view.knownPolicy(`inline:${name}`, document, 'identity') ?? [],
    ),
  ]
}
