// What a test waits for: from `import` to the first call that is answered, in processes of their own, by the processor's time.
//
//   node bench/start-iam.mjs            an empty account
//   node bench/start-iam.mjs FOLDER     the account of a project
import { fileURLToPath } from 'node:url'
import { median } from './figures.mjs'
import { runNode } from './processes.mjs'

const AIM = 300
const RUNS = 11
const root = fileURLToPath(new URL('..', import.meta.url))
const [project] = process.argv.slice(2)

const code = (made) => `
  const { send, signed } = await import('./bench/signed-calls.mjs')
  const before = process.cpuUsage()
  const spent = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const { startIam } = await import('./dist/src/testing/index.js')
  const loaded = spent()
  const iam = await startIam(${JSON.stringify(made)})
  const started = spent()
  const { status, text } = await send(signed(iam, 'iam', 'ListUsers'))
  if (status !== 200) throw new Error(text)
  const answered = spent()
  const beforeReset = spent()
  await iam.reset()
  const reset = spent() - beforeReset
  await iam.stop()
  console.log(JSON.stringify({ loaded, started, answered, reset }))
`
const runs = Array.from({ length: RUNS }, () =>
  JSON.parse(
    runNode(['--input-type=module', '-e', code(project === undefined ? {} : { project })], { cwd: root })
      .stdout,
  ),
)
const of = (name) => `${median(runs.map((run) => run[name])).toFixed(0)} ms`
console.log(
  `to the first call answered: ${of('answered')} (aim ${AIM} ms): loaded ${of('loaded')}, started ${of('started')}; a reset ${of('reset')}`,
)
