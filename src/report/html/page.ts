import { createHash } from 'node:crypto'
import { type Markup, markup, verbatim } from './markup.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'

/** What stands in the frame that all pages have. */
interface PageParts {
  /** Of the window, in plain words. */
  readonly title: string
  readonly header: Markup
  readonly main: Markup
  readonly footer: Markup | null
}

/**
 * A whole document in one file. Its own policy lets nothing be fetched or sent, and nothing run but the one script that is known
 * by its hash, so that even markup that came of a name would do nothing.
 * @see Content Security Policy Level 3, "Usage of `'sha256-…'`"
 */
export const wholePage = ({ title, header, main, footer }: PageParts): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${verbatim(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the result</a>
<header>
${header}
</header>
<main id="main" tabindex="-1">
${main}
</main>
${footer === null ? null : markup`<footer>${footer}</footer>`}
<script>${verbatim(PAGE_SCRIPT)}</script>
</body>
</html>`.text

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(PAGE_STYLE)}`,
  `script-src ${hashOf(PAGE_SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
