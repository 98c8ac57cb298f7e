import type { Diagnostic } from '../../diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../kinds/manifest.ts'
import type { DesiredState } from '../../manifest/desired.ts'
import { endedWarnings } from '../../manifest/ended.ts'

/** What accounts declare, and was good until a moment that has come: by the clock of whoever asks, so that no plan has it. */
export const endedParts = (accounts: readonly { readonly desired: DesiredState }[]): readonly Diagnostic[] =>
  accounts.flatMap(({ desired }) => endedWarnings(desired, MANIFEST_KINDS.entities, Date.now()))
