import type { AppliedEntry } from '../../report/history.ts'
import type { CommandOutcome, Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { openTargetForReading, using } from '../opening/account-target.ts'
import { openProject } from '../opening/project.ts'

export async function run({ folder, accounts }: Invocation): Promise<CommandOutcome> {
  const opened = await openProject({ folder, accounts, ref: null })
  const entries: AppliedEntry[] = []
  for (const account of opened.accounts) {
    const applied = await using(openTargetForReading(account, opened), ({ journal }) => journal.history())
    for (const entry of applied)
      entries.push({ ...entry, account: { id: account.account.id, name: account.name } })
  }
  // Newest first over all accounts; those of one moment stay in file order.
  entries.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
  return {
    exitCode: EXIT.ok,
    result: { type: 'history', entries },
    diagnostics: opened.diagnostics,
    texts: opened.texts,
  }
}
