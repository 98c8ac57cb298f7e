// Accounts outside that policies tell apart without a name: by patterns, or as numbers.
import type { EstatePair } from './estate-spec.ts'

/** A pattern that policies compare accounts with. */
export const PATTERN = '4444????6666'
/** Of no account that is drawn, and like all that policies ask for. */
export const TOLD_APART = accountLike(PATTERN) ?? PATTERN
/** Like nothing that a policy asks for. */
const UNLIKE = '777711112222'

/** An account that a pattern fits; null: there is none. */
export function accountLike(pattern: string): string | null {
  const [begin = '', ...more] = pattern.replaceAll('?', '1').split('*')
  const end = more.join('')
  const id = more.length === 0 ? begin : begin.padEnd(12 - end.length, '1') + end
  return /^\d{12}$/.test(id) ? id : null
}

/** Of whom somebody is asked about besides: none where names and ids are compared only. */
export const accountsToldApart = (pair: EstatePair): readonly string[] =>
  /\d[?*]|[?*]\d|Numeric\w+":\{"aws:PrincipalAccount"/.test(JSON.stringify(pair)) ? [TOLD_APART, UNLIKE] : []
