import { nearest } from '../../../diagnostics/index.ts'
import { meant, type NameProblem } from '../name-problem.ts'

const NAME = 'CloudFront Origin Access Identity'

/**
 * Whether an ARN of CloudFront's own account is that of an origin access identity: nobody else is there.
 * @see Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin": origin access identities
 */
export function originAccessIdentityProblem(arn: string): NameProblem | null {
  const [, start = '', name] = /^(arn:[^:]*:iam::cloudfront:user\/)(.*)$/.exec(arn) ?? []
  if (name === undefined || /^CloudFront Origin Access Identity E[A-Z0-9]+$/.test(name)) return null
  const [, words = '', id] = /^(.*?)[ _/-]*(E[A-Z0-9]+)?$/i.exec(name) ?? []
  return {
    code: 'names.resource-form',
    message: `no origin access identity has an ARN like \`${arn}\``,
    help:
      id === undefined || (words !== NAME && nearest(words, [NAME]) === null)
        ? `write \`${start}${NAME} E…\`, with the identity's id`
        : meant(`${start}${NAME} ${id.toUpperCase()}`),
  }
}
