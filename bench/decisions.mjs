// How fast single decisions and batches are, on AWS's own managed policies, next to a naive evaluator in plain JavaScript
// (regular expressions built once per pattern) in the same run. Needs the build.
// Run alone: `node bench/decisions.mjs`.
import { pathToFileURL } from 'node:url'
import { loadManagedPolicies } from '../dist/src/catalog/managed-policies.js'
import { createPolicyEvaluator } from '../dist/src/evaluator/policy-evaluator.js'
import { parsePolicy } from '../dist/src/policy/parse.js'

const POLICIES = 10
const REQUESTS = 10_000

/** mulberry32: the same workload every time. */
function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const patterns = new Map()
function globOf(text, flags) {
  const key = flags + text
  let regex = patterns.get(key)
  if (regex === undefined) {
    const source = text
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    regex = new RegExp(`^${source}$`, `s${flags}`)
    patterns.set(key, regex)
  }
  return regex
}

/** Enough of IAM to decide this workload: it has no conditions that hold, no variables, one layer. */
function decideNaively(policies, { action, resource }) {
  let allows = false
  for (const { statements } of policies) {
    for (const statement of statements) {
      const { action: actions, resource: resources } = statement
      if (actions.entries.some((entry) => globOf(entry, 'i').test(action)) === actions.negated) continue
      if (resources === null) continue
      const isAny = resource === '*'
      const matches = (entry) => (isAny ? entry === '*' : globOf(entry, '').test(resource))
      if (resources.entries.some(matches) === resources.negated) continue
      if (statement.effect === 'Deny') return 'explicit_deny'
      allows = true
    }
  }
  return allows ? 'allow' : 'implicit_deny'
}

/** Whole actions; STS has some that no policy decides. */
const isAsked = (action) => /^[\w-]+:\w+$/.test(action) && !/^sts:/i.test(action)

const now = () => performance.now()

/** Times of some runs over all requests, after one that warms up, as microseconds for each request. */
function time(runs, task) {
  task()
  return Array.from({ length: runs }, () => {
    const start = now()
    task()
    return ((now() - start) * 1000) / REQUESTS
  })
}

const middleOf = (times) => times.toSorted((a, b) => a - b)[times.length >> 1]

/**
 * @returns figures of the bench's form: a name, the unit, one value for each run, and the baseline to divide by
 */
export async function measureDecisions({ quick = false } = {}) {
  const runs = quick ? 3 : 9
  const facts = await loadManagedPolicies()
  const random = randomFrom(1)
  const all = [...facts.names()].flatMap((name) => {
    const arn = facts.arnOf(name, 'aws')
    const document = arn === null ? null : facts.document(arn)
    const { policy } =
      document === null ? { policy: null } : parsePolicy(document, null, 'identity', 'evaluate')
    return policy === null ? [] : [{ id: arn, policy }]
  })
  const compileStart = now()
  const everything = await createPolicyEvaluator()
  everything.prepare([{ identity: all }])
  everything.decide(questionOf({ identity: all }, 's3:GetObject', '*'))
  const compileMs = now() - compileStart

  // Conditions are left to the corpus: the baseline doesn't know them.
  const simple = all.filter(({ policy }) =>
    policy.statements.every(({ conditions }) => conditions.length === 0),
  )
  const identity = Array.from({ length: POLICIES }, () => simple[Math.floor(random() * simple.length)])
  const layers = { identity }
  const actions = all
    .flatMap(({ policy }) => policy.statements.flatMap((statement) => statement.action.entries))
    .filter(isAsked)
  const held = identity.flatMap(({ policy }) =>
    policy.statements.flatMap((statement) => statement.action.entries),
  )
  const names = [...actions, ...held.map((action) => action.replace(/\*.*/, 'Things')).filter(isAsked)]
  const questions = Array.from({ length: REQUESTS }, (_, index) =>
    questionOf(
      layers,
      random() < 0.5
        ? names[names.length - 1 - Math.floor(random() * held.length)]
        : names[Math.floor(random() * names.length)],
      random() < 0.2 ? '*' : `arn:aws:s3:::bucket-${index % 50}/objects/${Math.floor(random() * 1e6)}`,
    ),
  )

  const evaluator = await createPolicyEvaluator()
  const documents = identity.map(({ policy }) => policy)
  const decided = evaluator.evaluateMany(questions)
  const allowed = decided.filter((decision) => decision === 'allow').length
  for (const [index, { request }] of questions.entries())
    if (decideNaively(documents, request) !== decided[index])
      throw new Error(`the baseline differs: ${JSON.stringify(request)}: ${decided[index]}`)

  const each = (decide) => () => {
    for (const question of questions) decide(question)
  }
  const naive = time(
    runs,
    each(({ request }) => decideNaively(documents, request)),
  )
  const baseline = { name: 'naive JavaScript', value: middleOf(naive) }
  const bulk = time(runs, () => evaluator.evaluateMany(questions))
  const single = time(
    runs,
    each((question) => evaluator.decide(question)),
  )
  const explained = time(
    runs,
    each((question) => evaluator.evaluate(question)),
  )
  const workload = `${POLICIES} managed policies, ${REQUESTS} requests, ${allowed} allowed`
  return [
    { name: `decision, naive JavaScript: ${workload}`, unit: 'µs', values: naive, baseline: null },
    { name: 'decision, one call each', unit: 'µs', values: single, baseline },
    { name: 'decision with reasons, one call each', unit: 'µs', values: explained, baseline },
    { name: 'decision, in bulk', unit: 'µs', values: bulk, baseline },
    { name: `compile ${all.length} managed policies`, unit: 'ms', values: [compileMs], baseline: null },
  ]
}

function questionOf(layers, action, resource) {
  return {
    layers,
    request: { principal: 'arn:aws:iam::111122223333:user/alice', action, resource, context: new Map() },
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, unit, values, baseline } of await measureDecisions()) {
    const ratio =
      baseline === null ? '' : `, ${(middleOf(values) / baseline.value).toFixed(3)} × ${baseline.name}`
    console.log(`${name}: ${middleOf(values).toFixed(2)} ${unit}${ratio}`)
  }
}
