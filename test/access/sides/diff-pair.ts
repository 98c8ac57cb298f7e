// Asks the engine about a pair of policies, over the toy catalogue.
import { keyFactsFrom } from '../../../src/access/key-facts.ts'
import { principalPins } from '../../../src/access/principals/principal-pins.ts'
import type { Reasoner } from '../../../src/access/reasoner.ts'
import type { ResourceScope } from '../../../src/access/sides/scope.ts'
import type { SideDiff } from '../../../src/access/sides/side-finding.ts'
import { type Pins, pinnedTo } from '../../../src/access/symbolic/pins.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../../src/evaluator/layers.ts'
import { parsePrincipal } from '../../../src/evaluator/principal.ts'
import { parsePolicy } from '../../../src/policy/parse.ts'
import type { PolicyUse } from '../../../src/policy/parsed.ts'
import { type CasePolicies, type Document, listOf } from '../../oracle/case.ts'
import { ROLE, TEAM, TEAM_TAG } from '../random-pairs.ts'
import { TOY_ACTIONS } from '../toy-catalog.ts'

const read = (
  documents: readonly Document[] | null | undefined,
  use: PolicyUse,
): readonly IdentifiedPolicy[] =>
  listOf<Document>(documents).map((document, index) => {
    const { policy, diagnostics } = parsePolicy(document, null, use, 'evaluate')
    if (policy === null) throw new Error(`${diagnostics[0]?.message}: ${JSON.stringify(document)}`)
    return { id: `${use}${index}`, policy }
  })

export const layersOf = ({ identity, boundary, session, scp }: CasePolicies): PolicyLayers => ({
  identity: read(identity, 'identity'),
  ...(boundary == null ? {} : { boundary: read(boundary, 'boundary') }),
  ...(session == null ? {} : { session: read(session, 'session') }),
  ...(scp == null ? {} : { scp: scp.map((level) => read(level, 'scp')) }),
})

/** What is known of who asks. */
export function pinsOf(principal: string): Pins {
  const facts = parsePrincipal(principal)
  if (facts === null) throw new Error(`no principal: ${principal}`)
  return principalPins(facts, null, new Map([[TEAM_TAG, [TEAM]]]), {
    factsOf: (key) => (key === 'aws:userid' ? {} : null),
  })
}

/** What `to` allows and `from` doesn't. */
export function diffLayers(
  reasoner: Reasoner,
  principal: string,
  from: PolicyLayers,
  to: PolicyLayers,
  narrower: Partial<ResourceScope> = {},
): SideDiff {
  const isRole = principal === ROLE
  const pins = pinsOf(principal)
  const sides = (known: Pins) => ({ before: reasoner.sideOf(from, known), now: reasoner.sideOf(to, known) })
  return reasoner.diff(sides(pins), {
    inside: [reasoner.anyResource],
    outside: [],
    withStar: true,
    principal: {
      id: principal,
      kind: isRole ? 'role' : 'user',
      keyFacts: keyFactsFrom(TOY_ACTIONS, { isSession: isRole, present: new Set() }),
    },
    pinned: (keys) => sides(pinnedTo(pins, keys)),
    ...narrower,
  })
}
