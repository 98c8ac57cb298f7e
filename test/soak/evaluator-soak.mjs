// One evaluator kept busy with ever new policies, principals and requests: `node test/soak/evaluator-soak.mjs [minutes]
// [seed]`, ten minutes unless told. Needs the build. Prints memory ten times on the way; ends with 1 when the most
// that is held after a collection is in the second half a quarter above that of the first, or when a decision changes.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createPolicyEvaluator } from '../../dist/src/evaluator/policy-evaluator.js'
import { parsePolicy } from '../../dist/src/policy/parse.js'

// What the process has of the machine also depends on when it last collected: no measure of what is held.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

const [minutes = '10', seed = '1'] = process.argv.slice(2)
const duration = Number(minutes) * 60_000
let state = Number(seed) >>> 0
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
const below = (limit) => Math.floor(random() * limit)

function policyOf(number) {
  const name = `n${number}`
  const json = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [`s3:Get*`, `svc${number % 97}:${name}*`],
        Resource: `arn:aws:s3:::${name}/*`,
      },
      {
        Effect: 'Deny',
        Action: 's3:*',
        Resource: `arn:aws:s3:::*a*a*a*a*b${number}`,
        Condition: { StringLike: { [`x:key-${number % 513}`]: `${name}*` } },
      },
    ],
  }
  return { id: name, policy: parsePolicy(json, null, 'identity', 'evaluate').policy }
}

const evaluator = await createPolicyEvaluator()
const start = performance.now()
const samples = []
let policies = 0
let decisions = 0
while (performance.now() - start < duration) {
  const layers = Array.from({ length: 20 }, () => ({
    identity: Array.from({ length: 5 }, () => policyOf(policies++)),
  }))
  const questions = Array.from({ length: 500 }, () => ({
    layers: layers[below(layers.length)],
    request: {
      principal: `arn:aws:iam::111122223333:user/u${below(1e6)}`,
      action: `s3:Get${below(5000)}`,
      resource: `arn:aws:s3:::n${policies - 1 - below(150)}/${'a'.repeat(below(400))}`,
      context: new Map([[`x:key-${below(513)}`, [`n${below(policies)}`]]]),
    },
  }))
  const decided = evaluator.evaluateMany(questions)
  decisions += decided.length
  const again = below(questions.length)
  if (evaluator.evaluate(questions[again]).decision !== decided[again])
    throw new Error(`decided otherwise: ${JSON.stringify(questions[again].request)}`)
  if (performance.now() - start > ((samples.length + 1) * duration) / 10) {
    collect()
    const { rss, heapUsed, external } = process.memoryUsage()
    samples.push({ wasm: evaluator.memorySize, held: heapUsed + external })
    const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
    console.log(
      `${((performance.now() - start) / 1000).toFixed(0)} s: ${policies} policies, ${decisions} decisions, wasm ${mib(evaluator.memorySize)}, rss ${mib(rss)}, heap ${mib(heapUsed)}`,
    )
  }
}
// What is remembered is let go from time to time: peaks are compared, not moments.
const half = Math.ceil(samples.length / 2)
const peak = (name, some) => Math.max(...some.map((sample) => sample[name]))
const grew = (name) => peak(name, samples.slice(half)) > peak(name, samples.slice(0, half)) * 1.25
console.log(`seed ${seed}: memory ${grew('wasm') || grew('held') ? 'grew' : 'stayed'}`)
process.exitCode = grew('wasm') || grew('held') ? 1 : 0
