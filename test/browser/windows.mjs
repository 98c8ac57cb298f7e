import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'

export const WINDOWS = [1280, 390].flatMap((width) =>
  ['light', 'dark'].map((colorScheme) => ({ width, colorScheme })),
)

/**
 * Opens a page, and holds it to silence for as long as it is used: nothing on the console, which says as well what its policy
 * refuses, no request but the one for the file, no dialog.
 */
export async function withPage(browser, path, { width = 1280, fragment = '', ...options }, use) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options })
  const heard = []
  const page = await context.newPage()
  page.on('console', (message) => heard.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    if (url.split('#')[0] !== pathToFileURL(path).href) heard.push(`request: ${url}`)
  })
  try {
    await page.goto(pathToFileURL(path).href + fragment)
    await use(page)
    assert.deepEqual(heard, [])
  } finally {
    await context.close()
  }
}

export const pageChecks = (browser, path, window, screenshot) =>
  withPage(browser, path, window, async (page) => {
    for (const fold of await page.locator('details > summary').all()) await fold.click()
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth),
      window.width,
      'the page is wider than its window',
    )
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('body *:not(.skip)')]
        .filter((each) => each.closest('.scroll, pre, datalist') === null)
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
        .map((each) => each.outerHTML.slice(0, 120)),
    )
    assert.deepEqual(outside, [], 'something stands outside of the window')
    assert.notEqual(
      await page.evaluate(() => getComputedStyle(document.body).fontFamily),
      '',
      'the style is not in force',
    )
    await page.screenshot({ path: screenshot, fullPage: true })
  })
