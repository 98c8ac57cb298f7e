// Every engine that decides workloads, ours three ways. A decision is a number: 0 allow, 1 explicit deny, 2 implicit deny.
import { createPolicyEvaluator } from '../../dist/src/evaluator/policy-evaluator.js'
import { CarefulEvaluator } from './careful/evaluator.mjs'
import { decideNaively } from './naive.mjs'

const CODES = { allow: 0, explicit_deny: 1, implicit_deny: 2 }
export const codesOf = (decisions) => Uint8Array.from(decisions, (decision) => CODES[decision])

/** What the evaluator is told before, for requests by number. */
export async function registerWorkload({ principals, actions, contexts, tagSets, requests }) {
  const evaluator = await createPolicyEvaluator()
  for (const principal of principals) evaluator.registerPrincipal(principal)
  for (const action of actions) evaluator.registerAction(action)
  for (const context of contexts) evaluator.registerContext(context)
  for (const tags of tagSets) evaluator.registerResource({}, tags)
  const { tags: resourcePolicies, ...others } = requests
  return { evaluator, requests: { ...others, resourcePolicies } }
}

/** @returns for each engine a function that decides the whole workload; decisions are as `toCodes` makes them */
export async function enginesFor(workload) {
  const { questions } = workload
  const evaluator = await createPolicyEvaluator()
  const registered = await registerWorkload(workload)
  const careful = new CarefulEvaluator(workload.principals)
  const compiled = careful.register(workload)
  const packed = { ...registered.requests, resources: packedTexts(workload.requests.resources) }
  const asTheyAre = (decisions) => decisions
  return {
    naive: { decide: () => questions.map(decideNaively), toCodes: Uint8Array.from.bind(Uint8Array) },
    careful: { decide: () => careful.decideMany(questions), toCodes: asTheyAre },
    carefulByNumber: {
      decide: () => careful.decideRegistered(compiled, workload.requests),
      toCodes: asTheyAre,
    },
    single: {
      decide: () => questions.map((question) => evaluator.decide(question)),
      toCodes: codesOf,
    },
    bulk: { decide: () => evaluator.evaluateMany(questions), toCodes: codesOf },
    registered: {
      decide: () => registered.evaluator.decideRegistered(registered.requests),
      toCodes: asTheyAre,
    },
    packed: { decide: () => registered.evaluator.decideRegistered(packed), toCodes: asTheyAre },
  }
}

/** Texts as UTF-8, one behind the other. */
function packedTexts(texts) {
  const offsets = new Uint32Array(texts.length + 1)
  for (const [place, text] of texts.entries()) offsets[place + 1] = offsets[place] + Buffer.byteLength(text)
  return { bytes: new TextEncoder().encode(texts.join('')), offsets }
}

/** @throws unless both decide every request alike */
export function assertSame(workload, name, decisions, expected) {
  const place = expected.findIndex((decision, index) => decision !== decisions[index])
  if (place === -1 && decisions.length === expected.length) return
  const { request } = workload.questions[place]
  const given = JSON.stringify({ ...request, context: Object.fromEntries(request.context) })
  throw new Error(`${workload.name}: ${name} decides ${decisions[place]}, not ${expected[place]}: ${given}`)
}

/** Runs all engines once. @returns the decisions. @throws unless all of them are the same */
export function agreeOn(workload, engines) {
  const { registered, ...others } = engines
  const expected = registered.toCodes(registered.decide())
  for (const [name, { decide, toCodes }] of Object.entries(others))
    assertSame(workload, name, toCodes(decide()), expected)
  return expected
}
