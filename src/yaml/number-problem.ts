import { type Diagnostic, errorOf, type Span } from '../diagnostics/index.ts'

/**
 * A number that JavaScript can't hold, or an account id that would lose its zeros, is not silently another one.
 * @param text as the file has it
 */
export function numberProblem(text: string, value: number, span: Span): Diagnostic | null {
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)))
    return /^[-+]?0[0-9]/.test(text)
      ? errorOf({
          code: 'manifest.yaml-leading-zero',
          message: `the number \`${text}\` loses its leading zero`,
          help: `quote it: "${text}"`,
          span,
        })
      : null
  return errorOf({
    code: 'manifest.yaml-number',
    message: `the number \`${text}\` can not be held exactly`,
    help: `quote it if it is meant as text: "${text}"`,
    span,
  })
}
