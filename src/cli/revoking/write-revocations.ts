import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { type RevokedSessions, revokeSessions } from '../../reconcile/revoke-sessions.ts'
import type { WritableTarget } from '../../target/ports.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { openTargetForWriting, using } from '../opening/account-target.ts'
import { beginByHand } from '../opening/begin-by-hand.ts'
import { sleep } from '../opening/pauses.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import { type LockOptions, underLock } from '../opening/under-lock.ts'
import type { Revocable } from './revocable.ts'

interface Options extends LockOptions {
  /** Whether sessions of one may become sessions of another, or of itself. */
  readonly isChained: boolean
}

type Outcome = Pick<RevokedSessions, 'status' | 'error'> & { readonly before: string | null }

interface Written {
  /** By ARN; empty: nothing was written, and the diagnostics say why. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly isLate: boolean
  readonly codes: readonly ExitCode[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Ends sessions under the locks of all accounts that it is about, and notes it in their journals. Nothing is written while one is held. */
export async function writeRevocations(
  roles: readonly Revocable[],
  opened: OpenedProject,
  options: Options,
): Promise<Written> {
  const accounts = new Map(roles.map(({ account }) => [account.name, account]))
  return withLocks([...accounts.values()], opened, options, new Map(), (targets) =>
    writeTo(roles, targets, options),
  )
}

type Targets = ReadonlyMap<string, WritableTarget>

/** Opens and locks one account after the other. */
async function withLocks(
  [first, ...others]: readonly ValidAccount[],
  opened: OpenedProject,
  options: Options,
  targets: Targets,
  work: (targets: Targets) => Promise<Written>,
): Promise<Written> {
  if (first === undefined) return work(targets)
  return using(openTargetForWriting(first, opened), async (target) => {
    const outcome = await underLock(target.journal, options, () =>
      withLocks(others, opened, options, new Map([...targets, [first.name, target]]), work),
    )
    switch (outcome.type) {
      case 'held':
        return nothing(EXIT.conflict, lockedBy(outcome.by, first.name))
      case 'aborted':
        return nothing(EXIT.error, STOPPED)
      case 'done':
        return outcome.value
    }
  })
}

async function writeTo(
  roles: readonly Revocable[],
  targets: Targets,
  { isChained, signal }: Options,
): Promise<Written> {
  const outcomes = new Map<string, Outcome>()
  const writable = roles.flatMap(({ account, arn, roleName, endedBefore }) => {
    const iam = targets.get(account.name)?.iam
    if (endedBefore === 'other' || iam === undefined) {
      outcomes.set(arn, { status: 'failed', before: null, error: OTHER_POLICY })
      return []
    }
    return [{ arn, name: roleName, iam, endedBefore, account: account.name }]
  })
  const entries = await begun(targets, writable)
  const { revoked, isLate } = await revokeSessions(writable, isChained, {
    signal,
    sleep,
    random: () => Math.random(),
    clock: () => Date.now(),
  })
  for (const { arn, status, before, error } of revoked)
    outcomes.set(arn, { status, before: before === null ? null : new Date(before).toISOString(), error })
  const unnoted: Diagnostic[] = []
  for (const [account, id] of entries) {
    const own = writable
      .filter((role) => role.account === account)
      .map(({ arn }) => outcomes.get(arn)?.status)
    const count = (status: Outcome['status']) => own.filter((each) => each === status).length
    const summary = { done: count('done'), failed: count('failed'), skipped: count('skipped') }
    const outcome = summary.skipped > 0 ? 'interrupted' : summary.failed > 0 ? 'partial' : 'complete'
    try {
      await targets.get(account)?.journal.finish(id, { outcome, summary, reason: null })
    } catch (error) {
      // What was done is still to be told.
      if (!(error instanceof DiagnosticError)) throw error
      unnoted.push(...error.diagnostics)
    }
  }
  return { outcomes, isLate, codes: unnoted.length > 0 ? [EXIT.error] : [], diagnostics: unnoted }
}

/** @returns ids of entries, by account */
async function begun(
  targets: Targets,
  roles: readonly { readonly arn: string; readonly account: string }[],
): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>()
  for (const [account, { journal }] of targets) {
    const own = roles.filter((role) => role.account === account).map(({ arn }) => arn)
    if (own.length > 0) entries.set(account, await beginByHand(journal, 'revoke', own))
  }
  return entries
}

const OTHER_POLICY = {
  code: 'revoke.other-policy',
  message: 'an inline policy AWSRevokeOlderSessions is there that says something else, and is left alone',
}

const nothing = (code: ExitCode, diagnostic: Diagnostic): Written => ({
  outcomes: new Map(),
  isLate: false,
  codes: [code],
  diagnostics: [diagnostic],
})

const lockedBy = (holder: string, account: string): Diagnostic =>
  errorOf({
    code: 'revoke.locked',
    message: `the lock of \`${account}\` is held by ${holder}; nothing was written`,
    help: 'wait for it to end, or let iam-sync wait: `--lock-timeout 2m`',
  })

const STOPPED = errorOf({
  code: 'revoke.interrupted',
  message: 'nothing was written: a signal came while it waited for the lock',
})
