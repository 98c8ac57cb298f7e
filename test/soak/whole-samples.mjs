// Random cases of which `npm test` tries a part, whole: `node test/soak/whole-samples.mjs [SEED]`, each with its own seed unless told.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [, , seed] = process.argv
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file))
  .filter((file) => readFileSync(join(root, file), 'utf8').match(/\/(?:sample-size|times)\.ts'/) !== null)

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...files, '--reporter=dot', '--silent'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_SAMPLES: 'whole', ...(seed === undefined ? {} : { PROPERTY_SEED: seed }) },
  },
)
process.exitCode = status ?? 1
