import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import { OddFileError } from '../regular-file.ts'

/** A link out of the repository would bring in what no reviewer of a commit sees. */
export const linkOutside = (path: string): Diagnostic =>
  errorOf({
    code: 'source.link-outside',
    message: `the link \`${path}\` leads out of the repository, or is absolute`,
    help: 'copy the file into the IAM folder, or let git ignore the link',
  })

/** Nor does one see what is hidden, or ignored by git: a file of secrets, perhaps, whose text would stand in a message. */
export const linkHidden = (path: string): Diagnostic =>
  errorOf({
    code: 'source.link-hidden',
    message: `the link \`${path}\` leads to what is not read by itself: a hidden or ignored file, or one that is no YAML or JSON`,
    help: 'let it lead to a file that is a manifest itself, or let git ignore the link',
  })

export const linkUntracked = (path: string): Diagnostic =>
  errorOf({
    code: 'source.link-hidden',
    message: `\`${path}\` is behind a link out of the IAM folder, and git does not track it`,
    help: '`git add` what the link leads to, or let git ignore the link',
  })

export const nameNotUtf8 = (path: string): Diagnostic =>
  errorOf({
    code: 'source.file-name',
    message: `the name \`${path}\` is not UTF-8`,
    help: 'rename it, or let git ignore it',
  })

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links go round in a circle',
  ENOENT: 'its link leads nowhere',
  EISDIR: 'it is a folder',
}

/** @param error what the file system threw, or the reason in words */
export function unreadable(path: string, error: unknown): Diagnostic {
  const code = codeOf(error)
  const why =
    typeof error === 'string'
      ? error
      : error instanceof OddFileError
        ? error.message
        : (REASONS[code] ?? code)
  return errorOf({
    code: 'source.unreadable',
    message: `\`${path === '' ? '.' : path}\` can't be read: ${why}`,
    help: 'make it readable, or let git ignore it',
  })
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'
