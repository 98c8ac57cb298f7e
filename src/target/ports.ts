import type { CredentialNote } from '../model/child.ts'
import type { Declarations } from '../model/declarations.ts'
import type { OperationsLike } from '../model/operation.ts'
import type { ReadOperations, WriteOperations } from '../model/operations.ts'
import type { RecordedFacts } from '../model/recorded-facts.ts'

/** Reads an account. Has no method that writes, so that what makes a plan can't. Throws `IamError`. */
export interface IamReader<R extends OperationsLike<R> = ReadOperations> {
  read<O extends keyof R>(operation: O, input: R[O]['input']): Promise<R[O]['output']>
}

/**
 * Changes an account, one API call at a time; each call is its own transaction. Throws `IamError`. A field that takes a secret
 * has a `Secret`, to be revealed at the last moment and not kept; should an error quote it, nobody is told.
 */
export interface IamWriter<W extends OperationsLike<W> = WriteOperations> {
  write<O extends keyof W>(operation: O, input: W[O]['input']): Promise<W[O]['output']>
  /** Milliseconds within which what was written is seen by every call that comes after it. Absent: at once. */
  readonly settlesWithin?: number
}

/** Who holds the lock. `commit` is what it applies, if that came from git. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** ISO 8601 UTC. */
  readonly start: string
  readonly commit: string | null
}

export type ApplyOutcome = 'complete' | 'partial' | 'interrupted'

export interface ApplySummary {
  readonly done: number
  readonly failed: number
  readonly skipped: number
}

export interface JournalEntry {
  readonly id: string
  /** When it began, ISO 8601 UTC. */
  readonly time: string
  readonly commit: string | null
  readonly dirty: boolean | null
  readonly actor: string
  readonly digest: string
  readonly summary: ApplySummary
  /** An entry that was begun and never finished, with nobody at it any more, is `interrupted`. */
  readonly outcome: ApplyOutcome
  /** The code of what the target broke down with (`store.disk-full`), which ended the apply; null: it didn't. */
  readonly reason: string | null
}

export interface JournalReader {
  /** Newest first. */
  history(): Promise<readonly JournalEntry[]>
  /** What the last complete apply declared, together with what every later, incomplete one declared. */
  declared(): Promise<Declarations>
  /** What the last complete apply took for granted of the organization and of resources; null: it isn't known. */
  facts(): Promise<RecordedFacts | null>
  /** What is known of credentials that have no name in the account, oldest first. */
  credentials(): Promise<readonly CredentialNote[]>
  /** Who holds the lock now, or null. */
  holder(): Promise<LockHolder | null>
}

export interface NewJournalEntry {
  readonly id: string
  readonly time: string
  readonly commit: string | null
  readonly dirty: boolean | null
  readonly actor: string
  readonly digest: string
  readonly declared: Declarations
  readonly facts: RecordedFacts | null
}

/** How an apply ended. */
export type JournalEnding = Pick<JournalEntry, 'outcome' | 'summary' | 'reason'>

export interface Lock {
  release(): Promise<void>
}

export interface JournalWriter {
  /**
   * Takes the lock of this store, or returns who holds it. Never waits.
   * INVARIANT: the lock is held by the operating system for the process, so a dead holder's lock is free at once.
   */
  tryLock(holder: LockHolder): Promise<{ readonly lock: Lock } | { readonly heldBy: LockHolder | null }>
  /** Durable when it returns. Takes the place of what was known of the same id, and of what of that name was only begun. */
  putCredential(note: CredentialNote): Promise<void>
  /** Forgets a note as it was read. */
  dropCredential(note: CredentialNote): Promise<void>
  /** Durable when it returns; called before the first step of an apply. */
  begin(entry: NewJournalEntry): Promise<void>
  /** @throws DiagnosticError also when the lock was lost meanwhile, so that others may have been at it too */
  finish(id: string, ending: JournalEnding): Promise<void>
}

/** Says whether a target has changed since it was last asked, so that a watcher need not read it again. */
export interface TargetVersion {
  /**
   * Ask before reading: what is written while reading then shows as a change the next time.
   * @returns equal text: nothing was written in between; null: can't tell, so read
   */
  current(): string | null
  close(): void
}

interface Target {
  /**
   * What an error that came of reading this target means, where the target knows better: an answer that makes no sense may
   * come of a database that is damaged.
   * @returns the error itself, or a DiagnosticError in its place
   */
  explain(error: unknown): unknown
  /**
   * The ARN of whom the target takes its caller for, as `sts:GetCallerIdentity` gives it: of a role that of the session. null: it
   * takes them for nobody, as one that is called in process does.
   */
  caller(): Promise<string | null>
  close(): Promise<void>
}

/** An account's target, opened for reading only. */
export interface ReadableTarget extends Target {
  readonly iam: IamReader
  readonly journal: JournalReader
}

/** An account's target, opened for an apply. */
export interface WritableTarget extends Target {
  readonly iam: IamReader & IamWriter
  readonly journal: JournalReader & JournalWriter
}
