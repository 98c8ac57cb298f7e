// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of IAM
import { type Diagnostic, errorOf, type LocatedMap, spanAt, warningOf } from '../diagnostics/index.ts'
import type { EstateQuestion } from '../evaluator/estate/estate-question.ts'
import type { Evaluator } from '../evaluator/estate/evaluator.ts'
import { type AccountState, allowsChanges } from '../model/index.ts'

interface Changing {
  readonly name: string
  readonly arn: string
  readonly node: LocatedMap
}

/**
 * That somebody has to choose another password and may not: at the first sign-in they could do nothing at all.
 * The password policy may allow it to all users; what a policy denies stays denied.
 * @param evaluator of the estate with `after`
 * @see IAM User Guide, "Permitting IAM users to change their own passwords"
 */
export const unchangeablePasswords = (
  users: readonly Changing[],
  after: AccountState,
  evaluator: Evaluator,
): readonly Diagnostic[] =>
  users.flatMap((user) => {
    const allowedToAll = allowsChanges(after.settings)
    const answer = mayChange(user, after.account.id, evaluator, allowedToAll)
    if (answer === 'may') return []
    const parts = {
      code: 'plan.password-unchangeable',
      help: 'allow `iam:ChangePassword` on `arn:aws:iam::*:user/${aws:username}`, or set `allowUsersToChangePassword` in `passwordPolicy`',
      span: spanAt(user.node, ['loginProfile', 'passwordResetRequired']),
    }
    return answer === 'may not'
      ? [
          errorOf({
            ...parts,
            message: `user \`${user.name}\` has to choose another password at the first sign-in, and may not: \`iam:ChangePassword\` is not allowed`,
          }),
        ]
      : [
          warningOf({
            ...parts,
            message: `user \`${user.name}\` has to choose another password at the first sign-in, and it is not known whether \`iam:ChangePassword\` is allowed then`,
          }),
        ]
  })

function mayChange(
  { arn }: Changing,
  account: string,
  evaluator: Evaluator,
  allowedToAll: boolean,
): 'may' | 'may not' | 'unknown' {
  const open: EstateQuestion = {
    principal: arn,
    action: 'iam:ChangePassword',
    resource: arn,
    account,
    context: new Map(),
  }
  // Whoever has no device yet signs in without.
  const context = new Map([['aws:MultiFactorAuthPresent', ['false']]])
  const { answer } = evaluator.evaluate({ ...open, context })
  if (answer === null) return 'unknown'
  if (answer.decision === 'allow') return 'may'
  if (answer.decision === 'implicit_deny' && allowedToAll)
    // What the password policy allows, an organization or a boundary may still not.
    return answer.reasons.some(({ layer }) => layer !== 'identity') ? 'unknown' : 'may'
  const { answer: otherwise } = evaluator.evaluate(open)
  const isOpen =
    otherwise === null ||
    otherwise.decision === 'allow' ||
    evaluator.hinges(open, otherwise).some(({ decision }) => decision === 'allow')
  return isOpen ? 'unknown' : 'may not'
}
