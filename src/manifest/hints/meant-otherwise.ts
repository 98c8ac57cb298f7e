import type { z } from 'zod'
import type { Located } from '../../diagnostics/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import { isUrlEncoded, URL_ENCODED_HELP } from '../../yaml/text-problems.ts'
import { RULES, type ValueRule } from '../schema/rules.ts'

/** What is said of a value that is right but for the form that it was given in. */
interface Told {
  readonly message: string
  readonly help: string
}

/** @returns null when the rule's own words say best what is wrong */
export function meantOtherwise(rule: ValueRule, issue: z.core.$ZodIssue, at: Located): Told | null {
  if (at.kind !== 'scalar' || typeof at.value !== 'string') return null
  if (rule === RULES.document) return documentAsText(at.value)
  return at.quoted && wantsNumber(issue) && NUMBER.test(at.value)
    ? {
        message: `\`${shorten(at.value)}\` is a text; a number is needed`,
        help: 'write the number itself, without quotes; a `{{ variable }}` is always a text',
      }
    : null
}

const NUMBER = /^-?\d+(?:\.\d+)?$/

const wantsNumber = (issue: z.core.$ZodIssue): boolean =>
  (issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int')) ||
  (issue.code === 'invalid_value' && issue.values.some((value) => typeof value === 'number'))

function documentAsText(text: string): Told | null {
  if (isUrlEncoded(text)) return { message: 'this document is URL-encoded', help: URL_ENCODED_HELP }
  if (/^\s*\{/.test(text))
    return {
      message: 'this document is JSON within a text',
      help: 'remove the quotes (or the `|`) around it: JSON may stand in YAML as it is',
    }
  if (/\.(?:json|ya?ml)$/i.test(text.trim()))
    return {
      message: `\`${shorten(text)}\` is a path, not a policy document`,
      help: `write \`{ file: ${shorten(text.trim())} }\``,
    }
  return null
}
