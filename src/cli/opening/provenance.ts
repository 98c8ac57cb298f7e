import { hostname, userInfo } from 'node:os'
import { type Diagnostic, DiagnosticError, warningOf } from '../../diagnostics/index.ts'
import type { Provenance } from '../../source/git/git.ts'
import type { OpenedProject } from './project.ts'

/** Who runs this: what the journal records. */
export function actor(): string {
  return `${userName()}@${hostname()}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container's user may have a number and no name.
    return String(process.getuid?.() ?? 'unknown')
  }
}

/** Which commit a project comes from. A repository that can't be read is a warning: the apply doesn't need it. */
export async function provenance(
  opened: OpenedProject,
): Promise<Provenance & { readonly diagnostics: readonly Diagnostic[] }> {
  if (opened.source === null) return { commit: opened.commit, dirty: false, diagnostics: [] }
  const { findRepository } = await import('../../source/git/repository.ts')
  // Most of the time it takes is loading git, which is not needed where there is no repository.
  if (findRepository(opened.folder) === null) return { commit: null, dirty: null, diagnostics: [] }
  const { provenanceOf } = await import('../../source/git/git.ts')
  try {
    return { ...(await provenanceOf(opened.folder, opened.source)), diagnostics: [] }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const diagnostics = error.diagnostics.map(({ code, message }) =>
      warningOf({ code, message, help: 'the journal will not say which commit was applied' }),
    )
    return { commit: null, dirty: null, diagnostics }
  }
}
