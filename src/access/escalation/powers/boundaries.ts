import type { IdentifiedPolicy } from '../../../evaluator/layers.ts'
import { parseEntityArn } from '../../../model/index.ts'
import { matchesPattern } from '../../../model/name-pattern.ts'
import { EVERYTHING } from '../../principals/examined-principal.ts'
import type { World } from '../edge.ts'
import { isWhole } from '../following/taking.ts'
import { type Written, writtenInto } from '../following/written.ts'
import { IAM_WAYS } from '../ways/iam-ways.ts'
import type { Way, WritingMeans } from '../ways/way.ts'
import { asksForBoundary, boundariesAskedFor, withoutBoundary } from './entity-facts.ts'
import type { Given } from './given.ts'
import { accountOf, alteredBy, type Holder } from './holder.ts'

/**
 * Whether a power to write is handed out under a boundary: it asks that whoever is written to has one, and the boundary
 * holds (`holdsBack`).
 * @see IAM User Guide, "Permissions boundaries for IAM entities": delegating responsibility to others
 */
export function isDelegated(
  writer: Holder,
  of: Holder,
  action: string,
  target: string,
  facts: Given,
  world: World,
): boolean {
  if (of.state.layers.boundary == null || !asksForBoundary(facts)) return false
  if (world.powers.on(writer, action, target, withoutBoundary(facts)) !== null) return false
  return holdsBack(alteredBy(of, 'at most', writtenInto(of.state.layers, EVERYTHING)), writer, world)
}

/**
 * Whether a boundary is one under which power may be handed out: whoever may do all that it allows is no administrator, neither
 * gets rid of it nor becomes others, and frees not the one who hands it out. What else it allows is what is meant to be
 * handed out.
 * @param atMost somebody who may do all that it allows
 */
export function holdsBack(atMost: Holder, writer: Holder, { powers, surplus }: World): boolean {
  if (surplus.isAdministrator(writer)) return true
  if (surplus.isAdministrator(atMost)) return false
  const limit = boundaryOf(atMost)
  if (VERSIONS.some((action) => powers.on(atMost, action, limit) !== null)) return false
  // Under the same boundary nobody is written anything to that it doesn't allow.
  const actions = boundaryOf(writer) === limit ? DROPPING : [...DROPPING, ...WRITING]
  return surplus.beyond(atMost, writer, actions) === null
}

/** ARN; empty: there is none. */
const boundaryOf = ({ state: { layers } }: Holder): string => layers.boundary?.[0]?.id ?? ''

const VERSIONS: readonly string[] = ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion']
const isWriting = ({ reaches }: Way): boolean =>
  (reaches.type === 'writes' && reaches.what !== 'boundary') || reaches.type === 'group'
const CERTAIN = IAM_WAYS.filter(({ isPotential }) => isPotential !== true)
/** By these somebody writes what others are allowed. */
const WRITING: readonly string[] = CERTAIN.filter(isWriting).map(({ id }) => id)
/** A user that is made is nobody's without a key or a password, which count by themselves. */
const isOfUsers = ({ reaches }: Way): boolean => reaches.type === 'new' && reaches.kind === 'user'
/** By these somebody takes boundaries away, or becomes somebody who has none. */
const DROPPING: readonly string[] = CERTAIN.filter((way) => !isWriting(way) && !isOfUsers(way)).map(
  ({ id }) => id,
)

/**
 * Another version of the policy that is somebody's boundary: it limits nothing any more.
 * @see IAM User Guide, "Permissions boundaries for IAM entities": whoever may edit the policy may change the boundary
 */
export function* boundaryWritten(
  what: WritingMeans,
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
  world.view.accounts.get(of.account)?.entities.policy.get(parseEntityArn(arn)?.name ?? '')?.versions
    ?.length !== 1

/** Boundaries that somebody's policies ask for, of those whose documents are known: AWS's first. */
export function* boundariesFor(
  from: Holder,
  { managedPolicy, powers, view }: World,
): Iterable<IdentifiedPolicy> {
  const patterns = boundariesAskedFor(from, powers)
  const isMeant = (arn: string) => patterns.some((pattern) => matchesPattern(pattern, arn))
  const own = view.accounts.get(from.account)
  const aws = `arn:${own?.account.partition ?? 'aws'}:iam::aws:policy/`
  const widest = `${aws}AdministratorAccess`
  for (const arn of new Set([...(isMeant(widest) ? [widest] : []), ...patterns])) {
    const policy = arn.startsWith(aws) ? managedPolicy(arn) : null
    if (policy !== null) yield policy
  }
  for (const { arn, document } of own?.entities.policy.values() ?? []) {
    const policy = isMeant(arn) ? view.knownPolicy(arn, document, 'boundary') : null
    if (policy !== null) yield policy
  }
}
