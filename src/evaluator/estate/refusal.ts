import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import { UnevaluablePolicyError } from '../unevaluable.ts'
import type { Answered, EstateQuestion } from './estate-question.ts'

/** Carries what is wrong with a question up to where it is answered. */
export class Refusal {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    this.diagnostics = diagnostics
  }
}

/** What a policy says is not known. */
export const UNKNOWN_DOCUMENT = 'evaluate.unknown-document'

/** What a policy says has no clear meaning; why not follows. */
export const INVALID_POLICY = 'evaluate.invalid-policy'

/** Whether nothing stands in the way of an answer but what policies say. */
export const isOfPolicies = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ code }) => code === UNKNOWN_DOCUMENT || code === INVALID_POLICY)

export const refuse = (code: string, message: string, help: string | null): Refusal =>
  new Refusal([errorOf({ code, message, help })])

/** An answer, or why there is none. */
export function refusable<T>(
  question: EstateQuestion,
  answer: () => T,
): { readonly answer: T } | Extract<Answered, { readonly answer: null }> {
  try {
    return { answer: answer() }
  } catch (error) {
    if (error instanceof Refusal) return { answer: null, diagnostics: error.diagnostics }
    if (error instanceof UnevaluablePolicyError)
      return {
        answer: null,
        diagnostics: [
          errorOf({
            code: INVALID_POLICY,
            message: `a policy of \`${question.principal}\` can't be evaluated: ${error.message}`,
          }),
        ],
      }
    throw error
  }
}
