import { randomBytes } from 'node:crypto'
import type { Diagnostic } from '../../diagnostics/index.ts'
import type { NeededSecret } from '../../plan/steps/needed-secrets.ts'
import { type SecretPorts, SecretSupply } from '../../reconcile/secret-supply.ts'
import type { OpenedProject } from './project.ts'

/** Secrets of the environment and of the files that the manifests were read from: of the folder, or of the commit. */
export const secretPorts = ({ folder, commit }: Pick<OpenedProject, 'folder' | 'commit'>): SecretPorts => ({
  env: (name) => process.env[name] ?? null,
  // Most plans have no secret: what reads one is loaded when there is one.
  file: async (path) => (await import('../../source/secret-file.ts')).readSecretFile(folder, path, commit),
  randomBytes,
})

/** Which secrets of some plans aren't there, each with its place. */
export async function missingSecrets(
  plans: readonly { readonly secrets: readonly NeededSecret[] }[],
  opened: Pick<OpenedProject, 'folder' | 'commit'>,
): Promise<readonly Diagnostic[]> {
  const needed = plans.flatMap(({ secrets }) => secrets)
  return needed.length === 0 ? [] : new SecretSupply(secretPorts(opened)).missing(needed)
}
