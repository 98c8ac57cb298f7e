import { loadKnownNames } from '../../catalog/known-names.ts'
import { projectNameWarnings } from '../../checks/names/project-names.ts'
import type { Diagnostic } from '../../diagnostics/index.ts'
import type { OpenedProject } from './project.ts'

/** Names in the selected accounts' documents that nothing is known by. */
export const nameWarnings = async ({
  project,
  accounts,
}: Pick<OpenedProject, 'project' | 'accounts'>): Promise<readonly Diagnostic[]> =>
  projectNameWarnings(project, accounts, await loadKnownNames())
