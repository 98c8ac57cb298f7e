// How fast decisions are: ours three ways, next to a naive and a careful evaluator in plain JavaScript, Cedar, and the
// matching loop in C, in the same run and with the same decisions. Needs the build.
// Run alone: `node bench/decisions.mjs [--quick]`. Cedar takes part once `npm ci --prefix bench/peers` was run.
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createPolicyEvaluator } from '../dist/src/evaluator/policy-evaluator.js'
import { cedarFor, cedarPart, loadCedar } from './evaluator/cedar.mjs'
import { agreeOn, assertSame, codesOf, enginesFor, registerWorkload } from './evaluator/engines.mjs'
import { enginesForEveryone } from './evaluator/everyone.mjs'
import { compilerVersion, decideNatively } from './evaluator/native.mjs'
import { loadFacts } from './evaluator/policies.mjs'
import { takeTurns, timeStages } from './evaluator/timing.mjs'
import {
  FULL,
  manyPrincipals,
  matchingOnly,
  onePrincipal,
  QUICK,
  wholeCrowd,
} from './evaluator/workloads.mjs'
import { median, ratioOf } from './figures.mjs'

const microseconds = (name, values, baseline = null, aim = {}) => ({
  name,
  unit: 'µs',
  values,
  spent: values.spent ?? null,
  baseline:
    baseline === null
      ? null
      : {
          name: baseline.name,
          value: median(baseline.values),
          spent: baseline.values.spent === undefined ? null : median(baseline.values.spent),
        },
  ...aim,
})

const shares = (decisions) =>
  `${decisions.length} requests, ${decisions.filter((code) => code === 0).length} allowed`

/** Ours in bulk and by number, against JavaScript. */
async function measureEngines(workload, runs, aims) {
  const engines = await enginesFor(workload)
  const decisions = agreeOn(workload, engines)
  const { naive, ...others } = engines
  const tasks = (list) => Object.fromEntries(Object.entries(list).map(([name, { decide }]) => [name, decide]))
  const count = decisions.length
  const times = takeTurns(tasks(others), { runs, count })
  const { naive: naiveTimes } = takeTurns(tasks({ naive }), { runs: 3, count })
  const { name } = workload
  const baseline = { name: 'careful JavaScript', values: times.careful }
  return [
    microseconds(`${name}, careful JavaScript: ${shares(decisions)}`, times.careful),
    microseconds(`${name}, naive JavaScript`, naiveTimes, baseline),
    microseconds(`${name}, one call each`, times.single, baseline),
    microseconds(`${name}, in bulk`, times.bulk, baseline, { aimRatio: aims.bulk }),
    microseconds(`${name}, registered`, times.registered, baseline, { aimRatio: aims.registered }),
    microseconds(`${name}, registered, packed`, times.packed, baseline, { aimRatio: aims.packed }),
    microseconds(`${name}, careful JavaScript by number`, times.carefulByNumber, baseline),
    ...profile(`${name}, in bulk`, engines.bulk.decide, { runs, count }),
    ...profile(`${name}, registered`, engines.registered.decide, { runs, count }),
  ]
}

/** Where the time goes. */
function profile(name, task, options) {
  const { whole: values, decide, check, rest } = timeStages(task, options)
  const whole = { name: 'all of it', values }
  return [
    microseconds(`${name}: the module decides`, decide, whole),
    microseconds(`${name}: the module checks what was written`, check, whole),
    microseconds(`${name}: JavaScript writes and reads`, rest, whole),
  ]
}

/** The module alone against the same loop in C. */
async function measureMatching(full, runs, note) {
  const workload = matchingOnly(full)
  const { evaluator, requests } = await registerWorkload(workload)
  const task = () => evaluator.decideRegistered(requests)
  const decisions = task()
  const { decide } = timeStages(task, { runs, count: decisions.length })
  const name = `${workload.name}: the module`
  if (compilerVersion() === null) {
    note('there is no `cc`: matching is not compared with C')
    return [microseconds(name, decide)]
  }
  const native = decideNatively(workload, runs)
  for (const each of Object.values(native)) assertSame(workload, 'C', each.decisions, decisions)
  const valuesOf = ({ nanoseconds }) => nanoseconds.map((each) => each / 1000 / decisions.length)
  const [bare, values] = [valuesOf(native.bare), valuesOf(native.whole)]
  return [
    microseconds(`${workload.name}: the loop alone in C`, bare),
    microseconds(`${workload.name}: C that does the same work`, values),
    microseconds(name, decide, { name: 'C that does the same work', values }, { aimRatio: 3 / 2 }),
    microseconds(`${name}, against the loop alone`, decide, { name: 'the loop alone in C', values: bare }),
  ]
}

/** What a single call costs, and what knowing why. */
async function measureCalls(workload, runs) {
  const evaluator = await createPolicyEvaluator()
  const questions = workload.questions.slice(0, 2000)
  const each = (ask) => () => {
    for (const question of questions) ask(question)
  }
  const times = takeTurns(
    {
      decide: each((question) => evaluator.decide(question)),
      evaluate: each((question) => evaluator.evaluate(question)),
      explain: each((question) => evaluator.explain(question)),
    },
    { runs, count: questions.length },
  )
  const baseline = { name: 'decision alone', values: times.decide }
  return [
    microseconds(`${workload.name}, one call: decision alone`, times.decide),
    microseconds(`${workload.name}, one call: with reasons`, times.evaluate, baseline),
    microseconds(`${workload.name}, one call: explained in full`, times.explain, baseline),
  ]
}

