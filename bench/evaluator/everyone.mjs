// The two that answer questions about everybody, the careful one in two ways.
import { createPolicyEvaluator } from '../../dist/src/evaluator/policy-evaluator.js'
import { CarefulCrowd } from './careful/everyone.mjs'

/** @throws unless all of them find the same principals for every question */
export async function enginesForEveryone({ name, principals, questions }) {
  const evaluator = await createPolicyEvaluator()
  for (const principal of principals) evaluator.registerPrincipal(principal)
  const crowd = new CarefulCrowd(principals)
  const engines = {
    careful: (question) => crowd.whoCan(question),
    ofHolders: (question) => crowd.whoCanOfHolders(question),
    ours: (question) => evaluator.whoCan(question),
  }
  for (const question of questions) {
    const expected = engines.ours(question).join()
    for (const [engine, ask] of Object.entries(engines))
      if (ask(question).join() !== expected)
        throw new Error(`${name}: ${engine} differs on ${question.action}`)
  }
  return engines
}
