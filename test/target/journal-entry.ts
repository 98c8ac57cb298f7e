import type { NewJournalEntry } from '../../src/target/ports.ts'

/** What an apply writes into the journal before its first step. */
export const ENTRY: NewJournalEntry = {
  id: '1',
  time: '2026-01-01T00:00:00Z',
  commit: null,
  dirty: null,
  actor: 'alice@laptop',
  digest: 'sha256:00',
  declared: {},
  facts: null,
}
