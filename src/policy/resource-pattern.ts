import {
  checkCharacters,
  doubtful,
  invalid,
  malformed,
  type Parsing,
  type Place,
  spanOfPlace,
} from './parsing.ts'
import { checkStoredArn } from './stored-arn.ts'
import { checkVariables } from './variable-check.ts'

/** Checks `*` or an ARN, with wildcards and variables. @see IAM User Guide, "IAM JSON policy elements: Resource" */
export function checkResource(parsing: Parsing, text: string, place: Place): void {
  if (text === '*') return
  if (!text.startsWith('arn:')) {
    if (/^\*+$/.test(text)) return
    malformed(parsing, {
      code: 'policy.resource-not-arn',
      message:
        text === '' ? 'a resource is an empty string' : `resource \`${text}\` is neither an ARN nor \`*\``,
      help: /^[a-z0-9][a-z0-9.-]{2,62}(?:\/.*)?$/.test(text)
        ? `write the whole ARN, such as \`arn:aws:s3:::${text}\` for an S3 bucket, or \`*\``
        : 'write `arn:partition:service:region:account:resource`, or `*`',
      span: spanOfPlace(place),
    })
    return
  }
  checkCharacters(parsing, text, place)
  checkVariables(parsing, text, place)
  if (segmentCount(text) < 6) checkShortArn(parsing, text, place)
  else checkStoredArn(parsing, text, place)
}

/** How many colon-separated segments an ARN has; colons inside `${…}` separate nothing. */
export function segmentCount(text: string): number {
  let segments = 1
  let inVariable = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inVariable) inVariable = character !== '}'
    else if (character === '$' && text[at + 1] === '{') inVariable = true
    else if (character === ':') segments++
  }
  return segments
}

/** What IAM does with fewer than six segments is observed, not documented, and differs by the policy's use. */
function checkShortArn(parsing: Parsing, text: string, place: Place): void {
  const help =
    'write all six segments: `arn:partition:service:region:account:resource`; any of them may be `*`'
  const span = spanOfPlace(place)
  const message = `resource \`${text}\` has fewer than the six segments of an ARN`
  switch (parsing.use) {
    case 'rcp':
      malformed(parsing, { code: 'policy.resource-short-arn', message, help, span })
      return
    case 'scp':
      if (!text.endsWith('*')) malformed(parsing, { code: 'policy.resource-short-arn', message, help, span })
      return
    case 'identity':
    case 'boundary':
    case 'session':
      invalid(parsing, {
        code: 'policy.resource-short-arn',
        message: `${message}, and IAM stores no such policy`,
        help,
        span,
      })
      return
    case 'trust':
    case 'resource':
      if (!/[*?]/.test(text))
        doubtful(parsing, {
          code: 'policy.resource-short-arn',
          message: `${message}, so it matches nothing`,
          help,
          span,
        })
  }
}
