import { type Diagnostic, hasErrors } from '../../diagnostics/index.ts'
import { printable } from '../layout/paint.ts'

/** A line that a shell passes over, whatever the text has. */
export const comment = (text: string): string => `# ${printable(text)}`

/**
 * A script for a POSIX shell that ends with the first call that fails. With an error among what is to be said beside it, it says so and
 * carries nothing out, so that who pipes it into a shell doesn't get past the guard.
 */
export function script(parts: readonly string[], diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const head = ['#!/bin/sh', 'set -eu']
  if (hasErrors(diagnostics))
    head.push(
      '',
      ...errors.map(({ code, message }) => comment(`error[${code}]: ${message}`)),
      "echo 'iam-sync: there are errors: nothing below is carried out' >&2",
      'exit 1',
    )
  return [head.join('\n'), ...parts].join('\n\n')
}
