import type { IdentifiedPolicy, PolicyLayers } from '../../evaluator/layers.ts'
import type { EstateView } from '../estate-view.ts'
import { EVERYTHING, type PrincipalInState } from '../principals/examined-principal.ts'
import { issuing } from '../principals/issuers.ts'
import { mayNameIssued, type Naming, namingOf } from '../principals/principal-match.ts'
import type { Reasoner } from '../reasoner.ts'
import { NO_ACCESS, type PrincipalSide } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'
import { grantsMore, type OpenRule } from '../symbolic/open-rules.ts'
import type { Pins } from '../symbolic/pins.ts'
import { writtenIn } from '../witness/written-keys.ts'
import type { Region } from './region.ts'
import { pinnedBy, pinnedToOwn } from './region-pins.ts'
import { controlDenials, controlsFor, controlsIn } from './resource-controls.ts'

/** What one principal may do in one region, in one state of the estate. */
export interface RegionSide {
  readonly side: PrincipalSide
  /** For the evaluator; its `resource` layer is the region's own policy. */
  readonly layers: PolicyLayers
  /** The resource control policies of a request; absent: there are none. */
  readonly controls?: (request: {
    readonly action: string
    readonly resource: string
  }) => NonNullable<PolicyLayers['rcp']>
  /** Whom statements name, or leave alone, only as open rules are read: what isn't in the side of itself. */
  readonly namedByReading?: readonly OpenRule[]
}

/**
 * @param state null: the principal isn't there
 * @param known what is known of the principal's requests
 * @throws Refusal, UnevaluablePolicyError when a policy has no clear meaning
 */
export type SideOfRegion = (
  state: PrincipalInState | null,
  region: Region,
  view: EstateView,
  reasoner: Reasoner,
  known: Pins,
) => RegionSide

export const regionSide: SideOfRegion = (state, region, view, reasoner, known) => {
  if (state === null) return { side: NO_ACCESS, layers: {} }
  const { conditionKeyTypeOf } = reasoner.actions.facts
  const isKey = (key: string) => conditionKeyTypeOf(key) !== null
  const rcp = controlsIn(state, region, view)
  // Where statements ask whose something is, what the ARN doesn't tell may be somebody else's.
  const isOwn =
    region.type === 'rest' && region.part === 'own' && rcp.length === 0 && !asksForOwner(state.layers)
  const pins =
    region.type !== 'rest'
      ? pinnedBy(region, view, known, isKey)
      : isOwn && region.account !== null
        ? pinnedToOwn(region.account, view, known)
        : known
  const found = uncontrolledSide(state, region, view, reasoner, pins)
  if (rcp.length === 0 || found.side.ways.length === 0) return found
  const denials = controlDenials(state, region, view, reasoner, pins)
  return {
    ...found,
    side: { ways: found.side.ways, denies: [...found.side.denies, ...denials] },
    layers: { ...found.layers, rcp },
    controls: (request) => controlsFor(state, region, view, request),
  }
}

const asksForOwner = (layers: PolicyLayers): boolean =>
  Object.values(layers)
    .flat(2)
    .some((each) => each != null && writtenIn(each.policy).has('aws:resourceaccount'))

/** What one may do as far as one's own policies and the resource's say. */
function uncontrolledSide(
  state: PrincipalInState,
  region: Region,
  view: EstateView,
  reasoner: Reasoner,
  pins: Pins,
): RegionSide {
  // Root is allowed everything in its account but what control policies take away.
  const layers =
    state.facts.kind === 'root' && !state.isOutside
      ? { ...state.layers, identity: [EVERYTHING] }
      : state.layers
  if (region.type === 'rest') {
    if (state.isOutside) return { side: NO_ACCESS, layers }
    return { side: reasoner.sideOf(layers, pins), layers: state.layers }
  }
  const own = ownPolicyOf(region, view)
  if (own === undefined) return { side: NO_ACCESS, layers }
  const resource = own === null ? {} : { resource: own }
  const named = namedStatements(state, own, region, view, reasoner, pins)
  return {
    side: combined(state, region, reasoner.sideOf(layers, pins), named),
    layers: { ...state.layers, ...resource },
    ...(named.byReading.length > 0 ? { namedByReading: named.byReading } : {}),
  }
}

/** null: it has none; undefined: there is no such role. */
function ownPolicyOf(
  region: Exclude<Region, { type: 'rest' }>,
  view: EstateView,
): IdentifiedPolicy | null | undefined {
  if (region.type === 'trust') return view.trustOf(region.arn) ?? undefined
  // What isn't declared in this state may be there all the same; nothing is known of a policy of its own.
  const facts = view.resourceOf(region.arn)
  return facts === null ? null : view.policyOf(facts)
}

interface NamedStatements {
  readonly allows: Readonly<Record<Naming, readonly PlacedStatement[]>>
  readonly denies: readonly PlacedStatement[]
  readonly byReading: readonly OpenRule[]
}

function namedStatements(
  { facts, base, layers, isOutside }: PrincipalInState,
  own: IdentifiedPolicy | null,
  region: Exclude<Region, { type: 'rest' }>,
  view: EstateView,
  { compiler }: Reasoner,
  pins: Pins,
): NamedStatements {
  const allows: Record<Naming, PlacedStatement[]> = { direct: [], role: [], account: [] }
  const denies: PlacedStatement[] = []
  const hasBoundary = layers.boundary != null && layers.boundary.length > 0
  const isReadWider = grantsMore(pins)
  const byReading = new Set<OpenRule>()
  const ofRole =
    region.type === 'resource' && facts.kind === 'role' && !isOutside
      ? { isIssuedBy: issuing(base ?? facts.text, view) }
      : {}
  for (const statement of own?.policy.statements ?? []) {
    const naming = namingOf(statement, { facts, base, hasBoundary, isReadWider, ...ofRole })
    if (mayNameIssued(statement.principal, statement.effect, ofRole)) compiler.sawOpenRule()
    if (isReadWider) {
      const strict = namingOf(statement, { facts, base, hasBoundary })
      if (naming === null && strict !== null) byReading.add('13')
      if (naming !== null && strict === null) byReading.add('11')
    }
    if (naming === null || own === null) continue
    const use = region.type === 'trust' ? 'trust' : 'resource'
    const placed = compiler.compileOne(statement, own.policy.version, own.id, 'resource', use, pins)
    if (placed === null) continue
    if (statement.effect === 'Deny') denies.push(placed)
    else allows[naming].push(placed)
  }
  return { allows, denies, byReading: [...byReading] }
}

/** @see IAM User Guide, "Policy evaluation logic": identity-based with resource-based policies, in one account and across */
function combined(
  { facts, layers, isOutside }: PrincipalInState,
  region: Exclude<Region, { type: 'rest' }>,
  own: PrincipalSide,
  { allows, denies }: NamedStatements,
): PrincipalSide {
  const [identity = [], ...limits] = own.ways[0] ?? []
  const all = [...own.denies, ...denies]
  const named = [...allows.direct, ...allows.role, ...allows.account]
  // Of the limits, only control policies bind whoever is named as such.
  const controls = limits.slice(limits.length - (layers.scp?.length ?? 0))
  if (isOutside) return { ways: [[named, ...controls]], denies: all }
  if (facts.account !== region.owner) return { ways: [[named, identity, ...limits]], denies: all }
  const needsOwn = region.type === 'trust' || region.of === 'key'
  return {
    ways: [
      [allows.direct, ...controls],
      [allows.role, ...limits],
      needsOwn ? [allows.account, identity, ...limits] : [identity, ...limits],
    ],
    denies: all,
  }
}
