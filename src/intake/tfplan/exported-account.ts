import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { Account } from '../../model/index.ts'
import type { GivenExport } from '../intake.ts'

/** The account of an export; null: it holds several, or nobody. */
export function exportedAccount({ intake }: GivenExport): Account | null {
  const [only, second] = intake.estate.accounts
  return only !== undefined && second === undefined ? only.account : null
}

/** @throws DiagnosticError `intake.another-account` when a plan is for none of the accounts that it is put on */
export function refuseAnotherAccount(file: string, planned: readonly Account[], on: GivenExport): void {
  const exported = on.intake.estate.accounts.map(({ account }) => account.id)
  if (planned.some(({ id }) => exported.includes(id))) return
  throw new DiagnosticError(
    errorOf({
      code: 'intake.another-account',
      message: `\`${file}\` is a plan for ${planned.map(({ id }) => id).join(', ')}, and \`${on.file}\` an export of ${exported.length === 0 ? 'no account' : exported.join(', ')}`,
      help: 'export the account that the plan is for; where nothing in the plan says which one it is, say it with `--account-id ID`',
    }),
  )
}
