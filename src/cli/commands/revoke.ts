import { type Diagnostic, DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import { REVOCATION } from '../../policy/revocation.ts'
import { painter } from '../../report/layout/paint.ts'
import { type RevokedRole, type RevokeReport, revokeText } from '../../report/revoke-report.ts'
import { parseDuration } from '../arguments/duration.ts'
import { type CommandOutcome, flagList, flagSet, flagText, type Invocation } from '../command.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { openProject } from '../opening/project.ts'
import { askConsent, noConsent } from '../planning/consent.ts'
import { catchInterrupts } from '../planning/interrupts.ts'
import { findRevocable, type Revocable } from '../revoking/revocable.ts'
import { writeRevocations } from '../revoking/write-revocations.ts'

export async function run({
  folder,
  accounts,
  flags,
  streams,
  isDocument,
}: Invocation): Promise<CommandOutcome> {
  const named = flagList(flags, 'entities')
  if (named.length === 0) throw new DiagnosticError(NOBODY_NAMED)
  const lockTimeout = parseDuration('--lock-timeout', flagText(flags, 'lockTimeout') ?? '0s')
  const opened = await openProject({ folder, accounts, ref: null })
  const found = await findRevocable(opened, named)
  const isMeant = ({ chain }: Revocable): boolean => chain === null || flagSet(flags, 'chain')
  const meant = found.roles.filter(isMeant)
  const reportOf = (outcomes: ReadonlyMap<string, Partial<RevokedRole>>): RevokeReport => ({
    roles: found.roles.map((role) => ({
      account: { id: role.account.account.id, name: role.account.name },
      arn: role.arn,
      name: role.name,
      chain: role.chain,
      status: isMeant(role) ? 'planned' : 'left',
      before: null,
      error: null,
      ...outcomes.get(role.arn),
    })),
    unread: found.unread,
  })
  const outcome = (
    codes: readonly ExitCode[],
    report: RevokeReport,
    more: readonly Diagnostic[] = [],
  ): CommandOutcome => ({
    exitCode: exitCodeOf(codes),
    result: { type: 'revoke', ...report },
    diagnostics: [...opened.diagnostics, ...found.diagnostics, ...more],
    texts: opened.texts,
  })
  const preview = reportOf(new Map())
  if (flagSet(flags, 'dryRun')) return outcome([EXIT.ok], preview)
  const interrupts = catchInterrupts(streams, 'stopping after the call under way; once more ends it at once')
  const signalCode = (): readonly ExitCode[] => {
    const code = interrupts.exitCode()
    return code === null ? [] : [code]
  }
  try {
    if (!flagSet(flags, 'yes')) {
      if (!isDocument && streams.inIsTerminal && streams.errIsTerminal)
        streams.err(`${revokeText(preview, painter(false))}\n`)
      const question = `End the sessions of ${meant.map(({ name }) => name).join(', ')}?`
      const consent = isDocument
        ? 'cannot-ask'
        : await interrupts.asking(askConsent(question, streams, interrupts.signal))
      if (consent !== 'given')
        return outcome([EXIT.error, ...signalCode()], preview, [noConsent(consent, isDocument, NOT_AGREED)])
    }
    const written = await writeRevocations(meant, opened, {
      isChained: meant.length > 1 || found.assumesItself,
      lockTimeout,
      signal: interrupts.signal,
      onLockWait: (holder) => streams.err(`waiting for ${holder}\n`),
    })
    const failed = [...written.outcomes.values()].filter(({ status }) => status !== 'done').length
    return outcome(
      [...(failed > 0 ? [EXIT.error] : []), ...written.codes, ...signalCode()],
      reportOf(written.outcomes),
      [
        ...written.diagnostics,
        ...(failed > 0 ? [notAll(failed, meant.length)] : []),
        ...(written.isLate ? [LATE] : []),
        ...(written.outcomes.size > 0 ? leftNote(found.roles, isMeant) : []),
        ...undoneNote(meant, written.outcomes),
      ],
    )
  } finally {
    interrupts.end()
  }
}

const NOBODY_NAMED = errorOf({
  code: 'cli.missing-argument',
  message: 'no role is named',
  help: 'name one, as `iam-sync revoke role/deploy`',
})

const notAll = (count: number, all: number): Diagnostic =>
  errorOf({
    code: 'revoke.failed',
    message: `the sessions of ${count} of ${all} were not ended`,
    help: 'mend what they complain of, and run it again: what was done stays',
  })

const LATE = warningOf({
  code: 'revoke.late',
  message:
    'ending all of them took so long that sessions of one may have become sessions of another meanwhile',
  help: 'run it again',
})

function leftNote(roles: readonly Revocable[], isMeant: (role: Revocable) => boolean): readonly Diagnostic[] {
  const left = roles.filter((role) => !isMeant(role))
  return left.length === 0
    ? []
    : [
        warningOf({
          code: 'revoke.chained',
          message: `sessions of ${left.map(({ name }) => `\`${name}\``).join(', ')} that came of it may still be in use, for an hour at most`,
          help: 'end them too with `--chain`',
        }),
      ]
}

/** What a project declares whole it takes away what nobody declares from. */
function undoneNote(
  meant: readonly Revocable[],
  outcomes: ReadonlyMap<string, Partial<RevokedRole>>,
): readonly Diagnostic[] {
  const undone = meant.filter(
    ({ arn, isUndoneByApply }) => isUndoneByApply && outcomes.get(arn)?.status === 'done',
  )
  return undone.length === 0
    ? []
    : [
        warningOf({
          code: 'revoke.undone-by-apply',
          message: `the next apply would take it away again from ${undone.map(({ name }) => `\`${name}\``).join(', ')}, whose \`inlinePolicies\` are declared`,
          help: `declare \`${REVOCATION}\` among them as it is now, until the longest session that could still be is over`,
        }),
      ]
}

const NOT_AGREED = {
  interrupted: 'revoke.interrupted',
  declined: 'revoke.declined',
  cannotAsk: 'revoke.no-consent',
  nothing: 'nothing was written',
  help: 'look at it with `--dry-run`, then run it with `--yes`',
}
