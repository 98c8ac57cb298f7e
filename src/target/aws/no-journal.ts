import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { JournalReader, JournalWriter } from '../ports.ts'

/**
 * The journal of an account that has no place for one: nothing is kept, the lock excludes nobody, and nothing counts as declared
 * before. Whoever is to apply is told so.
 */
export const NO_JOURNAL: JournalReader & JournalWriter = {
  history: async () => [],
  declared: async () => ({}),
  facts: async () => null,
  credentials: async () => [],
  holder: async () => null,
  tryLock: async () => ({ lock: { release: async () => {} } }),
  putCredential: async ({ kind, name, id }) => {
    // Noted before it is made: nobody could tell later which of several it is, and each apply would make another.
    if (id === null)
      throw new DiagnosticError(
        errorOf({
          code: 'aws.no-journal',
          message: `the ${kind} \`${name}\` is not made: an account without a journal can't keep which one it is`,
          help: 'leave its credentials out of the manifests, and make them by hand',
        }),
      )
  },
  dropCredential: async () => {},
  begin: async () => {},
  finish: async () => {},
}
