import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'

/** Carries what is wrong with a question up to where it is answered. */
export class Refusal {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    this.diagnostics = diagnostics
  }
}

export const refuse = (code: string, message: string, help: string | null): Refusal =>
  new Refusal([errorOf({ code, message, help })])
