// All soaks, each in a small size: `npm run soak:short`. Takes some minutes, ten at most; ends with 1 when one of them fails
// or all together take longer. Seeds are fixed, so that what fails fails again.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const LIMIT_MINUTES = 10
const root = fileURLToPath(new URL('../..', import.meta.url))

/** With what each is run: sizes, then a seed. */
const SOAKS = [
  ['evaluator-fuzz.mjs', '50000', '1'],
  ['evaluator-soak.mjs', '0.5', '1'],
  ['access-fuzz.mjs', '1500', '1'],
  ['access-z3.mjs', '100', '1'],
  ['access-mutants.mjs', 'new denies are skipped'],
  ['access-hunt.mjs', '8000', '1'],
  ['policy-corpus.mjs', '2', '25'],
  ['intake.mjs', '2', '1'],
  ['yaml-mutants.mjs', '150', '1'],
  ['damaged-databases.mjs', '60', '1'],
  ['killed-applies.mjs', '8'],
  ['repositories.mjs', '60', '1'],
  ['huge-inputs.mjs', '20000', '100'],
  ['large-review.mjs'],
  ['effects.mjs', '40', '1'],
  ['whole-samples.mjs', 'half'],
]

const start = performance.now()
const minutes = () => (performance.now() - start) / 60_000
const failed = []
for (const [name, ...args] of SOAKS) {
  const began = performance.now()
  console.log(`\n== ${name} ${args.join(' ')}`)
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  console.log(
    `== ${name}: ${status === 0 ? 'fine' : 'FAILED'}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
  )
  if (status !== 0) failed.push(name)
}
if (minutes() > LIMIT_MINUTES) failed.push(`longer than ${LIMIT_MINUTES} minutes`)
console.log(
  `\n${minutes().toFixed(1)} minutes; ${failed.length === 0 ? 'all fine' : `failed: ${failed.join(', ')}`}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
