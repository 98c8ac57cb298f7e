import assert from 'node:assert/strict'
import { withPage } from './windows.mjs'

export const paperChecks = [
  [
    'on paper what is folded is open, and what is only of use on a screen is not there',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        await page.emulateMedia({ media: 'print' })
        await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
        assert.equal(await page.locator('details:not([open])').count(), 0)
        assert.equal(await page.locator('#filter').isVisible(), false)
        assert.equal(await page.locator('nav').isVisible(), false)
        assert.equal(await page.locator('#changes article').first().isVisible(), true)
        await page.evaluate(() => dispatchEvent(new Event('afterprint')))
        assert.equal(await page.locator('details[open]').count(), 0)
        assert.ok((await page.pdf({ format: 'A4' })).length > 1000)
      }),
  ],
]
