import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { FailedWith } from '../command.ts'
import { type OpenedProject, openProject } from './project.ts'

/**
 * Opens the whole project as a commit holds it.
 * @param naming what names the commit, for what is said of it: `--base`, in backticks
 * @throws FailedWith; where the project has errors there, it says first that it is about that commit
 */
export async function openCommit(folder: string, ref: string, naming: string): Promise<OpenedProject> {
  try {
    return await openProject({ folder, accounts: [], ref, unknownNames: 'allow' })
  } catch (error) {
    const cause = error instanceof FailedWith ? error.cause : error
    if (!(error instanceof FailedWith) || !(cause instanceof DiagnosticError)) throw error
    const outer = errorOf({
      code: 'cli.invalid-base',
      message: `the project has errors in the commit \`${ref}\` that ${naming} names`,
      help: 'name a commit that is valid; its errors are below',
    })
    throw new FailedWith(new DiagnosticError([outer, ...cause.diagnostics]), error.texts)
  }
}
