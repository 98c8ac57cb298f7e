import { printable } from '../layout/paint.ts'

/** @see IAM User Guide, "AWS JSON policy elements: Principal": a role that is deleted and made anew is another principal */
export interface ReplacedRole {
  readonly name: string
  readonly before: string
  readonly after: string
  /** Names of roles whose trust policies named it before. */
  readonly trustedBy: readonly string[]
}

const MOST_TRUSTING = 4

/** What a role that is made anew means for its sessions, and for whoever trusts it. */
export function replacedLines({ after, trustedBy }: ReplacedRole): readonly string[] {
  const shown = trustedBy.slice(0, MOST_TRUSTING).map((each) => `role/${printable(each)}`)
  const more = trustedBy.length - shown.length
  const known = [...shown, ...(more > 0 ? [`${more} more roles`] : [])]
  return [
    `is deleted and created again, as ${printable(after)}: its sessions end`,
    known.length === 0
      ? 'trusts in it break: whatever names it, in other accounts as well, means nobody until it names the new one'
      : `trusts in it break: ${known.join(', ')}, and whatever names it elsewhere, mean nobody until they name the new one`,
  ]
}
