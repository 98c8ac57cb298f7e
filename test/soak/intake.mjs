// What others wrote (exports, plans, templates), written at random and read back, and with something wrong at every place:
// `node test/soak/intake.mjs [TIMES] [SEED]`, ten times as many cases as `npm test` tries unless told, from another seed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [, , many = '10', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv
console.log(`seed ${seed}`)
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/intake',
    'test/cli/terraform-plan.test.ts',
    'test/cli/cloudformation.test.ts',
    '--reporter=dot',
    `--test-timeout=${Number(many) * 120_000}`,
  ],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, INTAKE_TIMES: many, TEST_SAMPLES: 'whole', PROPERTY_SEED: seed },
  },
)
process.exitCode = status ?? 1
