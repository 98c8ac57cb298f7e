import { REPORT_KINDS } from '../../kinds/report.ts'
import { diagnosticsInOrder } from '../../manifest/diagnostic-order.ts'
import { declaredCounts } from '../../report/declared-counts.ts'
import { type CommandOutcome, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { declaredWarnings } from '../opening/declared-warnings.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { openProject } from '../opening/project.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<CommandOutcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'refuse' })
  const counted = opened.accounts.map(({ name, account, desired }) => ({
    account: { id: account.id, name },
    counts: declaredCounts(desired, REPORT_KINDS),
  }))
  return {
    exitCode: EXIT.ok,
    result: { type: 'validate', accounts: counted },
    diagnostics: diagnosticsInOrder([
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...(await declaredWarnings(opened.accounts)),
    ]),
    texts: opened.texts,
  }
}
