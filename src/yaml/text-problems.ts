import { type Diagnostic, errorOf, type Span } from '../diagnostics/index.ts'

/** Deeper than any policy; keeps recursion over trees safe everywhere. */
export const MAX_DEPTH = 100

export const tooDeepError = (span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.yaml-too-deep',
    message: `lists or maps are nested more than ${MAX_DEPTH} levels deep`,
    help: 'no manifest needs that many levels',
    span,
  })

/** A file that git has left in the middle of a merge. */
export function mergeConflict(file: string, text: string): Diagnostic | null {
  const conflict = /^(?:<{7}|={7}|>{7})(?: .*)?$/m.exec(text)
  if (conflict === null) return null
  return errorOf({
    code: 'manifest.merge-conflict',
    message: 'a merge conflict that is not resolved',
    help: 'keep one of the two sides, and remove the lines of `<`, `=` and `>`',
    span: { file, start: conflict.index, end: conflict.index + conflict[0].length },
  })
}

/** The API of IAM returns policy documents URL-encoded (RFC 3986): so they come out of scripts. */
export const isUrlEncoded = (text: string): boolean => /^\s*["']?%7b/i.test(text)

export function urlEncoded(file: string, text: string): Diagnostic | null {
  if (!isUrlEncoded(text)) return null
  const start = text.indexOf('%')
  return errorOf({
    code: 'manifest.url-encoded',
    message: 'this is URL-encoded, neither JSON nor YAML',
    help: URL_ENCODED_HELP,
    span: { file, start, end: start + 3 },
  })
}

export const URL_ENCODED_HELP =
  'the IAM API returns documents so; decode it: `%7B` is `{`, `%22` is `"`, `%3A` is `:`'

export const unquotedVariable = (span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.unquoted-variable',
    message: '`{{ }}` outside of quotes',
    help: 'quote the whole text: "...{{ account.id }}..."',
    span,
  })
