// What a test waits for: from `import` to the first call that is answered, in processes of their own, by the processor's time.
//
//   node bench/start-iam.mjs            an empty account
//   node bench/start-iam.mjs FOLDER     the account of a project
import { fileURLToPath } from 'node:url'
import { median } from './figures.mjs'
import { runNode } from './processes.mjs'

const AIM = 300
const RUNS = 11
const ONCE = '--once'

/** In a process that has loaded nothing else. */
async function once(options) {
  const { send, signed } = await import('./signed-calls.mjs')
  const before = process.cpuUsage()
  const spent = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const { startIam } = await import('../dist/src/testing/index.js')
  const loaded = spent()
  const iam = await startIam(options)
  const started = spent()
  const { status, text } = await send(signed(iam, 'iam', 'ListUsers'))
  if (status !== 200) throw new Error(text)
  const answered = spent()
  await iam.reset()
  const reset = spent() - answered
  await iam.stop()
  console.log(JSON.stringify({ loaded, started, answered, reset }))
}

function measure(args) {
  const self = fileURLToPath(import.meta.url)
  const runs = Array.from({ length: RUNS }, () =>
    JSON.parse(runNode([self, ONCE, ...args], { cwd: process.cwd() }).stdout),
  )
  const of = (name) => `${median(runs.map((run) => run[name])).toFixed(0)} ms`
  console.log(
    `to the first call answered: ${of('answered')} (aim ${AIM} ms): loaded ${of('loaded')}, started ${of('started')}; a reset ${of('reset')}`,
  )
}

const [first, ...rest] = process.argv.slice(2)
if (first === ONCE) await once(rest.length === 0 ? {} : { project: rest[0] })
else measure(first === undefined ? [] : [first])
