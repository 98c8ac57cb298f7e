// All policies of the corpus and all that AWS manages now, through every check of the access analysis:
// `node test/soak/policy-corpus.mjs [processes] [share]`, two processes unless told; with a share of 25, a 25th of them. Each policy is set, kept and taken away, in
// each place where it is legal, and becomes the next one. Prints figures; ends with 1 when something contradicts itself.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const processes = Number(process.argv[2] ?? 2)
const share = Number(process.argv[3] ?? 1)
const start = performance.now()

const run = (part) =>
  new Promise((done) => {
    const child = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', 'test/policies/policy-corpus.test.ts', '--reporter=dot'],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, POLICY_CORPUS: part } },
    )
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text
    })
    child.on('close', (code) => done({ code, out }))
  })

const ran = await Promise.all(
  Array.from({ length: processes }, (_, index) => run(`${index + 1}/${processes * share}`)),
)
const total = { places: 0, refused: 0, entries: 0, verified: 0, unknown: {} }
for (const { code, out } of ran) {
  const [line] = /\{"places".*\}/.exec(out) ?? []
  const figures = line === undefined ? null : JSON.parse(line)
  for (const key of ['places', 'refused', 'entries', 'verified']) total[key] += figures?.[key] ?? 0
  for (const [reason, count] of Object.entries(figures?.unknown ?? {}))
    total.unknown[reason] = (total.unknown[reason] ?? 0) + count
  if (code !== 0) console.log(out)
}
const failed = ran.some(({ code }) => code !== 0)
const seconds = (performance.now() - start) / 1000
console.log(
  `${total.places} policies in their places, ${total.refused} refused by validation; ${total.entries} entries, ` +
    `${total.verified} requests verified; unknown ${JSON.stringify(total.unknown)}; ${seconds.toFixed(0)} s, ` +
    `${failed ? 'a contradiction' : 'no contradiction'}`,
)
process.exitCode = failed ? 1 : 0
