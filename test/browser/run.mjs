// Opens the pages that tests hold as goldens in Chromium, as whoever gets one does: in a wide window and on a phone, in light and
// dark, with a keyboard, on paper, without scripts. Screenshots go to `test/browser/screenshots/`, to be looked at.
//
//   npm run test:browser                       Chromium of the PATH
//   CHROMIUM=/path/to/it npm run test:browser
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.mjs'
import { filterChecks } from './filter.mjs'
import { keyboardChecks } from './keyboard.mjs'
import { paperChecks } from './paper.mjs'
import { policyChecks } from './policy.mjs'
import { pageChecks, WINDOWS } from './windows.mjs'
import { writingChecks } from './writing.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const screenshots = join(here, 'screenshots')
const goldens = join(here, '../report/html/golden')

const executablePath = findChromium()
if (executablePath === null) {
  console.error(
    'no Chromium on the PATH: `apt-get install -y --no-install-recommends chromium`, or set CHROMIUM=',
  )
  process.exit(1)
}
rmSync(screenshots, { recursive: true, force: true })
mkdirSync(screenshots, { recursive: true })

// Chromium refuses its sandbox to root; the pages are ours, and are opened from files.
const isRoot = process.getuid?.() === 0
const browser = await chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] })
console.log(`${executablePath}, version ${browser.version()}`)

const failed = []
let passed = 0
/** One thing that is held; the rest goes on without it. */
const check = async (name, held) => {
  try {
    await held()
    passed++
    console.log(`ok    ${name}`)
  } catch (error) {
    failed.push(name)
    console.log(`FAILED ${name}\n${String(error.message).replace(/^/gm, '      ')}`)
  }
}

try {
  for (const file of readdirSync(goldens)
    .filter((name) => name.endsWith('.html'))
    .sort()) {
    const path = join(goldens, file)
    for (const window of WINDOWS) {
      const shot = join(screenshots, `${basename(file, '.html')}-${window.width}-${window.colorScheme}.png`)
      await check(`${file} at ${window.width}, ${window.colorScheme}`, () =>
        pageChecks(browser, path, window, shot),
      )
    }
  }
  await check('what is written from right to left changes no places', () =>
    writingChecks(browser, join(goldens, 'hostile.html')),
  )
  const sample = join(goldens, 'review.html')
  await check('what would be harmful is refused by the policy of the page', () =>
    policyChecks(browser, sample),
  )
  for (const [name, held] of [...filterChecks, ...keyboardChecks, ...paperChecks])
    await check(name, () => held(browser, sample))
} finally {
  await browser.close()
}
console.log(`${passed} passed, ${failed.length} failed; screenshots in test/browser/screenshots`)
process.exitCode = failed.length === 0 ? 0 : 1
