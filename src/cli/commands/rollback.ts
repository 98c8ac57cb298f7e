import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { JournalEntry } from '../../target/ports.ts'
import { type CommandOutcome, flagText, type Invocation } from '../command.ts'
import { openTargetForReading, using } from '../opening/account-target.ts'
import { openProject } from '../opening/project.ts'
import * as apply from './apply.ts'

/** Applies what a commit declares, or the commit of an earlier apply: with a plan, a guard and tests as for any other. */
export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { flags, accounts } = invocation
  const to = flagText(flags, 'to') ?? ''
  if (to === '')
    throw refused(
      'nothing says what to roll back to',
      '`--to` takes a commit, or the id of an entry of `history --json`',
    )
  const entry = await entryOf(to, invocation)
  if (entry === null) return apply.run({ ...invocation, flags: { ...flags, ref: to } })
  const { commit, dirty, account } = entry
  if (commit === null)
    throw refused(
      `the apply \`${to}\` was made without git: nobody knows any more what it declared`,
      'roll back to a commit',
    )
  if (dirty === true)
    throw refused(
      `the apply \`${to}\` was made from files that no commit has`,
      `its commit is ${commit}: \`--to ${commit.slice(0, 12)}\` applies what that one has`,
    )
  return apply.run({
    ...invocation,
    accounts: accounts.length === 0 ? [account] : accounts,
    flags: { ...flags, ref: commit },
  })
}

/** Ids of entries are such; no other name of a commit is. */
const ENTRY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** @returns null for what is no id of an entry */
async function entryOf(
  to: string,
  { folder, accounts }: Invocation,
): Promise<(JournalEntry & { readonly account: string }) | null> {
  if (!ENTRY.test(to)) return null
  const opened = await openProject({ folder, accounts, ref: null })
  for (const account of opened.accounts) {
    const entries = await using(openTargetForReading(account, opened), ({ journal }) => journal.history())
    const entry = entries.find(({ id }) => id === to)
    if (entry !== undefined) return { ...entry, account: account.name }
  }
  throw refused(`no account has an apply with the id \`${to}\``, '`iam-sync history --json` lists them')
}

const refused = (message: string, help: string): DiagnosticError =>
  new DiagnosticError([errorOf({ code: 'rollback.not-possible', message, help })])
