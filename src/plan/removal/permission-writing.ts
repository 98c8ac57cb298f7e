import type { Account } from '../../model/index.ts'
import { isAbout, isOfUnknownPolicy, type Rule, type RuleProbe } from '../between/rules.ts'
import type { Situation } from '../between/situation.ts'

/** On names that no policy has in mind: whoever may do it to them may do it to anybody. */
const WRITING = [
  ['iam:PutUserPolicy', 'user/whoever-it-is'],
  ['iam:PutRolePolicy', 'role/whoever-it-is'],
  ['iam:CreatePolicyVersion', 'policy/whoever-it-is'],
] as const

/**
 * By which actions somebody may write the permissions of everybody in an account. In some contexts perhaps: most
 * administrators must have signed in with MFA. What denies it must do so in all.
 */
export const permissionWriting = (
  { identity, boundary }: Situation,
  { partition, id }: Account,
): readonly string[] =>
  WRITING.flatMap(([action, rest]) => {
    const probe: RuleProbe = { action: action.toLowerCase(), resource: `arn:${partition}:iam::${id}:${rest}` }
    const lets = (rules: readonly Rule[]) =>
      rules.some((rule) => rule.allows && !isOfUnknownPolicy(rule) && isAbout(rule, probe))
    const stops = (rules: readonly Rule[]) =>
      rules.some((rule) => !rule.allows && rule.tests.length === 0 && isAbout(rule, probe))
    const may =
      lets(identity) && (boundary === null || lets(boundary)) && !stops([...identity, ...(boundary ?? [])])
    return may ? [action] : []
  })

export const writesAll = (situation: Situation, account: Account): boolean =>
  permissionWriting(situation, account).length === WRITING.length