async function measureCedar(full, runs, note) {
  const cedar = loadCedar()
  if (cedar === null) {
    note('Cedar is not installed (`npm ci --prefix bench/peers`): not compared')
    return []
  }
  const workload = cedarPart(full, 1000)
  const { questions } = workload
  const evaluator = await createPolicyEvaluator()
  const decide = cedarFor(cedar, workload)
  const expected = codesOf(questions.map((question) => evaluator.decide(question)))
  assertSame(workload, 'Cedar', Uint8Array.from(questions, decide), expected)
  const times = takeTurns(
    {
      cedar: () => questions.map(decide),
      ours: () => questions.map((question) => evaluator.decide(question)),
    },
    { runs, count: questions.length },
  )
  const baseline = { name: `cedar-wasm ${cedar.getCedarSDKVersion()}`, values: times.cedar }
  return [
    microseconds(`${workload.name}, one call each: ${baseline.name}`, times.cedar),
    microseconds(`${workload.name}, one call each: ours`, times.ours, baseline),
  ]
}

async function measureEveryone(workload, runs, aim) {
  const { principals, questions, name } = workload
  const engines = await enginesForEveryone(workload)
  const each = (ask) => () => {
    for (const question of questions) ask(question)
  }
  const { careful, ofHolders, ours } = engines
  const tasks = { careful: each(careful), ofHolders: each(ofHolders), ours: each(ours) }
  const times = takeTurns(tasks, { runs, count: questions.length })
  const baseline = { name: 'two phases in JavaScript', values: times.careful }
  const who = `${name}, who can, of ${principals.length}`
  return [
    microseconds(`${who}, two phases in JavaScript`, times.careful),
    microseconds(`${who}, two phases in JavaScript, holders only`, times.ofHolders, baseline),
    microseconds(`${who}, ours`, times.ours, baseline, aim),
    ...profile(`${who}, ours`, tasks.ours, { method: 'decideEveryone', runs, count: questions.length }),
  ]
}

/** In processes of their own, since the first time is what somebody waits for. */
function measureCompilation(runs) {
  const script = fileURLToPath(new URL('evaluator/compile.mjs', import.meta.url))
  const results = Array.from({ length: runs }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout)
  })
  const what = `${results[0].policies} managed policies`
  const milliseconds = (name, read, aim = {}) => ({
    name: `${name} ${what}`,
    unit: 'ms',
    values: results.map(read),
    baseline: null,
    ...aim,
  })
  return [
    milliseconds('parse', ({ parse }) => parse),
    milliseconds('compile', ({ compile }) => compile, { aim: 500 }),
  ]
}

/**
 * @param note tells of what is left out
 * @returns figures of the bench's form: a name, the unit, one value for each run (and in `spent` the same of processor time,
 *   or null), the baseline to divide by (or null), and perhaps an aim for the value and one for the ratio, neither to be exceeded
 */
export async function measureDecisions({ quick = false, note = console.error } = {}) {
  const runs = quick ? 3 : 11
  const sizes = quick ? QUICK : FULL
  const facts = await loadFacts()
  const one = onePrincipal(facts, sizes.w1)
  const many = manyPrincipals(facts, sizes.w2)
  return [
    ...(await measureEngines(one, runs, { bulk: 1, registered: 0.45, packed: 0.35 })),
    ...(await measureCalls(one, runs)),
    ...(await measureEngines(many, runs, { bulk: 0.9, registered: 0.25, packed: 0.2 })),
    ...(await measureEveryone(wholeCrowd(facts, sizes.w3), runs, { aim: 30, aimRatio: 0.15 })),
    // Ten times as many: no more than ten times as long.
    ...(await measureEveryone(wholeCrowd(facts, sizes.w4), runs, { aim: 300 })),
    ...(await measureMatching(one, runs, note)),
    ...(await measureMatching(many, runs, note)),
    ...(await measureCedar(one, quick ? 3 : 5, note)),
    ...measureCompilation(quick ? 2 : 5),
  ]
}

const text = (value) => value.toPrecision(3)

function lineOf({ name, unit, values, spent, baseline, aim, aimRatio }) {
  const value = median(values)
  const range = `${text(Math.min(...values))}–${text(Math.max(...values))}`
  const ratio = ratioOf({ values, spent }, baseline)
  const verdict = (limit, is, sign) => `aim ${text(limit)}${sign}: ${is <= limit ? 'met' : 'missed'}`
  return [
    `${name}: ${text(value)} ${unit} (${range}${spent ? `; processor ${text(median(spent))}` : ''})`,
    ...(ratio === null ? [] : [`${text(ratio)} × ${baseline.name}`]),
    ...(aim === undefined ? [] : [verdict(aim, value, ` ${unit}`)]),
    ...(aimRatio === undefined ? [] : [verdict(aimRatio, ratio, ' ×')]),
  ].join(', ')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const figure of await measureDecisions({ quick: process.argv.includes('--quick') }))
    console.log(lineOf(figure))
