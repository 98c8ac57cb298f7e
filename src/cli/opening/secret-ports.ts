import { randomBytes } from 'node:crypto'
import type { Diagnostic } from '../../diagnostics/index.ts'
import type { NeededSecret } from '../../plan/steps/needed-secrets.ts'
import { type SecretPorts, type SecretSink, SecretSupply } from '../../reconcile/secret-supply.ts'
import type { DeclaredSink, SecretsTo } from '../delivering/secrets-to.ts'
import type { OpenedProject } from './project.ts'

/** Secrets of the environment and of the files that the manifests were read from: of the folder, or of the commit. */
export const secretPorts = (
  { folder, commit }: Pick<OpenedProject, 'folder' | 'commit'>,
  sink?: SecretSink,
): SecretPorts => ({
  env: (name) => process.env[name] ?? null,
  // Most plans have no secret: what reads one is loaded when there is one.
  file: async (path) => (await import('../../source/secret-file.ts')).readSecretFile(folder, path, commit),
  randomBytes,
  ...(sink === undefined ? {} : { sink }),
})

/** Which secrets of some plans aren't there, or would go nowhere, each with its place. */
export async function missingSecrets(
  plans: readonly {
    readonly account: { readonly name: string }
    readonly secrets: readonly NeededSecret[]
  }[],
  opened: Pick<OpenedProject, 'folder' | 'commit'> & DeclaredSink,
  { sinkFor }: SecretsTo,
): Promise<readonly Diagnostic[]> {
  const missing: Diagnostic[] = []
  for (const { account, secrets } of plans)
    if (secrets.length > 0)
      missing.push(
        ...(await new SecretSupply(secretPorts(opened, sinkFor(account.name, opened))).missing(secrets)),
      )
  return missing
}
