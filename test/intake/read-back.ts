import { SourceTexts } from '../../src/diagnostics/index.ts'
import { readGaad } from '../../src/intake/gaad/read-gaad.ts'
import type { Intake } from '../../src/intake/intake.ts'

/** Reads a text, or bytes, as `gaad:account.json`. */
export const gaadIn = (
  given: string | Uint8Array,
  texts = new SourceTexts(),
  id: string | null = null,
): Intake =>
  readGaad({
    file: 'account.json',
    bytes: typeof given === 'string' ? new TextEncoder().encode(given) : given,
    side: null,
    account: { id, partition: null },
    texts,
  })
