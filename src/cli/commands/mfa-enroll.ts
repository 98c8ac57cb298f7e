import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { limitExceeded } from '../../iam/refusals.ts'
import { IamError } from '../../iam/service-error.ts'
import { CHILDREN } from '../../kinds/kind.ts'
import { devicesOf, type Enrolled, type NotEnabled } from '../../reconcile/enroll-device.ts'
import type { ToldError } from '../../reconcile/told-of.ts'
import type { EnrolledDevice } from '../../report/enroll-report.ts'
import type { IamReader } from '../../target/ports.ts'
import { parseDuration } from '../arguments/duration.ts'
import { type CommandOutcome, flagText, type Invocation } from '../command.ts'
import { seedText } from '../enrolling/seed-text.ts'
import { writeEnrollment } from '../enrolling/write-enrollment.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts'
import { openTargetForReading, using } from '../opening/account-target.ts'
import { oneAccount } from '../opening/one-account.ts'
import { openProject, type ValidAccount } from '../opening/project.ts'
import { catchInterrupts } from '../planning/interrupts.ts'

export async function run({
  folder,
  accounts,
  flags,
  streams,
  isDocument,
}: Invocation): Promise<CommandOutcome> {
  // Before anything is opened: elsewhere the seed would be in a log.
  if (isDocument || !streams.inIsTerminal || !streams.errIsTerminal)
    throw new DiagnosticError(noTerminal(isDocument))
  const lockTimeout = parseDuration('--lock-timeout', flagText(flags, 'lockTimeout') ?? '0s')
  const userName = (flagText(flags, 'person') ?? '').replace(/^user\//, '')
  const deviceName = flagText(flags, 'device') ?? userName
  const opened = await openProject({ folder, accounts, ref: null })
  const account = oneAccount(accounts, opened.accounts, 'only')
  const { id, partition } = account.account
  const serial = `arn:${partition}:iam::${id}:mfa/${deviceName}`
  const outcome = (
    codes: readonly ExitCode[],
    status: EnrolledDevice['status'] | null,
    more: readonly Diagnostic[] = [],
  ): CommandOutcome => ({
    exitCode: exitCodeOf(codes),
    result: {
      type: 'mfa enroll',
      device:
        status === null
          ? null
          : { account: { id, name: account.name }, user: userName, serialNumber: serial, status },
    },
    diagnostics: [...opened.diagnostics, ...more],
    texts: opened.texts,
  })
  const refusal = await using(openTargetForReading(account, opened), ({ iam }) =>
    refusalOf(iam, userName, account),
  )
  if (refusal !== null) return outcome([EXIT.error], null, [refusal])

  const interrupts = catchInterrupts(
    streams,
    'the device is deleted again; once more ends it at once, and leaves it',
  )
  const hangUp = new AbortController()
  const onHangUp = () => hangUp.abort()
  // Nobody answers on a terminal that was closed.
  process.on('SIGHUP', onHangUp)
  const done = await writeEnrollment({ account, userName, deviceName, serial }, opened, {
    lockTimeout,
    signal: AbortSignal.any([interrupts.signal, hangUp.signal]),
    onLockWait: (holder) => streams.err(`waiting for ${holder}\n`),
    show: async (seed) => {
      const screen = { columns: process.stderr.columns || 80, isDumb: process.env.TERM === 'dumb' }
      streams.err(await seedText({ seed, device: deviceName, account: id }, screen))
    },
    wrong: () => streams.err('These are not two codes of it that follow each other. Once more:\n'),
  }).finally(() => {
    process.off('SIGHUP', onHangUp)
    interrupts.end()
    // All is done, and nobody is there to be told. Left to itself, Node breaks down over such a terminal, and a core has the seed.
    if (hangUp.signal.aborted) process.kill(process.pid, 'SIGHUP')
  })
  const code = interrupts.exitCode()
  const codes = code === null ? [] : [code]
  switch (done.type) {
    case 'held':
      return outcome([EXIT.conflict, ...codes], null, [lockedBy(done.by, account.name)])
    case 'aborted':
      return outcome([EXIT.error, ...codes], null, [NOT_BEGUN])
    case 'done': {
      const { enrolled, unnoted } = done.value
      const problems = [...problemsOf(enrolled, serial), ...unnoted]
      return outcome(
        [...(problems.length > 0 ? [EXIT.error] : []), ...codes],
        enrolled.status === 'not-made' ? null : enrolled.status,
        problems,
      )
    }
  }
}

/** What speaks against it before anything is made. */
async function refusalOf(
  iam: IamReader,
  userName: string,
  account: ValidAccount,
): Promise<Diagnostic | null> {
  try {
    const { most } = CHILDREN.mfaDevice
    if ((await devicesOf(iam, userName)).length < most) return null
    return errorOf({
      code: 'mfa.too-many-devices',
      message: `${limitExceeded('MFADevicesPerUser', most).message}; nothing was made`,
      help: `take one away from \`${userName}\` first (\`aws iam deactivate-mfa-device\`)`,
    })
  } catch (error) {
    if (!(error instanceof IamError) || error.code !== 'NoSuchEntity') throw error
    return errorOf({
      code: 'mfa.unknown-user',
      message: `there is no user \`${userName}\` in \`${account.name}\`; nothing was made`,
      help: 'declare it and run `iam-sync apply` first, or name another one',
    })
  }
}

function problemsOf(enrolled: Enrolled, serial: string): readonly Diagnostic[] {
  switch (enrolled.status) {
    case 'enabled':
      return []
    case 'not-made':
      return [
        errorOf({
          code: 'mfa.not-made',
          message: `no device was made: ${textOf(enrolled.error)}`,
          help:
            enrolled.error.code === 'EntityAlreadyExists'
              ? 'give it another name with `--device NAME`'
              : 'mend what it complains of, and run it again',
        }),
      ]
    case 'deleted':
      return [notEnabled(enrolled.why)]
    case 'left':
      return [
        notEnabled(enrolled.why),
        errorOf({
          code: 'mfa.not-deleted',
          message: `the device \`${serial}\` could not be deleted: ${textOf(enrolled.error)}`,
          help: `delete it: \`aws iam delete-virtual-mfa-device --serial-number ${serial}\``,
        }),
      ]
  }
}

function notEnabled(why: NotEnabled): Diagnostic {
  if (why === 'wrong-codes')
    return errorOf({
      code: 'mfa.wrong-codes',
      message: 'no device was enabled: the codes were wrong three times',
      help: 'check the clock of the device, and run it again: it gets another seed, so delete the entry in the app',
    })
  if (why === 'no-answer')
    return errorOf({ code: 'mfa.interrupted', message: 'no device was enabled: no codes came' })
  return errorOf({
    code: 'mfa.not-enabled',
    message: `no device was enabled: ${textOf(why)}`,
    help: 'mend what it complains of, and run it again',
  })
}

const textOf = ({ code, message }: ToldError): string => `${code}: ${message}`

const noTerminal = (isDocument: boolean): Diagnostic =>
  errorOf({
    code: 'mfa.no-terminal',
    message: isDocument
      ? 'nothing was made: with `--json` nobody is asked for codes'
      : 'nothing was made: there is no terminal, and elsewhere the seed of the device would be in a log',
    help: 'run it on a terminal, as whoever holds the device, without pipes',
  })

const lockedBy = (holder: string, account: string): Diagnostic =>
  errorOf({
    code: 'mfa.locked',
    message: `the lock of \`${account}\` is held by ${holder}; nothing was made`,
    help: 'wait for it to end, or let iam-sync wait: `--lock-timeout 2m`',
  })

const NOT_BEGUN = errorOf({
  code: 'mfa.interrupted',
  message: 'nothing was made: a signal came while it waited for the lock',
})
