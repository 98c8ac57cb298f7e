import type { SourceTexts } from '../../diagnostics/index.ts'
import type { Project } from '../../manifest/desired.ts'
import type { Facts } from '../../model/index.ts'
import { folderOnDisk } from '../../source/directory.ts'
import { NO_TEXTS } from '../command.ts'
import { openCommit } from './open-commit.ts'
import type { ValidAccount } from './project.ts'

/** What a commit declares. */
export interface CommitBefore {
  /** 40 hexadecimal digits. */
  readonly commit: string
  readonly accounts: readonly ValidAccount[]
  readonly facts: Facts
  /** null: there is no project in it. */
  readonly project: Project | null
  readonly texts: SourceTexts
}

/**
 * Opens what was declared before: by a commit that may be older than the project, and then declares nothing.
 * @param naming what names the commit, for what is said of it
 * @throws FailedWith, DiagnosticError `git.…`
 */
export async function openCommitBefore(folder: string, ref: string, naming: string): Promise<CommitBefore> {
  const { findProjectFile } = await import('../../source/git/git.ts')
  const { commit, isThere } = await findProjectFile(folderOnDisk(folder), ref)
  if (!isThere)
    return {
      commit,
      accounts: [],
      facts: { organization: null, resources: new Map() },
      project: null,
      texts: NO_TEXTS,
    }
  const { accounts, project, texts } = await openCommit(folder, ref, naming)
  return { commit, accounts, facts: project, project, texts }
}
