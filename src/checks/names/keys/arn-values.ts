import type { KnownNames } from '../../../catalog/known-names.ts'
import { awsPolicyProblem } from '../aws-policy-names.ts'
import type { NameProblem } from '../name-problem.ts'
import { meet } from '../resources/pattern-meeting.ts'
import { resourceProblem } from '../resources/resource-forms.ts'

/**
 * Whose ARN `aws:PrincipalArn` is: that of a role also for its sessions.
 * @see IAM User Guide, "AWS global condition context keys": aws:PrincipalArn
 */
const PRINCIPALS = ['root', 'user/*', 'role/*', 'federated-user/*', 'assumed-role/*']

/** Whether a text, with wildcards and variables, can be the ARN that a key holds. What is no ARN is left to others. */
export function arnValueProblem(key: string, value: string, known: KnownNames): NameProblem | null {
  if (!value.startsWith('arn:')) return null
  return key.toLowerCase() === 'aws:principalarn'
    ? principalArnProblem(value)
    : // The root of an account owns sources and the like, and is no resource.
      /^arn:[^:]*:iam::[^:]*:root$/.test(value)
      ? null
      : (awsPolicyProblem(value, known) ?? resourceProblem(value, known, 'value'))
}

function principalArnProblem(value: string): NameProblem | null {
  const [, , service = '', region = '', account = '', ...rest] = value.replace(/\$\{[^}]*\}/g, '*').split(':')
  const resource = rest.join(':')
  const isPrincipal =
    // Wildcards may stand for colons.
    (rest.length === 0 && /[*?]/.test(value)) ||
    (['iam', 'sts'].some((each) => meet(service, each)) &&
      (region === '' || /^[*?]+$/.test(region)) &&
      (!/^\d+$/.test(account) || account.length === 12) &&
      PRINCIPALS.some((form) => meet(resource, form)))
  return isPrincipal
    ? null
    : {
        code: 'names.resource-form',
        message: `no user, role or session has an ARN like \`${value}\``,
        help: 'write `arn:aws:iam::111122223333:role/NAME`, or `user/NAME`',
      }
}
