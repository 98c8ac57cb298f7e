/** What the journal of a local target needs of a store. Declarations and facts are texts here: the store doesn't look inside. */
export interface JournalEntryRow {
  readonly id: string
  readonly time: string
  readonly commit: string | null
  readonly dirty: boolean | null
  readonly actor: string
  readonly digest: string
}

export interface FinishedEntryRow extends JournalEntryRow {
  /** null: begun and not finished. */
  readonly outcome: 'complete' | 'partial' | 'interrupted' | null
  readonly done: number
  readonly failed: number
  readonly skipped: number
  /** The code of what the target broke down with; null: it didn't. */
  readonly reason: string | null
}

/** Who took the lock last; the row alone doesn't say that it is still held. */
export interface HolderRow {
  readonly pid: number
  readonly host: string
  readonly start: string
  readonly commit: string | null
  /** The entry that it has begun, if any. */
  readonly entryId: string | null
}

export interface ReadableJournalRows {
  /** Newest first. */
  entries(): Promise<readonly FinishedEntryRow[]>
  /** The declarations of the last complete entry and of every later one, oldest first. */
  declarations(): Promise<readonly string[]>
  /** The facts of the last complete entry that has any. */
  facts(): Promise<string | null>
  holder(): Promise<HolderRow | null>
  /** What is known of credentials, oldest first. */
  credentials(): Promise<readonly NamedCredentialRow[]>
}

/** What the journal keeps of a credential; `others` is a text here. */
export interface NamedCredentialRow {
  readonly kind: string
  readonly parent: string
  readonly name: string
  /** null: its creation was begun. */
  readonly id: string | null
  readonly others: string
  readonly begun: number | null
  readonly delivered: number | null
}

export interface JournalRows extends ReadableJournalRows {
  /** Durable when it returns. The entry becomes that of the holder. */
  insert(entry: JournalEntryRow, declared: string, facts: string | null): Promise<void>
  /**
   * A complete entry makes the declarations and facts of earlier ones superfluous: they are dropped.
   * @returns whether there is such an entry
   */
  finish(
    id: string,
    result: Pick<FinishedEntryRow, 'done' | 'failed' | 'skipped' | 'reason'> & {
      readonly outcome: 'complete' | 'partial' | 'interrupted'
    },
  ): Promise<boolean>
  /** Durable when it returns. Takes the place of what was known of the same id, and of what of that name was only begun. */
  putCredential(row: NamedCredentialRow): Promise<void>
  /** Forgets what is known of an id, or, where that is null, what of a name was only begun. */
  dropCredential(row: Pick<NamedCredentialRow, 'kind' | 'parent' | 'name' | 'id'>): Promise<void>
  putHolder(holder: HolderRow | null): Promise<void>
}
