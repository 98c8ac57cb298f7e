// Which requests are those of a stranger: what "public" is about.

import type { Constants } from './asked.ts'
import type { Question } from './questions.ts'
import { ORGANIZATION } from './world.ts'

/**
 * Whether somebody of whom no policy speaks can send it: each key by which a policy may trust is absent, or has a value of
 * the stranger's own.
 * @see Amazon S3 User Guide, "The meaning of public"
 */
export function isOfAStranger({ requester, context }: Question, constants: Constants): boolean {
  const { kind, after } = requester
  if (kind === 'provider') {
    if (after === null || !/accounts\.google\.com|githubusercontent/.test(after)) return false
  } else if (kind !== 'anonymous' && !kind.startsWith('stranger')) return false
  for (const [key, values] of context) {
    const [value = ''] = values
    const fixed = constants.get(key) ?? new Set<string>()
    if (/^aws:(?:sourcevpce?|principalorgid|sourceaccount|sourcearn|userid)$/.test(key) && fixed.has(value))
      return false
    if (/^aws:principalorg/.test(key) && value.startsWith(ORGANIZATION)) return false
    if (
      key === 'aws:principalorgpaths' &&
      [...fixed].some((each) => each.split('/')[0] === value.split('/')[0])
    )
      return false
    if (
      key === 'aws:userid' &&
      [...fixed].some((each) => value.startsWith(each.replace(/:?\*.*$/, '')) && /\w{8}/.test(each))
    )
      return false
    if (/^aws:principal(?:account|arn)$/.test(key) && isOfAFixedAccount(value, constants)) return false
    if (key === 'aws:sourceip' && !isAnybodys(value, fixed)) return false
    if (IS_SOMEBODYS.test(key) && kind === 'provider' && fixed.has(value)) return false
    if (key.endsWith(':sub') && !value.startsWith('repo:stranger/') && kind === 'provider') return false
  }
  return true
}

/** Of an account whose id stands in what policies compare accounts or principals with: who has a session there isn't anybody. */
const isOfAFixedAccount = (value: string, constants: Constants): boolean =>
  ['aws:principalaccount', 'aws:principalarn'].some((key) =>
    [...(constants.get(key) ?? [])].some((each) =>
      [...each.matchAll(/(?<!\d)\d{12}(?!\d)/g)].some(([id]) => value.includes(id)),
    ),
  )

/** Claims that say whose an identity is: of a social provider whose application, too. An audience of GitHub's anybody chooses. */
const IS_SOMEBODYS = /:sub$|^accounts\.google\.com:aud$/

/** An address that anybody may have, and that lies in no narrow range of the policies. */
export function isAnybodys(address: string, ranges: ReadonlySet<string>): boolean {
  if (address.startsWith('10.')) return false
  return [...ranges].every((range) => {
    const [start = '', bits = '32'] = range.split('/')
    if (start.includes(':')) return Number(bits) < 32 || !address.includes(':')
    return (
      Number(bits) < 8 ||
      !address.startsWith(
        start
          .split('.')
          .slice(0, Number(bits) >> 3)
          .join('.'),
      )
    )
  })
}
