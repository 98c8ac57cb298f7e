import { type Diagnostic, DiagnosticError, errorOf, infoOf, warningOf } from '../../diagnostics/index.ts'
import { type AccountState, entityRef, parseEntityArn } from '../../model/index.ts'
import type { Intake } from '../intake.ts'
import { type CredentialRow, credentialRows } from './credential-rows.ts'

/**
 * An export with what a credential report says of its users. Who has which credentials decides nothing: whoever has none may be given some. So
 * it is held against the export, counted, and no longer among what isn't known.
 * @param file the report, as the user named it
 * @throws DiagnosticError `intake.…` when it is no such report, or one of another account
 */
export function withCredentialReport(intake: Intake, file: string, bytes: Uint8Array): Intake {
  const { estate } = intake
  const rows = credentialRows(file, bytes)
  const users = rows.filter(({ arn }) => !arn.endsWith(':root'))
  const ids = new Set(rows.map(({ arn }) => arn.split(':')[4] ?? ''))
  const state = estate.accounts.find(({ account }) => ids.has(account.id))
  if (state === undefined || ids.size !== 1) throw new DiagnosticError(ofAnother(file, ids))
  const missing = missingIn(state, users)
  const isWhole = missing.length === 0 && estate.accounts.length === 1 && users.length < rows.length
  const unseen = new Set(
    [...(estate.unseen ?? [])].filter((each) => !isWhole || (each !== 'accessKeys' && each !== 'passwords')),
  )
  return {
    ...intake,
    estate: { ...estate, unseen },
    findings: [
      ...intake.findings,
      ...(isWhole ? [] : [incomplete(file, missing)]),
      counted(file, users, rows.find(({ arn }) => arn.endsWith(':root')) ?? null),
    ],
  }
}

/** Users that only one of both has, as findings call them. */
function missingIn({ entities }: AccountState, rows: readonly CredentialRow[]): readonly string[] {
  const told = new Set(rows.map(({ arn }) => arn))
  const there = new Map([...entities.user.values()].map(({ arn, name }) => [arn, name]))
  return [
    ...[...there].flatMap(([arn, name]) => (told.has(arn) ? [] : [entityRef('user', name)])),
    ...[...told].flatMap((arn) =>
      there.has(arn) ? [] : [entityRef('user', parseEntityArn(arn)?.name ?? '')],
    ),
  ]
}

const ofAnother = (file: string, ids: ReadonlySet<string>): Diagnostic =>
  errorOf({
    code: 'intake.another-account',
    message:
      ids.size === 1
        ? `\`${file}\` is about the account ${[...ids].join('')}, which the export is not`
        : `\`${file}\` is about ${ids.size === 0 ? 'no account' : 'several accounts'}`,
    help: 'name the credential report of the account that was exported',
  })

const incomplete = (file: string, missing: readonly string[]): Diagnostic =>
  warningOf({
    code: 'intake.incomplete',
    message:
      missing.length === 0
        ? `\`${file}\` does not have all of the export`
        : `\`${file}\` and the export do not have the same users: ${missing[0]}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`,
    help: 'write both at one time; until then access keys and passwords are not known',
  })

function counted(file: string, users: readonly CredentialRow[], root: CredentialRow | null): Diagnostic {
  const withPassword = users.filter(({ hasPassword }) => hasPassword)
  const withoutMfa = withPassword.filter(({ hasMfa }) => !hasMfa).length
  const sum = (of: 'activeKeys' | 'inactiveKeys') => users.reduce((all, each) => all + each[of], 0)
  const parts = [
    `${withPassword.length} of ${users.length} users ${withPassword.length === 1 ? 'has' : 'have'} a password${withoutMfa === 0 ? '' : ` (${withoutMfa} without MFA)`}`,
    `access keys: ${sum('activeKeys')} active, ${sum('inactiveKeys')} inactive`,
    ...(root === null
      ? []
      : [
          `the root user has ${root.hasMfa ? '' : 'no '}MFA and ${root.activeKeys === 0 ? 'no' : root.activeKeys} active keys`,
        ]),
  ]
  return infoOf({
    code: 'intake.credentials',
    message: `\`${file}\`: ${parts.join('; ')}`,
    help: 'no answer hangs on it: who has no key or password may be given one',
  })
}
