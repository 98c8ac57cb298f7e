import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { PROJECT_FILE } from '../../model/project-file.ts'

export interface ProjectFolder {
  readonly folder: string
  /** `above`: it was not named, and is not the current folder. */
  readonly found: 'here' | 'above'
}

/**
 * The IAM folder that a command is about. Where none is named, it is looked for from the current folder upwards, as git
 * looks for its own, and no further than to the root of a repository. One that is named is taken by its word: what is
 * above it was not meant.
 * @param named as the user wrote it; null: nothing was
 * @throws DiagnosticError `manifest.no-project-file` when one is named below a project
 */
export function projectFolder(named: string | null, current = process.cwd()): ProjectFolder {
  if (named === null) {
    const above = folderAbove(current)
    return above === null || hasProject(current)
      ? { folder: '.', found: 'here' }
      : { folder: relative(current, above), found: 'above' }
  }
  const folder = resolve(current, named)
  const above = isFolder(folder) && !hasProject(folder) ? folderAbove(folder) : null
  if (above === null) return { folder: named, found: 'here' }
  const shown = relative(current, above)
  throw new DiagnosticError(
    errorOf({
      code: 'manifest.no-project-file',
      message: `there is no \`${PROJECT_FILE}\` in \`${named}\``,
      help: `a folder above has one: name \`${shown === '' ? '.' : shown}\`, and all of it is meant`,
    }),
  )
}

/** The nearest folder above that holds a project file; null: none does within the repository. */
function folderAbove(start: string): string | null {
  for (let folder = start; !existsSync(join(folder, '.git')); ) {
    const parent = dirname(folder)
    if (parent === folder) return null
    if (hasProject(parent)) return parent
    folder = parent
  }
  return null
}

const hasProject = (folder: string): boolean => existsSync(join(folder, PROJECT_FILE))

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()
