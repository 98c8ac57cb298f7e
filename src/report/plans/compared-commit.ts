import type { SourceTexts } from '../../diagnostics/index.ts'

/** A commit that a plan was made against, without a target. */
export interface ComparedCommit {
  /** As it was named. */
  readonly ref: string
  /** 40 hexadecimal digits. */
  readonly commit: string
  /** Of what it declares. */
  readonly texts: SourceTexts
}
