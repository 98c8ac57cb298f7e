import { errorOf, type Located, spanOf } from '../../diagnostics/index.ts'
import { isRecipient } from '../../kinds/attributes/recipients.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { Report } from './policy-names.ts'

/**
 * Public keys of age, in the author's order and without duplicates; what is none is reported. A secret key that stands there by
 * mistake is not quoted, and hidden wherever its line is shown.
 */
export function recipientsIn(
  value: Located | null,
  report: Report,
): { readonly recipients?: readonly string[] } {
  if (value === null) return {}
  if (value.kind !== 'list') {
    report({ ...errorOf({ ...NO_LIST, span: spanOf(value) }), hides: [spanOf(value)] })
    return {}
  }
  const found = new Set<string>()
  for (const item of value.items) {
    const text = item.kind === 'scalar' ? String(item.value).trim() : ''
    const span = spanOf(item)
    if (/age-secret-key/i.test(text))
      report({
        ...errorOf({
          code: 'manifest.literal-secret',
          message: 'this is a secret key of age, and not the public one',
          help: 'make a new one, since this one has been written down, and declare its public key: `age-keygen -y`',
          span,
        }),
        hides: [span],
      })
    else if (isRecipient(text)) found.add(text)
    else
      report(
        errorOf({
          code: 'manifest.bad-recipient',
          message: `${text === '' ? 'this' : `\`${shorten(text)}\``} is no public key of age`,
          help: 'write what `age-keygen` prints: `age1`, then 58 letters and digits; one mistyped is noticed',
          span,
        }),
      )
  }
  return { recipients: [...found] }
}

const NO_LIST = {
  code: 'manifest.wrong-type',
  message: '`recipients` takes a list of public keys of age',
  help: 'write a list: `[age1…]`, or a line `- age1…` for each',
}
