// What an entry says of each side, held against the evaluator: over random pairs of policies, and in words for typical ones.

import { expect, it } from 'vitest'
import type { AccessArea, AccessExtent } from '../../../src/access/access-entry.ts'
import { extentsOf } from '../../../src/access/entries/extents.ts'
import { Reasoner } from '../../../src/access/reasoner.ts'
import type { PolicyLayers } from '../../../src/evaluator/layers.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../../src/evaluator/policy-evaluator.ts'
import { Random } from '../../evaluator/random-cases.ts'
import type { Document, Statement } from '../../oracle/case.ts'
import { sampleOf } from '../../sample-size.ts'
import { ASKED_ACTIONS, ASKED_RESOURCES } from '../alphabets.ts'
import { NOW } from '../diff/estate-diffs.ts'
import { type Pair, randomPair } from '../random-pairs.ts'
import { type Context, contextsFor, isReal, keysOf } from '../random-requests.ts'
import { diffLayers, layersOf, pinsOf } from '../sides/diff-pair.ts'
import { TOY_ACTIONS } from '../toy-catalog.ts'

const PAIRS = Number(process.env.EXTENT_PAIRS ?? sampleOf(150))

interface Asked {
  readonly action: string
  readonly resource: string
  readonly context: Context
}

/** Which of some requests layers allow. */
type Decide = (layers: PolicyLayers, asked: readonly Asked[]) => readonly boolean[]

const decideBy =
  (evaluator: PolicyEvaluator, principal: string): Decide =>
  (layers, asked) => {
    const registered = evaluator.registerPrincipal({ principal, layers })
    const codes = evaluator.decideRegistered({
      principals: new Uint32Array(asked.length).fill(registered),
      actions: Uint32Array.from(asked, ({ action }) => evaluator.registerAction(action)),
      resources: asked.map(({ resource }) => resource),
      contexts: Uint32Array.from(asked, ({ context }) => evaluator.registerContext(context)),
    })
    return asked.map((_, index) => codes[index] === 0)
  }

const statement = (
  Effect: Statement['Effect'],
  { resources, notResources, conditions, actions }: AccessArea,
  all: readonly string[],
): Statement => ({
  Effect,
  Action: [...(actions ?? all)],
  ...(notResources.length > 0 ? { NotResource: [...notResources] } : { Resource: [...resources] }),
  ...(Object.keys(conditions).length === 0
    ? {}
    : { Condition: conditions as NonNullable<Statement['Condition']> }),
})

const documentOf = (...statements: readonly Statement[]): Document => ({
  Version: '2012-10-17',
  Statement: [...statements],
})

/** Whether requests lie in an extent, by what it says alone. */
function within(
  extent: AccessExtent | null,
  actions: readonly string[],
  asked: readonly Asked[],
  decide: Decide,
): readonly boolean[] {
  if (extent === null) return asked.map(() => false)
  const by = (...statements: readonly Statement[]) =>
    decide(layersOf({ identity: [documentOf(...statements)] }), asked)
  const { also = [], except = [] } = extent
  const areas = [extent, ...also].map(({ limits = [], ...area }) =>
    [[area], ...limits].map((layer) => by(...layer.map((each) => statement('Allow', each, actions)))),
  )
  const everything: AccessArea = { resources: ['*'], notResources: [], conditions: {} }
  const open = by(
    statement('Allow', everything, actions),
    ...except.map((each) => statement('Deny', each, actions)),
  )
  return asked.map(
    (_, index) =>
      open[index] === true && areas.some((layers) => layers.every((allowed) => allowed[index] === true)),
  )
}

/** In documents of 2008 variables are text, which an extent doesn't tell. */
const isOfItsTime = ({ before, after }: Pair): boolean => {
  const text = JSON.stringify([before, after])
  const count = (part: RegExp) => text.match(part)?.length ?? 0
  return !text.includes('${') || count(/"2012-10-17"/g) === count(/"Statement"/g)
}

function requestsOf(pair: Pair, random: Random): readonly Asked[] {
  const keys = keysOf(pair)
  return contextsFor(pair, random).flatMap((context) =>
    ASKED_RESOURCES.flatMap((resource) =>
      ASKED_ACTIONS.filter((action) => isReal(context, resource, keys, pair.principal, action)).map(
        (action) => ({ action, resource, context }),
      ),
    ),
  )
}

it('what an entry says of both sides, evaluated, is what they decide', async () => {
  const reasoner = new Reasoner(TOY_ACTIONS, 'aws')
  let evaluator = await createPolicyEvaluator()
  const told = { entries: 0, requests: 0, narrowed: 0 }
  for (let index = 0; index < PAIRS; index++) {
    if (index % 8 === 0) evaluator = await createPolicyEvaluator()
    const random = new Random(9_000_000 + index)
    const pair = randomPair(random, random.pick(['pinned', 'pinned', 'open']))
    if (!isOfItsTime(pair)) continue
    reasoner.makeRoom()
    const decide = decideBy(evaluator, pair.principal)
    let requests: readonly Asked[] | null = null
    for (const direction of ['gained', 'lost'] as const) {
      const [from, to] = (direction === 'gained' ? [pair.before, pair.after] : [pair.after, pair.before]).map(
        layersOf,
      )
      if (from === undefined || to === undefined) continue
      const pins = pinsOf(pair.principal)
      const sides = { now: reasoner.sideOf(to, pins), before: reasoner.sideOf(from, pins) }
      for (const finding of diffLayers(reasoner, pair.principal, from, to).findings) {
        if (finding.tier === 'future') continue
        const { symbols, actions } = reasoner
        const same = (text: string) => text
        const extents = extentsOf(finding, sides, {
          symbols,
          actions,
          own: [],
          now: NOW,
          shown: { now: same, before: same },
        })
        const all = finding.actions
        const source = finding.allow.symbolic.source
        const own: AccessArea = {
          resources: source.resource?.negated === true ? [] : (source.resource?.entries ?? []),
          notResources: source.resource?.negated === true ? source.resource.entries : [],
          conditions: extents.now?.conditions ?? {},
        }
        requests ??= requestsOf(pair, random)
        const about = requests.filter(({ action }) => all.includes(action))
        const matched = decide(layersOf({ identity: [documentOf(statement('Allow', own, all))] }), about)
        const asked = about.filter((_, at) => matched[at] === true)
        const [now, before] = [
          within(extents.now, all, asked, decide),
          within(extents.before, all, asked, decide),
        ]
        const [allowsNow, allowedBefore] = [decide(to, asked), decide(from, asked)]
        told.entries++
        told.requests += asked.length
        if (extents.before !== null || extents.now?.except !== undefined) told.narrowed++
        for (const [at, request] of asked.entries()) {
          const shown = () =>
            `pair ${index} ${direction}: ${JSON.stringify({ request: { ...request, context: [...request.context] }, extents, pair })}`
          if (now[at] === false) expect(allowsNow[at], `after: ${shown()}`).toBe(false)
          if (before[at] === false) expect(allowedBefore[at], `before: ${shown()}`).toBe(false)
          if (now[at] === true && allowsNow[at] === false)
            expect(allowedBefore[at], `both: ${shown()}`).toBe(false)
          if (before[at] === true && allowedBefore[at] === false)
            expect(allowsNow[at], `both: ${shown()}`).toBe(false)
        }
      }
    }
  }
  expect(told.entries).toBeGreaterThan(sampleOf(60))
  expect(told.requests).toBeGreaterThan(sampleOf(1000))
  expect(told.narrowed).toBeGreaterThan(sampleOf(30))
})
