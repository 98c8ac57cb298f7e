// How many plans of random pairs of accounts let somebody do more between two steps: `node test/soak/in-between.mjs [PLANS] [SEED]`.
// Each is followed step by step by what its steps say that they do, and the evaluator is asked in every state about all that its policies
// speak of. Prints how many plans are ordered alone, have a document in between (parked boundaries and roles that are opened late count), or are called briefly wider, and
// how many are wider; ends with 1 when one is and doesn't say so. Runs in parts, each of which is told as it ends: `FROM-TO` as a third
// argument goes on from there.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PART = 250

const root = fileURLToPath(new URL('../..', import.meta.url))
const [plans = '10000', seed = '1', range = `0-${plans}`] = process.argv.slice(2)
const [first, end] = range.split('-').map(Number)
const totals = {}
for (let from = first; from < end; from += PART) {
  const part = `${from}-${Math.min(end, from + PART)}`
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      'test/between/share.test.ts',
      '--disable-console-intercept',
      '--reporter=dot',
    ],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['inherit', 'pipe', 'inherit'],
      env: { ...process.env, IN_BETWEEN_PLANS: plans, IN_BETWEEN_PART: part, PROPERTY_SEED: seed },
    },
  )
  if (status !== 0) {
    console.log(stdout)
    process.exit(status ?? 1)
  }
  for (const [, accounts, counts] of stdout.matchAll(/((?:small )?accounts[\w ]*): (\{.*\})/g)) {
    totals[accounts] ??= {}
    for (const [sort, count] of Object.entries(JSON.parse(counts)))
      totals[accounts][sort] = (totals[accounts][sort] ?? 0) + count
  }
  console.log(part, JSON.stringify(totals))
}
