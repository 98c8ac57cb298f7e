// Bugs put into the access engine one at a time, each of which the tests have to notice:
// `node test/soak/access-mutants.mjs [name]`. Prints a line for each; ends with 1 if one is not noticed. Works on a copy.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const mutants = JSON.parse(readFileSync(new URL('access-mutants.json', import.meta.url), 'utf8'))
const wanted = process.argv[2]
/** So many pairs, from a seed that shows no failure without a mutation. */
const FUZZ = { ACCESS_FUZZ_PAIRS: '1500', ACCESS_FUZZ_SEED: '1', ACCESS_FUZZ_SHRINK: 'no' }

const copy = mkdtempSync(join(tmpdir(), 'access-mutants-'))
for (const name of ['src', 'test', 'assembly', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
  cpSync(join(root, name), join(copy, name), { recursive: true })
for (const name of ['node_modules', 'dist']) symlinkSync(join(root, name), join(copy, name))

const run = (...tests) =>
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', ...tests], {
    cwd: copy,
    env: { ...process.env, ...FUZZ },
    encoding: 'utf8',
    timeout: 300_000,
  })
const SUITES = {
  fuzz: ['test/access/brute-force.test.ts'],
  unit: ['test/access/symbolic', 'test/access/side-diff.test.ts'],
}

/** The first suite that fails; null: none. */
const failingSuite = () => Object.entries(SUITES).find(([, tests]) => run(...tests).status !== 0)?.[0] ?? null

let survivors = 0
try {
  const failing = wanted === undefined ? failingSuite() : null
  if (failing !== null) throw new Error(`fails without a mutation: ${failing}`)
  for (const { name, file, from, to } of mutants) {
    if (wanted !== undefined && name !== wanted) continue
    const path = join(copy, 'src/access', file)
    const original = readFileSync(path, 'utf8')
    if (original.split(from).length !== 2) throw new Error(`${name}: not exactly one place in ${file}`)
    writeFileSync(
      path,
      original.replace(from, () => to),
    )
    const start = performance.now()
    const caught = failingSuite()
    writeFileSync(path, original)
    if (caught === null) survivors++
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(
      `${caught === null ? 'MISSED    ' : `by ${caught}`.padEnd(10)} ${seconds.padStart(5)} s  ${name}`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(survivors === 0 ? 'every mutant is caught' : `${survivors} mutants are missed`)
process.exitCode = survivors === 0 ? 0 : 1
