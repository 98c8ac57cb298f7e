import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { findRepository } from './git/repository.ts'

/**
 * Where a folder is, from the root of its repository: `.` is the root itself, in no repository, or not there.
 * Files of a folder that is a link belong to wherever it leads. Whoever proposes a change can make it one, and what is read there
 * must not stand in a message to him.
 * @throws DiagnosticError `source.link-outside` when it leads out of a repository that it is named in; `git.unreadable`
 */
export function folderInRepository(folder: string): string {
  const real = realPath(folder)
  if (real === null) return '.'
  let inside: string | null = null
  let at = resolve(folder)
  // The nearest may have come by the link itself: it has to be within every other as well.
  for (;;) {
    const root = findRepository(at)?.root
    if (root === undefined) return inside ?? '.'
    const path = relative(realpathSync(root), real).split(sep).join('/')
    if (path === '..' || path.startsWith('../') || isAbsolute(path)) throw leadsOut(folder)
    inside ??= path === '' ? '.' : path
    if (dirname(root) === root) return inside
    at = dirname(root)
  }
}

/** @returns null when it isn't there, or may not be looked at: whoever reads it says so */
function realPath(folder: string): string | null {
  try {
    return realpathSync(folder)
  } catch {
    return null
  }
}

const leadsOut = (folder: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'source.link-outside',
      message: `\`${folder}\` is reached by a link that leads out of the repository`,
      help: 'name the folder by where it is',
    }),
  )
