import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'

/** No branch has such a name, and each `^` and `~` is a walk through history. */
const LONGEST_REF = 1024

/** @throws DiagnosticError `git.ref-too-long` */
export function refuseLongRef(ref: string): void {
  if (ref.length <= LONGEST_REF) return
  throw new DiagnosticError(
    errorOf({
      code: 'git.ref-too-long',
      message: `a ref of ${ref.length.toLocaleString('en')} characters (it begins \`${ref.slice(0, 20)}\`); it may have ${LONGEST_REF.toLocaleString('en')}`,
      help: 'name a branch, a tag or a commit',
    }),
  )
}
