import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Pages whose examples stand by themselves. */
const PAGES = ['library.md', 'testing.md']
const pages = PAGES.map((page) => ({
  page,
  text: readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8'),
}))
const examplesIn = (text: string) =>
  [...text.matchAll(/^```js\n([\s\S]*?)^```\n\nprints\n\n```\n([\s\S]*?)^```$/gm)].map(
    ([, code = '', printed = '']) => ({ code, printed }),
  )

test.each(pages)('the examples of docs/$page are all taken', ({ text }) => {
  const examples = examplesIn(text)
  expect(examples).toHaveLength(text.match(/^```js$/gm)?.length ?? 0)
  expect(examples.length).toBeGreaterThan(1)
})

test.each(pages.flatMap(({ page, text }) => examplesIn(text).map((example) => ({ page, ...example }))))(
  'an example of docs/$page prints what it says: $printed',
  ({ code, printed }) => {
    // Within the package, its own name means its build.
    const ran = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    })
    expect(`${ran.stdout}${ran.stderr}`).toBe(printed)
  },
)
