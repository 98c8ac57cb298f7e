// Random cases of which `npm test` tries a part, whole: `node test/soak/whole-samples.mjs [SEED] [half]`, each with its own seed unless told; and
// the operations of all kinds by a target that something is wrong with.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Names in `test/iam/faulty-account.ts`. */
const TROUBLES = [
  'it slows down',
  'answers are lost',
  'the connection drops',
  'it shows late what was written',
  'all of it at once',
]
/** Those of other kinds than the contract's that go by answers alone: neither by whose call it is nor by the time of it. */
const OF_OPERATIONS = ['test/iam/service-linked-roles', 'test/kinds/ssh-public-keys']

const root = fileURLToPath(new URL('../..', import.meta.url))
const isHalf = process.argv.includes('half')
const [seed] = process.argv.slice(2).filter((each) => each !== 'half')
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file))
  .filter((file) => readFileSync(join(root, file), 'utf8').match(/\/(?:sample-size|times)\.ts'/) !== null)

const run = (tests, env) =>
  spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...tests, '--reporter=dot', '--silent'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } },
  ).status ?? 1

const statuses = [
  run(files, {
    TEST_SAMPLES: isHalf ? 'half' : 'whole',
    ...(seed === undefined ? {} : { PROPERTY_SEED: seed }),
  }),
  // What the embedded IAM is held against, of every kind, each with something else wrong on the way to it.
  ...TROUBLES.map((name) => run(OF_OPERATIONS, { TEST_TROUBLE: name })),
]
process.exitCode = Math.max(...statuses)
