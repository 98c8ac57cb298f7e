import { parseEntityArn } from '../../model/index.ts'
import { EVERYTHING } from '../subject.ts'
import type { World } from './edge.ts'
import { asksForBoundary, withoutBoundary } from './entity-facts.ts'
import type { Given } from './given.ts'
import { accountOf, alteredBy, type Holder } from './holder.ts'
import { isWhole } from './taking.ts'
import type { Writing } from './way.ts'
import { type Written, writtenInto } from './writing.ts'

/**
 * Whether a power to write is handed out under a boundary: it asks that whoever is written to has one, and the boundary is
 * no administrator's.
 * @see IAM User Guide, "Permissions boundaries for IAM entities": delegating responsibility to others
 */
export function isDelegated(
  writer: Holder,
  of: Holder,
  action: string,
  target: string,
  facts: Given,
  { powers, surplus }: World,
): boolean {
  if (of.state.layers.boundary == null || !asksForBoundary(facts)) return false
  if (powers.on(writer, action, target, withoutBoundary(facts)) !== null) return false
  const atMost = alteredBy(of, 'at most', writtenInto(of.state.layers, EVERYTHING))
  return !surplus.isAdministrator(atMost)
}

/**
 * Another version of the policy that is somebody's boundary: it limits nothing any more.
 * @see IAM User Guide, "Permissions boundaries for IAM entities": whoever may edit the policy may change the boundary
 */
export function* boundaryWritten(
  what: Writing,
  action: string,
  writer: Holder,
  of: Holder,
  world: World,
): Iterable<Written> {
  const { layers } = of.state
  const [{ id: arn } = EVERYTHING] = layers.boundary ?? []
  // AWS's own policies nobody writes.
  if (accountOf(arn) !== of.account) return
  const power = world.powers.on(writer, action, arn)
  if (power === null) return
  const isEarlier = what === 'earlier'
  if (isEarlier && !mayHaveEarlier(arn, of, world)) return
  yield {
    target: arn,
    power,
    layers: { ...layers, boundary: [EVERYTHING] },
    how: 'boundary',
    isPotential: isEarlier,
  }
}

/** An earlier version is to be had only where there is one; what it says isn't known. */
export const mayHaveEarlier = (arn: string, of: Holder, world: World): boolean =>
  !isWhole(of, world) ||
  world.view.accounts.get(of.account)?.policies.get(parseEntityArn(arn)?.name ?? '')?.versions?.length !== 1
