import type { Account, PolicyDocument } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import { statementsOf } from '../../policy/canonical.ts'
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

/**
 * Whether somebody who holds these documents may be one who `writesAll`, as far as the names of actions tell: of most nobody need
 * look closer.
 */
export function mayWriteAll(documents: readonly PolicyDocument[]): boolean {
  const left = new Set<string>(ACTIONS)
  for (const document of documents) for (const action of namedIn(document)) left.delete(action)
  return left.size === 0
}

const ACTIONS = WRITING.map(([action]) => action.toLowerCase())

/** Which of them a document allows on something, in some context perhaps. */
const named = new WeakMap<PolicyDocument, readonly string[]>()

function namedIn(document: PolicyDocument): readonly string[] {
  let found = named.get(document)
  if (found === undefined) {
    const allows = statementsOf(document).filter(({ Effect: effect }) => effect === 'Allow')
    found = ACTIONS.filter((action) =>
      allows.some(({ Action: own, NotAction: others }) =>
        own !== undefined ? isOneOf(own, action) : others === undefined || !isOneOf(others, action),
      ),
    )
    named.set(document, found)
  }
  return found
}

const isOneOf = (patterns: unknown, action: string): boolean =>
  [patterns].flat().some((each) => typeof each === 'string' && matchesPattern(each.toLowerCase(), action))

export const writesAll = (situation: Situation, account: Account): boolean =>
  permissionWriting(situation, account).length === WRITING.length
