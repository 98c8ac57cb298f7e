import { REPORT_KINDS } from '../../kinds/report.ts'
import { inOrder } from '../../manifest/diagnostic-order.ts'
import { declaredCounts } from '../../report/declared-counts.ts'
import { flagText, type Invocation, type Outcome } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { declaredWarnings } from '../opening/declared-warnings.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { openProject } from '../opening/project.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<Outcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'refuse' })
  const counted = opened.accounts.map(({ name, account, desired }) => ({
    account: { id: account.id, name },
    counts: declaredCounts(desired, REPORT_KINDS),
  }))
  return {
    exitCode: EXIT.ok,
    result: { type: 'validate', accounts: counted },
    diagnostics: inOrder([
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...(await declaredWarnings(opened.accounts)),
    ]),
    texts: opened.texts,
  }
}
