import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/^```js\n([\s\S]*?)^```\n\nprints\n\n```\n([\s\S]*?)^```$/gm)].map(
  ([, code = '', printed = '']) => ({ code, printed }),
)

test('the examples of docs/library.md are all taken', () => {
  expect(examples).toHaveLength(text.match(/^```js$/gm)?.length ?? 0)
  expect(examples.length).toBeGreaterThan(1)
})

test.each(examples)('an example of docs/library.md prints what it says: $printed', ({ code, printed }) => {
  // Within the package, its own name means its build.
  const ran = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(`${ran.stdout}${ran.stderr}`).toBe(printed)
})
