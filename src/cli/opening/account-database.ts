import { resolve } from 'node:path'
import { loadManagedPolicies } from '../../catalog/managed-policies.ts'
import { DiagnosticError, errorOf, type SourceTexts } from '../../diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../kinds/manifest.ts'
import type { LocalTarget, Project, ProjectAccount } from '../../manifest/desired.ts'
import { loadProject } from '../../manifest/load-project.ts'
import { readDirectory } from '../../source/directory.ts'
import { stateProblems } from '../../source/state-folder.ts'
import type { NamedFile } from '../../store/sqlite/files/backup.ts'
import { FailedWith, flagText, type Invocation } from '../command.ts'
import { oneAccount } from './one-account.ts'

/** An account's database, for commands that treat it as a file. */
interface AccountDatabase {
  readonly account: ProjectAccount & { readonly target: LocalTarget }
  readonly database: NamedFile
  /** As far as it could be read. */
  readonly project: Project
  readonly texts: SourceTexts
}

/**
 * Finds the database of the one account that a command is about. What is wrong with the manifests is no concern of it: a
 * backup is wanted most when something is. That its place is the project's own is held here as everywhere.
 * @param choice `only`: the account of a project that has one needs no name; `named`: it has to be named
 * @throws FailedWith when the project file can't be read; DiagnosticError when no account, or an unknown one, is
 * named, it has no database (`cli.no-database`), or its place is a link or tracked (`store.link`, `store.tracked`)
 */
export async function accountDatabase(
  { folder, accounts }: Invocation,
  choice: 'only' | 'named',
): Promise<AccountDatabase> {
  const source = readDirectory(folder)
  const { project, texts } = loadProject({
    kinds: MANIFEST_KINDS,
    files: source.files,
    facts: await loadManagedPolicies(),
  })
  if (project.accounts.length === 0)
    throw new FailedWith(new DiagnosticError([...source.diagnostics, ...project.diagnostics]), texts)
  const account = oneAccount(accounts, project.accounts, choice)
  const { target } = account
  if (target.kind !== 'local')
    throw new DiagnosticError(
      errorOf({
        code: 'cli.no-database',
        message: `the account \`${account.name}\` has no database: its target is of \`kind: ${target.kind}\``,
        help: 'this command is about the file of a local target; an account elsewhere is kept where it is',
      }),
    )
  const { database } = target
  const problems = stateProblems(folder, [database])
  if (problems.length > 0) throw new DiagnosticError(problems)
  return {
    account: { ...account, target },
    database: { path: resolve(folder, database), shownAs: database },
    project,
    texts,
  }
}

/** The file that a command is given as its argument. */
export function namedFile({ flags }: Invocation): NamedFile {
  const shownAs = flagText(flags, 'file') ?? ''
  return { path: resolve(shownAs), shownAs }
}
