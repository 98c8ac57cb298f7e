import assert from 'node:assert/strict'
import { withPage } from './windows.mjs'

/** What has the focus, in a few words, and how it is shown. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    const name = element.getAttribute('name') ?? element.textContent.trim().replace(/\s+/g, ' ')
    return {
      who:
        element === document.body ? '' : `${element.localName} ${element.getAttribute('aria-label') ?? name}`,
      isSeen:
        outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && box.right > 0 && box.width > 0,
    }
  })

const MOST_STOPS = 60

export const keyboardChecks = [
  [
    'Tab goes from top to bottom through everything, and shows where it is',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        const stops = []
        for (let stop = 0; stop < MOST_STOPS; stop++) {
          await page.keyboard.press('Tab')
          const { who, isSeen } = await focused(page)
          if (who === '' || stops[0] === who) break
          assert.equal(isSeen, true, `${who}: the focus is not to be seen`)
          stops.push(who)
        }
        assert.deepEqual(stops, [
          'a Skip to the result',
          'a Escalations',
          'a Not known',
          'a Gains',
          'a Losses',
          'a Deletes',
          'a Changes by file',
          'a Details',
          'a Picture',
          'input principal',
          'select service',
          'input level',
          'input level',
          'input level',
          'button Show all',
          'div Who may come to be whom in production, picture',
          'summary The same as a list (5 arrows)',
          'summary Changes by file 2',
          'summary Details 1',
        ])
      }),
  ],
  [
    'Enter follows the link to the result, Enter and Space open and close what is folded',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
        const fold = page.locator('#changes details')
        await fold.locator('summary').focus()
        await page.keyboard.press('Enter')
        assert.equal(await fold.evaluate(({ open }) => open), true)
        await page.keyboard.press('Space')
        assert.equal(await fold.evaluate(({ open }) => open), false)
        await page.getByRole('link', { name: 'Changes by file' }).press('Enter')
        await page.waitForFunction(() => document.querySelector('#changes details').open)
      }),
  ],
  [
    'the filter is used with the keyboard alone',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        const hidden = () => page.locator('[data-who][hidden]').count()
        await page.locator('[name=principal]').focus()
        await page.keyboard.type('bob')
        await page.keyboard.press('Enter')
        assert.equal(await hidden(), 6)
        await page.locator('[name=level]').first().focus()
        await page.keyboard.press('Space')
        assert.equal(await page.locator('[name=level]').first().isChecked(), false)
        await page.locator('#filter [type=button]').focus()
        await page.keyboard.press('Enter')
        assert.equal(await hidden(), 0)
        assert.equal(await page.evaluate(() => document.activeElement.name), 'principal')
      }),
  ],
  [
    'a picture that is wider than a phone is moved with the arrow keys',
    (browser, path) =>
      withPage(browser, path, { width: 390 }, async (page) => {
        const scroll = page.locator('.scroll').first()
        await scroll.focus()
        const drawn = await scroll.locator('svg').first().boundingBox()
        assert.ok(drawn.width > 390, 'the picture is shrunk')
        for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight')
        await page.waitForFunction(() => document.querySelector('.scroll').scrollLeft > 0)
      }),
  ],
  [
    'who listens to it is told headings, the filter and the picture by name',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        const told = await page.locator('body').ariaSnapshot()
        for (const part of [
          'banner',
          'heading "2 gain · 1 loses · 1 deletes · 1 without effect · 1 unknown" [level=1]',
          'navigation "Contents"',
          'search "Filter the entries"',
          'combobox "Principal"',
          'combobox "Service"',
          'group "Level"',
          'main',
          'region "Escalations 2"',
          'heading "critical user/alice" [level=3]',
          'img "Who may come to be whom in production',
        ])
          assert.ok(told.includes(part), `${part} is not in\n${told}`)
      }),
  ],
]
