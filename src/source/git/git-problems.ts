import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { OddFileError } from '../regular-file.ts'

export const gitUnreadable = (why: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'git.unreadable',
      message: `the git repository can't be read: ${why}`,
      help: '`git fsck` says whether it is damaged',
    }),
  )

/**
 * What went wrong in isomorphic-git, in our own words: its messages speak of itself, ask to be reported to its authors, and
 * quote what it read.
 */
export function gitFailureText(error: unknown): string {
  if (error instanceof OddFileError) return `\`${error.path}\` is ${error.kind}`
  const { code, data } = error as { readonly code?: unknown; readonly data?: { readonly what?: unknown } }
  switch (code) {
    case 'NotFoundError':
      return typeof data?.what === 'string' && /^[0-9a-f]{40}$/.test(data.what)
        ? `the object ${data.what.slice(0, 12)} is missing`
        : 'something in it is missing'
    case 'EACCES':
    case 'EPERM':
      return 'a file in it may not be read'
    case 'EIO':
    case 'ENOENT':
    case 'EMFILE':
      return `a file in it can't be read (${code})`
    default:
      return error instanceof RangeError ? 'its folders are nested too deeply' : 'something in it is damaged'
  }
}
