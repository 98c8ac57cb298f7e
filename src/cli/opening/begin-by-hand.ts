import { createHash, randomUUID } from 'node:crypto'
import type { JournalReader, JournalWriter } from '../../target/ports.ts'
import { actor } from './provenance.ts'

/**
 * Begins an entry of a journal for what a command does of itself. What is declared stays what it was: nothing of this comes from the YAML.
 * @param what the command, and what it is about
 * @returns the id of the entry
 */
export async function beginByHand(
  journal: JournalReader & JournalWriter,
  command: string,
  what: readonly string[],
): Promise<string> {
  const [id, time] = [randomUUID(), new Date().toISOString()]
  const digest = createHash('sha256')
    .update(JSON.stringify([command, time, what]))
    .digest('hex')
  await journal.begin({
    id,
    time,
    commit: null,
    dirty: null,
    actor: actor(),
    digest: `sha256:${digest}`,
    declared: await journal.declared(),
    facts: await journal.facts(),
  })
  return id
}
