// A long run of the evaluator against the oracle, and of its other random tests with the same seed: `node test/soak/evaluator-fuzz.mjs [cases] [seed]`, a million cases
// unless told. Prints the seed and the rate; ends with 1 at the first difference, which it prints as a case.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [cases = '1000000', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2)
const start = performance.now()
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...['differential', 'registered', 'hostile-bytes', 'scanned-lines'].map(
      (name) => `test/evaluator/${name}.test.ts`,
    ),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, EVALUATOR_FUZZ_CASES: cases, EVALUATOR_FUZZ_SEED: seed },
  },
)
const seconds = (performance.now() - start) / 1000
console.log(
  `${cases} cases, seed ${seed}: ${seconds.toFixed(1)} s, ${Math.round(Number(cases) / seconds)} cases/s, ${status === 0 ? 'no difference' : 'a difference'}`,
)
process.exitCode = status ?? 1
