// How fast lines of bytes are answered with lines of bytes: requests that name a set of policies, from the first byte to the
// last answer, next to `JSON.parse` with the careful evaluator in plain JavaScript, in the same run and with the same bytes.
// Needs the build. Run alone: `node bench/lines.mjs [--quick]`.
import { pathToFileURL } from 'node:url'
import { answerersFor } from './evaluator/lines.mjs'
import { loadFacts } from './evaluator/policies.mjs'
import { takeTurns } from './evaluator/timing.mjs'
import { FULL, manyPrincipals, onePrincipal, QUICK } from './evaluator/workloads.mjs'
import { median, ratioOf } from './figures.mjs'

async function measure(workload, runs) {
  const { size, parsing, ours } = await answerersFor(workload)
  if (Buffer.compare(Buffer.concat(parsing()), Buffer.concat(ours())) !== 0)
    throw new Error(`${workload.name}: lines are answered otherwise`)
  const count = workload.questions.length
  const times = takeTurns({ parsing, ours }, { runs, count })
  const rate = (values) => `${(size / count / median(values)).toPrecision(3)} MB/s`
  const figure = (name, values, baseline, aim = {}) => ({
    name: `${workload.name}, lines, ${name}`,
    unit: 'µs',
    values,
    spent: values.spent,
    baseline,
    ...aim,
  })
  const baseline = {
    name: 'JSON.parse and careful JavaScript',
    value: median(times.parsing),
    spent: median(times.parsing.spent),
  }
  const about = `${Math.round(size / count)} bytes a line, ${rate(times.parsing)}`
  return [
    figure(`${baseline.name}: ${about}`, times.parsing, null),
    figure(`ours: ${rate(times.ours)}`, times.ours, baseline, { aimRatio: 1 / 3 }),
  ]
}

/** @returns figures of the bench's form, see `measureDecisions` */
export async function measureLines({ quick = false } = {}) {
  const runs = quick ? 3 : 11
  const sizes = quick ? QUICK : FULL
  const facts = await loadFacts()
  return [
    ...(await measure(onePrincipal(facts, sizes.w1), runs)),
    ...(await measure(manyPrincipals(facts, sizes.w2), runs)),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const figure of await measureLines({ quick: process.argv.includes('--quick') })) {
    const { name, values, spent, baseline } = figure
    const ratio = ratioOf(figure, baseline)
    const times = `${median(values).toPrecision(3)} µs (processor ${median(spent).toPrecision(3)})`
    console.log(`${name}: ${times}${ratio === null ? '' : `, ${ratio.toPrecision(3)} × ${baseline.name}`}`)
  }
