// A long run of the access diff against brute force, of pairs of policies, and of fewer estates and sessions: `node test/soak/access-fuzz.mjs [pairs] [seed]`, a hundred thousand
// pairs unless told. Prints the seed and the rates; ends with 1 at the first pair in which something is missed or wrong,
// which it prints as small as it can be made.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [pairs = '100000', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2)
const SUITES = [
  'test/access/sides/brute-force.test.ts',
  'test/access/diff/estate-brute-force.test.ts',
  'test/access/session-tags/session-tags-brute-force.test.ts',
]
/** Of so many pairs one. */
const part = (of) => String(Math.max(1, Math.round(Number(pairs) / of)))
const start = performance.now()
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...SUITES, '--test-timeout=0'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...{ ACCESS_FUZZ_PAIRS: pairs, ACCESS_FUZZ_SEED: seed },
      ...{ ESTATE_FUZZ_PAIRS: part(40), ESTATE_FUZZ_SEED: seed },
      ...{ SESSION_FUZZ_PAIRS: String(Math.max(25, Number(part(100)))), SESSION_FUZZ_SEED: seed },
    },
  },
)
const seconds = (performance.now() - start) / 1000
console.log(
  `${pairs} pairs, seed ${seed}: ${seconds.toFixed(1)} s, ${status === 0 ? 'nothing missed, nothing wrong' : 'a failure'}`,
)
process.exitCode = status ?? 1
