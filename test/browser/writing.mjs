import assert from 'node:assert/strict'
import { withPage } from './windows.mjs'

/** Two values of Hebrew letters with an arrow between them, as the page has them in its lines, headings and lists. */
const WRITTEN = '\u05d0\u05d1 → \u05d2\u05d3'

export const writingChecks = (browser, path) =>
  withPage(browser, path, {}, async (page) => {
    for (const fold of await page.locator('details > summary').all()) await fold.click()
    const places = await page.evaluate((written) => {
      const found = []
      const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const at = node.data.indexOf(written)
        if (at === -1 || node.parentElement.closest('title, desc') !== null) continue
        const letters = [...written].flatMap((letter, index) => {
          const range = document.createRange()
          range.setStart(node, at + index)
          range.setEnd(node, at + index + 1)
          const { left, top } = range.getBoundingClientRect()
          return letter === ' ' ? [] : [{ left, top: Math.round(top) }]
        })
        found.push({ where: node.parentElement.outerHTML.slice(0, 40), letters })
      }
      return found
    }, WRITTEN)
    assert.ok(places.length > 4, 'the letters are not on the page')
    for (const { where, letters } of places)
      for (const [index, { left, top }] of letters.slice(1).entries()) {
        const before = letters[index]
        assert.ok(
          top > before.top || left > before.left,
          `${where}: letter ${index + 1} stands before ${index}`,
        )
      }
  })
