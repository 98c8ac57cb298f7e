import { basename, resolve } from 'node:path'
import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import { STORE_KINDS } from '../../kinds/store.ts'
import { newestText } from '../../report/backup.ts'
import { STATE_FOLDER } from '../../source/state-folder.ts'
import { refuseForeign } from '../../store/sqlite/files/replaceable.ts'
import { readBackup, restore } from '../../store/sqlite/files/restore.ts'
import { type CommandOutcome, flagSet, type Invocation, NO_TEXTS } from '../command.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { accountDatabase, namedFile } from '../opening/account-database.ts'
import { askConsent, noConsent } from '../planning/consent.ts'
import { catchInterrupts } from '../planning/interrupts.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { flags, streams, isDocument } = invocation
  const { account, database } = await accountDatabase(invocation, 'named')
  const file = namedFile(invocation)
  const { newest } = readBackup(file, account.account, STORE_KINDS)
  refuseForeign(database, account.account, resolve(invocation.folder, STATE_FOLDER))
  const interrupts = catchInterrupts(streams, null)
  try {
    if (!flagSet(flags, 'yes')) {
      const question = `Replace the database of ${account.name} with ${file.shownAs} (${newestText(newest)})?`
      const consent = isDocument ? 'cannot-ask' : await askConsent(question, streams, interrupts.signal)
      const signal = interrupts.exitCode()
      if (consent !== 'given')
        return refused(
          exitCodeOf([EXIT.error, ...(signal === null ? [] : [signal])]),
          noConsent(consent, isDocument, NOT_AGREED),
        )
    }
    const restored = restore(file, database, STORE_KINDS)
    if (restored.type === 'locked')
      return refused(
        EXIT.conflict,
        errorOf({
          code: 'apply.locked',
          message: 'the lock is held by an apply; nothing was restored',
          help: 'wait for it to end, then run this again',
        }),
      )
    const result = {
      account: { id: account.account.id, name: account.name },
      file: file.shownAs,
      kept: restored.kept === null ? null : keptName(database.shownAs, restored.kept),
      newest,
    }
    return {
      exitCode: EXIT.ok,
      result: { type: 'restore', restored: result },
      diagnostics: [],
      texts: NO_TEXTS,
    }
  } finally {
    interrupts.end()
  }
}

/** Beside the database, as the project file calls that. */
const keptName = (shownAs: string, kept: string): string =>
  shownAs.slice(0, shownAs.length - basename(shownAs).length) + basename(kept)

const refused = (exitCode: ExitCode, diagnostic: Diagnostic): CommandOutcome => ({
  exitCode,
  result: { type: 'restore', restored: null },
  diagnostics: [diagnostic],
  texts: NO_TEXTS,
})

const NOT_AGREED = {
  interrupted: 'restore.interrupted',
  declined: 'restore.declined',
  cannotAsk: 'restore.no-consent',
  nothing: 'nothing was restored',
  help: 'check that it is the right file, then run it with `--yes`',
}
