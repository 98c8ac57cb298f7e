import { InvariantError } from '../../diagnostics/index.ts'
import { regionContext } from '../../evaluator/estate/derived-context.ts'
import { principalContext } from '../../evaluator/keys/context.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../evaluator/layers.ts'
import { parsePrincipal } from '../../evaluator/principal.ts'
import type { AccessDiff } from '../access-diff.ts'
import type { Direction } from '../access-entry.ts'
import { EntryCollector } from '../entries/entries.ts'
import { policyEscalations } from '../escalation/policy-escalations.ts'
import { keyFactsFrom } from '../key-facts.ts'
import { EVERYTHING, OWN_ACCOUNT_IN_IAM, type PrincipalInState } from '../principals/examined-principal.ts'
import { type PolicyHolder, policyHolders, tellsHolder } from '../principals/policy-holders.ts'
import { organizationFacts, type PrincipalKeys } from '../principals/principal-keys.ts'
import type { Reasoner } from '../reasoner.ts'
import { restRegion, spaceOf } from '../regions/region.ts'
import { sideKey } from '../sides/side.ts'
import type { SideDiff, SideFinding } from '../sides/side-finding.ts'
import { NOTHING_PINNED, type Pins, pinnedTo } from '../symbolic/pins.ts'
import { literalGlob } from '../symbolic/tokens.ts'
import { asked as asks } from '../witness/asked.ts'
import type { Decider } from '../witness/decider.ts'
import type { ComparedSide, Comparison } from './comparison.ts'
import { diffOf } from './diff-of.ts'

/** Stands for whoever holds a policy. */
const ANYBODY = 'arn:aws:iam::123456789012:user/example'

/** What two policies allow whoever holds them: nothing is known of who that is. */
export function diffPolicies(
  before: IdentifiedPolicy,
  after: IdentifiedPolicy,
  { reasoner, decider }: { readonly reasoner: Reasoner; readonly decider: Decider },
): AccessDiff {
  reasoner.makeRoom()
  const collector = new EntryCollector(reasoner, decider)
  // Those of whom the policies speak come first, so that examples name somebody who can be; then whoever else it may be.
  const holders = [...policyHolders([before.policy, after.policy]), null]
  const found: Record<Direction, SideFinding[]> = { gained: [], lost: [] }
  const compare = (direction: Direction, asked: Asked) => {
    const comparison = comparisonOf(asked, reasoner)
    const { findings, doubts } = gainsOf(asked, comparison, reasoner)
    const news = findings.flatMap((each) => newsIn(each, found[direction]))
    if (asked.holder === null) {
      // By keys that nobody was found to have together: whether there is somebody isn't known.
      const isReal = ({ request }: SideFinding) => holders.length === 1 || !tellsHolder(request.context)
      const unreal = news.filter((each) => !isReal(each) && each.tier === 'typed')
      // What hangs on another account's IAM alone is nobody's.
      const inIam = unreal.some(isAboutIam)
        ? gainsOf({ ...asked, besides: [OWN_ACCOUNT_IN_IAM] }, comparison, reasoner)
        : { findings: [], doubts: [] }
      const nobodys = unreal.filter((each) => !isAboutIam(each) || isAmong(inIam, each))
      collector.add(direction, comparison, {
        findings: news.filter(isReal),
        doubts: [...doubts, ...nobodys.map(({ allow }) => ({ allow, reason: 'variables' as const }))],
      })
      return
    }
    // What isn't sure of somebody is told of anybody, should it be.
    const sure = news.filter(({ request }) =>
      decider.confirms(asks(comparison, comparison.now), asks(comparison, comparison.before), request),
    )
    collector.add(direction, comparison, { findings: sure, doubts: [] })
    found[direction].push(...sure)
  }
  for (const holder of holders) {
    compare('gained', { now: after, old: before, holder })
    compare('lost', { now: before, old: after, holder })
  }
  const diff = diffOf(collector, (gained) =>
    policyEscalations(gained, reasoner.sideOf({ identity: [after] }, NOTHING_PINNED), reasoner.actions),
  )
  return {
    ...diff,
    gained: nobody(diff.gained),
    lost: nobody(diff.lost),
    unknown: nobody(diff.unknown),
    escalations: nobody(diff.escalations),
  }
}

const nobody = <T extends { readonly principals: readonly string[] }>(all: readonly T[]): readonly T[] =>
  all.map((each) => ({ ...each, principals: [] }))

const isAboutIam = ({ actions }: SideFinding): boolean => actions.every((action) => action.startsWith('iam:'))

/** Whether a statement is found to allow some of the same, or isn't known to. */
const isAmong = ({ findings, doubts }: SideDiff, { allow, actions }: SideFinding): boolean =>
  doubts.some((each) => each.allow.symbolic.source === allow.symbolic.source) ||
  findings.some(
    (each) =>
      each.allow.symbolic.source === allow.symbolic.source &&
      each.actions.some((action) => actions.includes(action)),
  )

