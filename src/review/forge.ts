/** A comment of our own. Others' are never seen by whoever decides what becomes of them. */
export interface OwnComment {
  /** Later ones have greater ids. */
  readonly id: number
  /** By which GraphQL calls it; null where there is no such thing. */
  readonly nodeId: string | null
  readonly body: string
  /** Whether readers see it folded away only. */
  readonly isHidden: boolean
}

/** A pull request, or a merge request, as it is now. */
export interface PullRequestState {
  /** The commit that is proposed; null: it isn't told. */
  readonly head: string | null
  readonly labels: readonly string[]
}

/** Lines of a file. The first is 1. */
export interface LineRange {
  readonly start: number
  /** The last of them. */
  readonly end: number
}

export interface Annotation extends LineRange {
  /** From the root of the repository. */
  readonly path: string
  readonly level: 'notice' | 'warning' | 'failure'
  readonly title: string
  readonly message: string
}

/** What is said of a commit. */
export interface CommitReport {
  readonly commit: string
  /** Tells it from those of other jobs. */
  readonly name: string
  /**
   * `look`: nothing failed, and there is something to look at. `unknown`: nothing failed, and not all is known; it is never
   * shown as passing.
   */
  readonly conclusion: 'pass' | 'look' | 'unknown' | 'fail'
  /** One line. */
  readonly title: string
  /** Markdown. */
  readonly summary: string
  readonly annotations: readonly Annotation[]
  /** Where the run is seen; null: nowhere. */
  readonly link: string | null
}

/** What keeps comments. Every method throws `ForgeError`. */
export interface Forge {
  state(): Promise<PullRequestState>
  /** Our own whose first line is a marker, by ascending id. */
  comments(): Promise<readonly OwnComment[]>
  create(body: string): Promise<OwnComment>
  edit(comment: OwnComment, body: string): Promise<void>
  /** Folds a comment away that a later one replaces. */
  supersede(comment: OwnComment): Promise<void>
  changeLabels(add: readonly string[], remove: readonly string[]): Promise<void>
  report(report: CommitReport): Promise<void>
  /** What the pull request changes, by file; where it can't be told, nothing. */
  changedLines(): Promise<ReadonlyMap<string, readonly LineRange[]>>
}
