// What steps say that they do beside what the embedded IAM then shows, for more pairs of accounts than `npm test` tries:
// `node test/soak/effects.mjs [PAIRS] [SEED]`, 150 unless told, from another seed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const [, , pairs = '150', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv
console.log(`seed ${seed}`)
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/kinds/effects.test.ts',
    '--reporter=dot',
    `--test-timeout=${Number(pairs) * 10_000}`,
  ],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, EFFECT_PAIRS: pairs, PROPERTY_SEED: seed },
  },
)
process.exitCode = status ?? 1
