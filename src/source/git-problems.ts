import { DiagnosticError, errorOf } from '../diagnostics/index.ts'

export const gitUnreadable = (why: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'git.unreadable',
      message: `the git repository can't be read: ${why}`,
      help: '`git fsck` says whether it is damaged',
    }),
  )
