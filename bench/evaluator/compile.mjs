// Compiles all of AWS's managed policies in this process, which has done nothing before, and prints how long it took:
// milliseconds to parse the documents, and to compile what came of it up to the first decision.
import { loadManagedPolicies } from '../../dist/src/catalog/managed-policies.js'
import { createPolicyEvaluator } from '../../dist/src/evaluator/policy-evaluator.js'
import { parsePolicy } from '../../dist/src/policy/parse.js'

const managed = await loadManagedPolicies()
const documents = [...managed.names()].map((name) => managed.document(managed.arnOf(name, 'aws')))
const evaluator = await createPolicyEvaluator()

const start = performance.now()
const identity = documents.map((document, number) => {
  const { policy } = parsePolicy(document, null, 'identity', 'evaluate')
  if (policy === null) throw new Error(`managed policy ${number} is malformed`)
  return { id: String(number), policy }
})
const parsed = performance.now()
const request = { principal: 'arn:aws:iam::111122223333:user/alice', action: 's3:GetObject', resource: '*' }
evaluator.decide({ layers: { identity }, request: { ...request, context: new Map() } })
const decided = performance.now()
console.log(JSON.stringify({ policies: identity.length, parse: parsed - start, compile: decided - parsed }))
