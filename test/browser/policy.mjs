import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'

/** What would happen if a name became markup in spite of all: the page's own policy refuses each of these. */
const ATTEMPTS = {
  'a script': '<script>window.isRun = true</script>',
  'a handler': '<details open ontoggle="window.isRun = true"></details>',
  'an address that is a script': '<a id="attempt" href="javascript:window.isRun = true">x</a>',
  'a style': '<style>body { background: red }</style>',
  'an image from elsewhere': '<img src="http://127.0.0.1:9/x">',
  'a frame': '<iframe src="http://127.0.0.1:9/x"></iframe>',
  'a form': '<form id="attempt-form" action="http://127.0.0.1:9/x"><input name="a"></form>',
}

export async function policyChecks(browser, path) {
  for (const [name, text] of Object.entries(ATTEMPTS)) {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      const requested = []
      page.on('requestfinished', (request) => requested.push(request.url()))
      await page.goto(pathToFileURL(path).href)
      const refused = await page.evaluate(async (written) => {
        const events = []
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          events.push(effectiveDirective),
        )
        // Scripts that are set by `innerHTML` don't run anywhere: this way they do.
        document.querySelector('main').append(document.createRange().createContextualFragment(written))
        document.getElementById('attempt')?.click()
        document.getElementById('attempt-form')?.submit()
        await new Promise((resolve) => setTimeout(resolve, 300))
        return {
          events,
          isRun: window.isRun === true,
          color: getComputedStyle(document.body).backgroundColor,
        }
      }, text)
      assert.equal(refused.isRun, false, `${name} is run`)
      assert.notEqual(refused.color, 'rgb(255, 0, 0)', `${name} is in force`)
      assert.ok(refused.events.length > 0, `nobody refuses ${name}`)
      assert.deepEqual(
        requested.filter((url) => !url.startsWith('file:')),
        [],
      )
    } finally {
      await context.close()
    }
  }
}
