import { InvariantError } from '../diagnostics/index.ts'
import { principalContext } from '../evaluator/context.ts'
import { regionContext } from '../evaluator/estate/derived-context.ts'
import type { IdentifiedPolicy } from '../evaluator/layers.ts'
import { parsePrincipal } from '../evaluator/principal.ts'
import type { AccessDiff } from './access-diff.ts'
import type { ComparedSide, Comparison } from './comparer.ts'
import type { Decider } from './decider.ts'
import { diffOf } from './diff-of.ts'
import { type Direction, EntryCollector } from './entries.ts'
import { policyEscalations } from './escalation/policy-escalations.ts'
import { keyFactsFrom } from './key-facts.ts'
import type { Reasoner } from './reasoner.ts'
import { restRegion } from './region.ts'
import { sideKey } from './side.ts'
import type { SubjectState } from './subject.ts'
import { NOTHING_PINNED, type Pins, pinnedTo } from './symbolic/pins.ts'

/** Stands for whoever holds a policy. */
const ANYBODY = 'arn:aws:iam::123456789012:user/example'

/** What two policies allow whoever holds them: nothing is known of who that is. */
export function diffPolicies(
  before: IdentifiedPolicy,
  after: IdentifiedPolicy,
  { reasoner, decider }: { readonly reasoner: Reasoner; readonly decider: Decider },
): AccessDiff {
  reasoner.makeRoom()
  const facts = parsePrincipal(ANYBODY)
  if (facts === null) throw new InvariantError('an ARN of our own is malformed')
  const state: SubjectState = {
    principal: ANYBODY,
    facts,
    base: null,
    layers: {},
    pins: NOTHING_PINNED,
    context: new Map(),
    isOutside: false,
    isSession: false,
    keys: { id: 'anybody', factsOf: () => null },
    isOneOfSeveral: false,
    resourceContext: (request) => new Map(regionContext(request, reasoner.partition)),
  }
  // The evaluator derives these of anybody, so that they can't be missing.
  const present = new Set(principalContext(facts, null).map(([key]) => key))
  const caller = {
    id: 'anybody',
    kind: 'user' as const,
    keyFacts: keyFactsFrom(reasoner.actions.facts, { isSession: false, present }),
  }
  const sideOf = (policy: IdentifiedPolicy, pins: Pins) => reasoner.sideOf({ identity: [policy] }, pins)
  const compared = (policy: IdentifiedPolicy): ComparedSide => ({
    state,
    layers: { identity: [policy] },
    side: sideOf(policy, NOTHING_PINNED),
  })
  const collector = new EntryCollector(reasoner, decider)
  const compare = (direction: Direction, now: IdentifiedPolicy, old: IdentifiedPolicy) => {
    const sides = { now: compared(now), before: compared(old) }
    const comparison: Comparison = {
      subject: { label: '', principal: ANYBODY, account: facts.account, isWhoeverHolds: true },
      region: restRegion(null),
      ...sides,
      isMeant: () => true,
      key: `${sideKey(sides.now.side)} > ${sideKey(sides.before.side)}`,
    }
    const diff = reasoner.diff(
      { now: sides.now.side, before: sides.before.side },
      {
        inside: [reasoner.anyResource],
        outside: [],
        withStar: true,
        caller,
        pinned: (keys) => {
          const pins = pinnedTo(NOTHING_PINNED, keys)
          return { now: sideOf(now, pins), before: sideOf(old, pins) }
        },
      },
    )
    collector.add(direction, comparison, diff)
  }
  compare('gained', after, before)
  compare('lost', before, after)
  const diff = diffOf(collector, (gained) =>
    policyEscalations(gained, sideOf(after, NOTHING_PINNED), reasoner.actions),
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
