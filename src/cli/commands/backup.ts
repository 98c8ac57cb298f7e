import { STORE_KINDS } from '../../kinds/store.ts'
import { backUp } from '../../store/sqlite/files/backup.ts'
import { type CommandOutcome, type Invocation, NO_TEXTS } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { accountDatabase, namedFile } from '../opening/account-database.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { account, database } = await accountDatabase(invocation, 'only')
  const file = namedFile(invocation)
  const { bytes, newest } = backUp(database, file, account.account, STORE_KINDS)
  const backup = {
    account: { id: account.account.id, name: account.name },
    file: file.shownAs,
    bytes,
    newest,
  }
  return {
    exitCode: EXIT.ok,
    result: { type: 'backup', backup },
    diagnostics: [],
    texts: NO_TEXTS,
  }
}
