// Bugs put into the access engine, and some into rooms that it relies on, one at a time, each of which the tests have to
// notice: `node test/soak/access-mutants.mjs [name] [--suite SUITE]`. With a suite: the bugs that it is there for. Prints a
// line for each; ends with 1 if one is not noticed. Works on a copy.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const mutants = JSON.parse(readFileSync(new URL('access-mutants.json', import.meta.url), 'utf8'))
const [words, suites] = [[], []]
for (const [index, word] of process.argv.entries())
  if (index >= 2 && word !== '--suite') (process.argv[index - 1] === '--suite' ? suites : words).push(word)
const [wanted] = words
/** So many pairs, from a seed that shows no failure without a mutation. */
const FUZZ = {
  ACCESS_FUZZ_PAIRS: '1500',
  ACCESS_FUZZ_SEED: '1',
  ACCESS_FUZZ_SHRINK: 'no',
  ESTATE_FUZZ_PAIRS: '60',
  SESSION_FUZZ_PAIRS: '25',
}

const FOLDERS = ['src', 'test', 'assembly', 'scripts', 'dist', 'docs', 'examples', 'schema']
const FILES = ['package.json', 'asconfig.json', 'tsconfig.json', 'vitest.config.ts']
const copy = mkdtempSync(join(tmpdir(), 'access-mutants-'))
for (const name of [...FOLDERS, ...FILES]) cpSync(join(root, name), join(copy, name), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

const run = (...tests) =>
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', ...tests], {
    cwd: copy,
    env: { ...process.env, ...FUZZ },
    encoding: 'utf8',
    timeout: 900_000,
  })
/** The evaluator's module is made of `assembly/`. */
const compile = (file) => {
  if (!file.includes('assembly/')) return
  const { status } = spawnSync(process.execPath, ['scripts/build-wasm.mjs'], { cwd: copy })
  if (status !== 0) throw new Error(`does not compile: ${file}`)
}

const SUITES = {
  fuzz: ['test/access/sides/brute-force.test.ts'],
  unit: ['test/access/symbolic', 'test/access/sides/side-diff.test.ts'],
  rules: [
    'test/cli/outsiders.test.ts',
    'test/cli/organization-open.test.ts',
    'test/cli/keys-that-requests-have.test.ts',
    'test/cli/first-declared-resource.test.ts',
    'test/cli/across-accounts.test.ts',
    'test/cli/public-gate.test.ts',
    'test/public',
    'test/access/diff/estate-diff.test.ts',
  ],
  verification: ['test/access/witness/verification.test.ts'],
  callers: ['test/access/principals'],
  remembered: [
    'test/escalation/remembered.test.ts',
    'test/access/diff/new-principals.test.ts',
    'test/access/actions/meeting-patterns.test.ts',
  ],
  requests: [
    'test/access/outsiders',
    'test/access/diff/one-organization',
    'test/access/witness/witness-consistency',
    'test/access/sides/one-moment',
    'test/access/regions/sources-organization.test.ts',
  ],
  credentials: ['test/access/actions/calls-that-assume.test.ts'],
  tiers: ['test/access/diff/tiers.test.ts'],
  open: ['test/access/open-rules.test.ts'],
  hunt: ['test/access/hunt.test.ts'],
  plan: ['digest-boundary', 'guard-aws-owned', 'scenarios'].map((name) => `test/plan/${name}.test.ts`),
  manifest: ['test/manifest/entities-of-last-load-complete.test.ts', 'test/manifest/load-memory.test.ts'],
  everybody: ['test/evaluator/who-can-open-keys.test.ts', 'test/evaluator/who-can-passed-along.test.ts'],
  decisions: ['test/evaluator/keys-of-the-caller.test.ts', 'test/evaluator/corpus.test.ts'],
}
/** What a bug of the engine's core is looked for by. */
const BY_DEFAULT = ['fuzz', 'unit']

/** The first suite that fails; null: none. */
const failingSuite = (names) => names.find((name) => run(...SUITES[name]).status !== 0) ?? null
const isAsked = ({ name, suites: own = BY_DEFAULT }) =>
  (wanted === undefined || name === wanted) &&
  (suites.length === 0 || suites.some((suite) => own.includes(suite)))

/** Those that nothing notices, and those whose code has moved. */
let survivors = 0
try {
  const used = new Set(mutants.filter(isAsked).flatMap(({ suites: own = BY_DEFAULT }) => own))
  const failing = wanted === undefined ? failingSuite([...used]) : null
  if (failing !== null) throw new Error(`fails without a mutation: ${failing}`)
  for (const { name, file, from, to, suites: own = BY_DEFAULT } of mutants.filter(isAsked)) {
    const path = join(copy, 'src/access', file)
    const original = readFileSync(path, 'utf8')
    if (original.split(from).length !== 2) {
      survivors++
      console.log(`NOT IN ONE PLACE of ${file}: ${name}`)
      continue
    }
    writeFileSync(
      path,
      original.replace(from, () => to),
    )
    compile(file)
    const start = performance.now()
    const caught = failingSuite(own)
    writeFileSync(path, original)
    compile(file)
    if (caught === null) survivors++
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(
      `${caught === null ? 'MISSED       ' : `by ${caught}`.padEnd(13)} ${seconds.padStart(5)} s  ${name}`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(survivors === 0 ? 'every mutant is caught' : `${survivors} mutants are missed`)
process.exitCode = survivors === 0 ? 0 : 1