/** Two policies in the hands of somebody; null: of anybody, of whom nothing is known. */
interface Asked {
  readonly now: IdentifiedPolicy
  readonly old: IdentifiedPolicy
  readonly holder: PolicyHolder | null
  /** What limits them besides. */
  readonly besides?: readonly IdentifiedPolicy[]
}

function comparisonOf({ now, old, holder }: Asked, reasoner: Reasoner): Comparison {
  const principal = holder?.principal ?? ANYBODY
  const facts = parsePrincipal(principal)
  if (facts === null) throw new InvariantError('an ARN of our own is malformed')
  const state: PrincipalInState = {
    name: principal,
    facts,
    base: null,
    layers: {},
    pins: holder?.pins ?? NOTHING_PINNED,
    context: new Map(),
    isOutside: false,
    isSession: false,
    keys: holder?.keys ?? KEYS_OF_ANYBODY,
    isOneOfSeveral: false,
    resourceContext: (request) => new Map(regionContext(request, reasoner.partition)),
  }
  const compared = (policy: IdentifiedPolicy): ComparedSide => ({
    state,
    layers: layersOf(policy, holder),
    side: reasoner.sideOf(layersOf(policy, holder), state.pins),
  })
  const sides = { now: compared(now), before: compared(old) }
  return {
    principal: {
      label: '',
      name: principal,
      account: facts.account,
      holds: holder === null ? 'anybody' : 'oneOfAccount',
    },
    region: restRegion(null),
    ...sides,
    isMeant: () => true,
    key: `${state.keys.id} ${sideKey(sides.now.side)} > ${sideKey(sides.before.side)}`,
  }
}

/** Of whoever holds a policy only what keys look like is known, and that it is no service. */
const KEYS_OF_ANYBODY: PrincipalKeys = {
  id: 'anybody',
  factsOf: (key) =>
    key === 'aws:principalisawsservice'
      ? { within: [literalGlob('false')], mayBeAbsent: false }
      : key.startsWith('aws:principalservicename')
        ? { mayBeAbsent: true, isAbsent: true }
        : organizationFacts(key, null),
}

function gainsOf(
  { now, old, holder, besides = [] }: Asked,
  { principal, ...sides }: Comparison,
  reasoner: Reasoner,
): SideDiff {
  const facts = parsePrincipal(principal.name)
  const pins = holder?.pins ?? NOTHING_PINNED
  // The evaluator derives these of anybody, so that they can't be missing.
  const present = new Set((facts === null ? [] : principalContext(facts, null)).map(([key]) => key))
  const common = keyFactsFrom(reasoner.actions.facts, {
    isSession: holder?.kind === 'role' || holder?.kind === 'federatedUser',
    present,
  })
  // What somebody reaches in IAM is their own account's.
  const space = holder === null ? null : spaceOf(restRegion(holder.account), [], reasoner)
  const sidesFor = (known: Pins) => ({
    now: reasoner.sideOf(layersOf(now, holder, besides), known),
    before: reasoner.sideOf(layersOf(old, holder), known),
  })
  return reasoner.diff(
    besides.length === 0 ? { now: sides.now.side, before: sides.before.side } : sidesFor(pins),
    {
      inside: space?.inside ?? [reasoner.anyResource],
      outside: space?.outside ?? [],
      ...(space === null ? {} : { boundsFor: space.boundsFor }),
      withStar: true,
      principal: {
        id: sides.now.state?.keys.id ?? '',
        kind: holder?.kind ?? 'user',
        keyFacts: (key) => ({ ...common(key), ...sides.now.state?.keys.factsOf(key) }),
      },
      pinned: (more) => {
        const known = pinnedTo(pins, more)
        return sidesFor(known)
      },
    },
  )
}

/** What a federated user's session passes on may be all that its parent has. */
const layersOf = (
  policy: IdentifiedPolicy,
  holder: PolicyHolder | null,
  besides: readonly IdentifiedPolicy[] = [],
): PolicyLayers => ({
  identity: [policy, ...besides],
  ...(holder?.kind === 'federatedUser' ? { session: [EVERYTHING] } : {}),
})

/** Without what was found of somebody else by the same statement. */
function newsIn(finding: SideFinding, known: readonly SideFinding[]): readonly SideFinding[] {
  const { source } = finding.allow.symbolic
  const told = new Set(
    known.flatMap(({ allow, tier, actions }) =>
      allow.symbolic.source === source && tier === finding.tier ? actions : [],
    ),
  )
  if (told.size === 0) return [finding]
  const actions = finding.actions.filter((action) => !told.has(action))
  return actions.length === 0 ? [] : [{ ...finding, actions }]
}
