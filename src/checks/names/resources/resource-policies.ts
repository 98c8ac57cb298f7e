// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of IAM
import { type Diagnostic, warningOf } from '../../../diagnostics/index.ts'
import type { DesiredResource } from '../../../manifest/desired.ts'
import { partitionProblem } from '../partition-names.ts'
import { statementsIn } from '../statement-parts.ts'
import { meet } from './pattern-meeting.ts'

/**
 * Resources that nobody of the project reaches, by their partition, and policies of buckets about something else than the
 * bucket and its objects: S3 refuses those, and elsewhere they would have no effect.
 * @param partitions of the project's accounts
 * @see Amazon S3 User Guide, "Bucket policies for Amazon S3": `Resource`; its refusal is "Policy has invalid resource"
 */
export const resourcePolicyWarnings = (
  resources: Iterable<DesiredResource>,
  partitions: ReadonlySet<string>,
): readonly Diagnostic[] =>
  [...resources].flatMap((resource) => [
    ...otherPartition(resource, partitions),
    ...(/^arn:[^:]*:s3:::[^/]+$/.test(resource.arn) ? otherBuckets(resource) : []),
  ])

function otherPartition(
  { arn, span }: DesiredResource,
  partitions: ReadonlySet<string>,
): readonly Diagnostic[] {
  const problem = partitionProblem(arn, partitions)
  return problem === null ? [] : [warningOf({ ...problem, span })]
}

function otherBuckets({ arn, policy }: DesiredResource): readonly Diagnostic[] {
  if (policy === null || policy.located === null) return []
  return statementsIn(policy.located)
    .flatMap(({ resources }) => resources)
    .filter(({ text }) => text.startsWith('arn:') && !isOfBucket(text, arn))
    .map(({ text, span }) =>
      warningOf({
        code: 'policy.other-bucket',
        message: `\`${text}\` is nothing of the bucket \`${arn}\`, and S3 refuses such a policy`,
        help: `write \`${arn}\` for the bucket, and \`${arn}/*\` for its objects`,
        span,
      }),
    )
}

function isOfBucket(text: string, bucket: string): boolean {
  const open = text.replace(/\$\{[^}]*\}/g, '*')
  return meet(open, bucket) || meet(open, `${bucket}/*`)
}
