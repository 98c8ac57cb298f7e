import { beforeAll, expect, it } from 'vitest'
import { keyFactsFrom } from '../../src/access/key-facts.ts'
import { principalPins } from '../../src/access/principal-pins.ts'
import { Reasoner } from '../../src/access/reasoner.ts'
import type { SideDiff } from '../../src/access/side-diff.ts'
import type { Pins } from '../../src/access/symbolic/pins.ts'
import { pinnedTo } from '../../src/access/symbolic/pins.ts'
import { type ActionFacts, loadActions } from '../../src/catalog/actions.ts'
import type { PolicyLayers } from '../../src/evaluator/layers.ts'
import { parsePrincipal } from '../../src/evaluator/principal.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'
import { Random } from '../evaluator/random-cases.ts'
import type { CasePolicies, Document } from '../oracle/case.ts'
import { decideByOracle } from '../oracle/oracle.ts'
import { type Pair, PRINCIPAL, randomPair, requestsFor } from './random-pairs.ts'

const pairs = Number(process.env.ACCESS_FUZZ_PAIRS ?? 300)
const seed = Number(process.env.ACCESS_FUZZ_SEED ?? Date.now() % 1_000_000_000)
let facts: ActionFacts
beforeAll(async () => {
  facts = await loadActions()
})

const read = (documents: readonly Document[], use: PolicyUse) =>
  documents.map((document, index) => {
    const { policy } = parsePolicy(document, null, use, 'evaluate')
    if (policy === null) throw new Error(`not a policy: ${JSON.stringify(document)}`)
    return { id: `${use}${index}`, policy }
  })

const layersOf = ({ identity, boundary, scp }: CasePolicies): PolicyLayers => ({
  identity: read(identity ?? [], 'identity'),
  ...(boundary == null ? {} : { boundary: read(boundary, 'boundary') }),
  ...(scp == null ? {} : { scp: scp.map((level) => read(level, 'scp')) }),
})

function diffBoth(
  reasoner: Reasoner,
  { before, after }: Pair,
): { readonly gained: SideDiff; readonly lost: SideDiff } {
  const principal = parsePrincipal(PRINCIPAL)
  if (principal === null) throw new Error('no principal')
  const pins = principalPins(principal, null, new Map())
  const caller = {
    id: 'user',
    kind: 'user' as const,
    keyFacts: keyFactsFrom(facts, { isSession: false, present: new Set() }),
  }
  const [old, now] = [layersOf(before), layersOf(after)]
  const diff = (from: PolicyLayers, to: PolicyLayers) => {
    const sides = (known: Pins) => ({ before: reasoner.sideOf(from, known), now: reasoner.sideOf(to, known) })
    return reasoner.diff(sides(pins), {
      inside: [reasoner.anyResource],
      outside: [],
      withStar: true,
      caller,
      pinned: (keys) => sides(pinnedTo(pins, keys)),
    })
  }
  return { gained: diff(old, now), lost: diff(now, old) }
}

const allows = (policies: CasePolicies, request: Parameters<typeof decideByOracle>[0]['request']) =>
  decideByOracle({ request, policies }) === 'allow'

it(`finds what brute force finds in ${pairs} random pairs, and nothing else (seed ${seed})`, () => {
  const random = new Random(seed)
  const reasoner = new Reasoner(facts, 'aws')
  const counts = { found: 0, unknown: 0, unknownPinned: 0, sides: 0, requests: 0 }
  for (let index = 0; index < pairs; index++) {
    const open = index % 4 === 0
    const pair = randomPair(random, open)
    reasoner.makeRoom()
    const { gained, lost } = diffBoth(reasoner, pair)
    const shown = () => `pair ${index}: ${JSON.stringify(pair)}`
    for (const [diff, from, to] of [
      [gained, pair.before, pair.after],
      [lost, pair.after, pair.before],
    ] as const) {
      counts.sides++
      for (const { request } of diff.findings) {
        counts.found++
        // Whose the resource is has no part in it: nobody else's policy is asked.
        const asked = {
          principal: PRINCIPAL,
          resourceAccount: '111122223333',
          ...request,
          context: Object.fromEntries(request.context),
        }
        expect([allows(to, asked), allows(from, asked)], `${shown()} ${JSON.stringify(asked)}`).toEqual([
          true,
          false,
        ])
      }
      if (diff.doubts.length > 0) {
        counts.unknown++
        if (!open) counts.unknownPinned++
      }
    }
    const missing = {
      gained: gained.findings.length + gained.doubts.length === 0,
      lost: lost.findings.length + lost.doubts.length === 0,
    }
    if (!missing.gained && !missing.lost) continue
    for (const request of requestsFor(pair)) {
      counts.requests++
      const [was, is] = [allows(pair.before, request), allows(pair.after, request)]
      if (is && !was && missing.gained) expect.fail(`missed a gain ${shown()} ${JSON.stringify(request)}`)
      if (was && !is && missing.lost) expect.fail(`missed a loss ${shown()} ${JSON.stringify(request)}`)
    }
  }
  console.log(JSON.stringify(counts))
  expect(counts.unknownPinned).toBe(0)
  expect(counts.unknown).toBeLessThanOrEqual(Math.max(2, counts.sides * 0.01))
})
