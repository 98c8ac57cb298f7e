// How many plans of random pairs of accounts let somebody do more between two steps: `node test/soak/in-between.mjs [PLANS] [SEED]`.
// Each is applied step by step on the embedded IAM, and the evaluator is asked in every state about all that its policies speak
// of. Prints how many plans have a document in between (parked boundaries count), or are called briefly wider, and how many are; ends with 1 when one is
// wider and doesn't say so.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [plans = '10000', seed = '1'] = process.argv.slice(2)
const { status } = spawnSync(
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
    stdio: 'inherit',
    env: { ...process.env, IN_BETWEEN_PLANS: plans, PROPERTY_SEED: seed },
  },
)
process.exitCode = status ?? 1
