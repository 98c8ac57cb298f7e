/** Whom an ACL lets in beside the owner of the bucket. */
export interface LetIn {
  /** In words: an ACL (`public-read`). */
  readonly what: string
  /** Everybody, or everybody who has an account: S3 may be told to ignore that. */
  readonly isPublic: boolean
}

const OPEN_TO_ALL: readonly string[] = ['public-read', 'public-read-write', 'authenticated-read']
const OF_OWNERS: readonly string[] = ['private', 'bucket-owner-read', 'bucket-owner-full-control']
export const NOT_KNOWN: LetIn = { what: 'an ACL that is not known', isPublic: false }

/**
 * A canned ACL, by its name.
 * @returns null: it lets in nobody but owners
 * @see Amazon S3 User Guide, "Access control list (ACL) overview": Canned ACL
 */
export const letInByCanned = (canned: string): LetIn | null =>
  OF_OWNERS.includes(canned)
    ? null
    : { what: `an ACL (\`${canned.slice(0, 40)}\`)`, isPublic: OPEN_TO_ALL.includes(canned) }
