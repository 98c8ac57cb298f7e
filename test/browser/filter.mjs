import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'
import { withPage } from './windows.mjs'

/** What stands on the page, of entries that the filter knows: section and whom it is about. */
const shownOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-who]')]
      .filter((entry) => !entry.hidden)
      .map((entry) => `${entry.closest('section').id} ${entry.querySelector('.code').textContent}`),
  )

const ALL = [
  'escalations user/alice',
  'escalations role/ci',
  'unknown role/odd',
  'gains user/alice',
  'gains role/ci',
  'losses user/bob',
  'deletes user bob',
  'changes user alice',
  'changes user bob',
]

const principal = (page) => page.getByRole('combobox', { name: 'Principal' })
const service = (page) => page.getByRole('combobox', { name: 'Service' })

export const filterChecks = [
  [
    'the filter by principal shows whom it names, wherever they stand',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        assert.deepEqual(await shownOf(page), ALL)
        await principal(page).fill('ALICE')
        assert.deepEqual(
          await shownOf(page),
          ALL.filter((each) => each.includes('alice')),
        )
        assert.match(await page.locator('#filter-says').textContent(), /^3 of 9 shown/)
        assert.equal(await page.locator('#losses .hidden-note').textContent(), '1 hidden by the filter')
        await principal(page).fill('nobody of this name')
        assert.deepEqual(await shownOf(page), [])
      }),
  ],
  [
    'of the principals those are suggested that fit what is typed',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        const suggested = () =>
          page.evaluate(() => [...document.querySelectorAll('#principals option')].map(({ value }) => value))
        assert.equal((await suggested()).length, 4)
        await principal(page).fill('ali')
        assert.deepEqual(await suggested(), ['arn:aws:iam::111122223333:user/alice'])
        await principal(page).fill('')
        assert.equal((await suggested()).length, 4)
      }),
  ],
  [
    'what is not known of an entry is no reason to hide it',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        await service(page).selectOption('s3')
        const untold = ['unknown role/odd', 'deletes user bob', 'changes user alice', 'changes user bob']
        assert.deepEqual(
          await shownOf(page),
          ALL.filter((each) => [...untold, 'gains role/ci', 'losses user/bob'].includes(each)),
        )
        await page.getByLabel('permissions').uncheck()
        await page.getByLabel('write').uncheck()
        assert.deepEqual(
          await shownOf(page),
          ALL.filter((each) => [...untold, 'losses user/bob'].includes(each)),
        )
      }),
  ],
  [
    'the URL keeps the filter, and `Show all` ends it',
    (browser, path) =>
      withPage(browser, path, {}, async (page) => {
        await principal(page).fill('role/ci')
        await service(page).selectOption('s3')
        await page.getByLabel('read').uncheck()
        const shown = await shownOf(page)
        assert.deepEqual(shown, ['gains role/ci'])
        const kept = new URL(page.url()).hash
        assert.equal(kept, '#principal=role%2Fci&service=s3&level=permissions+write')
        await page.reload()
        assert.deepEqual(await shownOf(page), shown)
        assert.equal(await page.getByLabel('read').isChecked(), false)
        await page.getByRole('button', { name: 'Show all' }).click()
        assert.deepEqual(await shownOf(page), ALL)
        assert.equal(new URL(page.url()).hash, '')
      }),
  ],
  [
    'a link with a filter is followed on the same page, and a hostile one does nothing',
    (browser, path) =>
      withPage(browser, path, { fragment: '#principal=bob' }, async (page) => {
        assert.deepEqual(
          await shownOf(page),
          ALL.filter((each) => each.includes('bob')),
        )
        await page.goto(`${pathToFileURL(path).href}#service=iam`)
        assert.equal((await shownOf(page)).includes('gains user/alice'), true)
        await page.goto(
          `${pathToFileURL(path).href}#principal=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&service=%22&level=%25`,
        )
        assert.deepEqual(await shownOf(page), [])
        assert.equal(await page.locator('img').count(), 0)
      }),
  ],
  [
    'without scripts all of it is there, and no filter that would do nothing',
    (browser, path) =>
      withPage(browser, path, { javaScriptEnabled: false }, async (page) => {
        assert.equal(await page.locator('#filter').isVisible(), false)
        assert.equal(await page.locator('article').first().isVisible(), true)
        await page.locator('#changes summary').click()
        assert.equal(await page.locator('#changes article').first().isVisible(), true)
      }),
  ],
]
