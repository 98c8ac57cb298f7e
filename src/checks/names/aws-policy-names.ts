import type { KnownNames } from '../../catalog/known-names.ts'
import { nearest } from '../../diagnostics/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import { meant, type NameProblem } from './name-problem.ts'

/** Policies that AWS's own documents name, and that it doesn't publish. */
const UNPUBLISHED: ReadonlySet<string> = new Set(['AWSQuickSetupCFGRecordingPermissionsBoundary'])

const AWS_POLICY = /^arn:(aws|aws-cn|aws-us-gov):iam::aws:policy\/(?:.*\/)?([^/]+)$/

/** Whether an ARN, with wildcards, names a policy that AWS manages and that the catalogue doesn't have. */
export function awsPolicyProblem(
  arn: string,
  { awsPolicies }: Pick<KnownNames, 'awsPolicies'>,
): NameProblem | null {
  const [, partition, name = ''] = AWS_POLICY.exec(arn) ?? []
  if (partition === undefined || arn.includes('${') || UNPUBLISHED.has(name)) return null
  const of = (each: string) => awsPolicies.arnOf(each, partition as 'aws') ?? ''
  const isPattern = /[*?]/.test(arn)
  if (
    isPattern ? [...awsPolicies.names()].some((each) => matchesPattern(arn, of(each))) : awsPolicies.has(arn)
  )
    return null
  const atOtherPath = awsPolicies.arnOf(name, partition as 'aws')
  const near = isPattern ? null : nearest(name, awsPolicies.names())
  return {
    code: 'names.unknown-policy',
    message: `AWS has no policy \`${arn}\` in the catalogue of ${awsPolicies.date}`,
    help:
      atOtherPath !== null
        ? meant(atOtherPath)
        : near !== null
          ? meant(of(near))
          : 'check the name: the policy may be newer than the catalogue',
  }
}
