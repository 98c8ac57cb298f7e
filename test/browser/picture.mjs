// Makes the README's picture: the page of one of the pull requests in `examples/reviews/`. Needs the build and Chromium.
//
//   node test/browser/picture.mjs

import { spawnSync } from 'node:child_process'
import fs, { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import git from 'isomorphic-git'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const review = join(root, 'examples/reviews/add-user-to-group')
const picture = join(root, 'docs/review.png')
const WIDTH = 900

const executablePath = findChromium()
if (executablePath === null) throw new Error('no Chromium on the PATH: set CHROMIUM=')

const dir = mkdtempSync(join(tmpdir(), 'iam-sync-picture-'))
try {
  cpSync(join(review, 'before'), dir, { recursive: true })
  await git.init({ fs, dir, defaultBranch: 'main' })
  await commit('before')
  await git.branch({ fs, dir, ref: 'change', checkout: true })
  cpSync(join(review, 'after'), dir, { recursive: true })
  await commit('after')
  const cli = join(root, 'dist/bin/iam-sync.js')
  const plan = spawnSync(process.execPath, [cli, 'plan', dir, '--against', 'git:main', '--format', 'html'], {
    encoding: 'utf8',
  })
  const page = join(dir, 'page.html')
  writeFileSync(page, plan.stdout)
  await draw(page)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function commit(message) {
  const author = {
    name: 'Example',
    email: 'example@example.com',
    timestamp: 1_700_000_000,
    timezoneOffset: 0,
  }
  await git.add({ fs, dir, filepath: '.' })
  await git.commit({ fs, dir, message, author })
}

/** What stands above the changes by file, which are opened. */
async function draw(file) {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 700 }, colorScheme: 'light' })
    await page.goto(pathToFileURL(file).href)
    await page.locator('#changes summary').click()
    await page.evaluate(() => {
      document.activeElement.blur()
      scrollTo(0, 0)
    })
    const { y } = await page.locator('#machine').boundingBox()
    await page.screenshot({
      path: picture,
      clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(y) },
      fullPage: true,
    })
  } finally {
    await browser.close()
  }
}
