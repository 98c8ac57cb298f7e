import { type Diagnostic, DiagnosticError } from '../../diagnostics/index.ts'
import type { Secret } from '../../model/secret.ts'
import { type Enrolled, enrollDevice } from '../../reconcile/enroll-device.ts'
import type { ApplyOutcome, ApplySummary } from '../../target/ports.ts'
import { openTargetForWriting, using } from '../opening/account-target.ts'
import { beginByHand } from '../opening/begin-by-hand.ts'
import { sleep } from '../opening/pauses.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import { type LockOptions, underLock } from '../opening/under-lock.ts'
import { codePrompt } from './code-prompt.ts'

interface Enrollment {
  readonly account: ValidAccount
  readonly userName: string
  readonly deviceName: string
  readonly serial: string
}

interface Options extends LockOptions {
  readonly show: (seed: Secret) => Promise<void>
  readonly wrong: () => void
}

interface Written {
  readonly enrolled: Enrolled
  /** Why the journal doesn't say so. */
  readonly unnoted: readonly Diagnostic[]
}

/** Enrolls a device under the lock of the account, and notes it in its journal. */
export const writeEnrollment = (
  { account, ...device }: Enrollment,
  opened: OpenedProject,
  options: Options,
): ReturnType<typeof underLock<Written>> =>
  using(openTargetForWriting(account, opened), ({ iam, journal }) =>
    underLock(journal, options, async () => {
      const { signal, show, wrong } = options
      const entry = await beginByHand(journal, 'mfa enroll', [device.serial, device.userName])
      const { ask, close } = codePrompt(signal)
      const ports = { signal, sleep, random: () => Math.random(), show, wrong, ask }
      const enrolled = await enrollDevice({ iam, ...device }, ports).finally(close)
      try {
        await journal.finish(entry, { ...ENDINGS[endingOf(enrolled)], reason: null })
      } catch (error) {
        // What was done is still to be told.
        if (!(error instanceof DiagnosticError)) throw error
        return { enrolled, unnoted: error.diagnostics }
      }
      return { enrolled, unnoted: [] }
    }),
  )

const endingOf = (enrolled: Enrolled): keyof typeof ENDINGS => {
  if (enrolled.status === 'enabled') return 'done'
  return enrolled.status === 'deleted' && enrolled.why === 'no-answer' ? 'skipped' : 'failed'
}

const NONE: ApplySummary = { done: 0, failed: 0, skipped: 0 }
const ENDINGS = {
  done: { outcome: 'complete', summary: { ...NONE, done: 1 } },
  failed: { outcome: 'partial', summary: { ...NONE, failed: 1 } },
  skipped: { outcome: 'interrupted', summary: { ...NONE, skipped: 1 } },
} as const satisfies Record<string, { readonly outcome: ApplyOutcome; readonly summary: ApplySummary }>
