import { DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import { EstateDraft } from '../estate-draft.ts'
import { inputText } from '../input-text.ts'
import type { GivenAccount, GivenInput, Intake } from '../intake.ts'
import { jsonValues } from '../json-values.ts'
import { namedOtherwise } from '../other-input.ts'
import { readDetails } from './details.ts'
import { GAAD_LISTS, pagesIn } from './pages.ts'

/**
 * Reads what `aws iam get-account-authorization-details` printed: whole, page after page, or a page a line.
 * @throws DiagnosticError `intake.…` when it is something else, or can't be read at all
 * @see IAM API Reference, GetAccountAuthorizationDetails
 */
export function readGaad({ file, bytes, account, texts }: GivenInput): Intake {
  const values = jsonValues(file, inputText(file, bytes))
  const pages = pagesIn(values)
  if (pages === null)
    throw new DiagnosticError(
      errorOf({
        code: 'intake.not-an-export',
        message: `\`${file}\` holds no authorization details of an account`,
        help:
          namedOtherwise(file, values[0]) ??
          'write them with `aws iam get-account-authorization-details > FILE`',
      }),
    )
  const draft = new EstateDraft(texts)
  const isRead = readDetails(pages, file, account, draft)
  checkAccounts(draft, file, account)
  const missing = GAAD_LISTS.filter((list) => pages.every(({ page }) => page[list] === undefined))
  if (missing.length > 0)
    draft.find(
      warningOf({
        code: 'intake.incomplete',
        message: `\`${file}\` has no ${missing.map((list) => `\`${list}\``).join(', ')}`,
        help: 'write all of it: without `--filter`, and without `--query`',
      }),
    )
  const isCut = pages.at(-1)?.page.IsTruncated === true
  if (isCut)
    draft.find(
      warningOf({
        code: 'intake.incomplete',
        message: `\`${file}\` ends before the last page: \`IsTruncated\` is true`,
        help: 'append the pages that follow, or let the AWS CLI do it (without `--max-items` and `--no-paginate`)',
      }),
    )
  return draft.finish(
    file,
    ['resourcePolicies', 'controlPolicies', 'providers', 'accessKeys', 'passwords'],
    isRead && !isCut && missing.length === 0,
  )
}

/** Of no account everything would hold. @throws DiagnosticError `intake.no-account`, `intake.wrong-account` */
function checkAccounts({ accounts }: EstateDraft, file: string, given: GivenAccount): void {
  const ids = accounts.map(({ id }) => id)
  if (accounts.length === 0)
    throw new DiagnosticError(
      errorOf({
        code: 'intake.no-account',
        message: `\`${file}\` has nobody and nothing, so that it doesn't say of which account it is`,
        help: 'add `--account-id ID`, if the account is empty',
      }),
    )
  const isOther =
    (given.id !== null && !ids.includes(given.id)) ||
    (given.partition !== null && accounts.every(({ partition }) => partition !== given.partition))
  if (isOther)
    throw new DiagnosticError(
      errorOf({
        code: 'intake.wrong-account',
        message: `\`${file}\` is of ${accounts.map(({ id, partition }) => `\`${id}\` in \`${partition}\``).join(', ')}`,
        help: 'leave out `--account-id` and `--partition`: the file says it itself',
      }),
    )
}
