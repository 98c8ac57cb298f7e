import { parseArn, type ResourceFacts } from '../../model/index.ts'
import { type Instance, readAt } from './instance.ts'
import type { PlanContext } from './plan-context.ts'
import { targetArn } from './target-arn.ts'

const OF_BUCKET = 'aws_s3_bucket_public_access_block'
const OF_ACCOUNT = 'aws_s3_account_public_access_block'

export const PUBLIC_ACCESS_TYPES: readonly string[] = [OF_BUCKET, OF_ACCOUNT]

/** Says of buckets and access points whether S3 keeps strangers from them whatever their policies say. */
export function publicAccessBlocks(
  context: PlanContext,
): (resource: ResourceFacts) => 'resource' | 'account' | null {
  const buckets = new Set<string>()
  const accounts = new Set<string>()
  for (const instance of context.side.instances) {
    if (instance.mode !== 'managed' || !keepsStrangersOut(instance)) continue
    if (instance.type === OF_BUCKET)
      buckets.add(targetArn(instance, { of: 'bucket', owner: 'aws_s3_bucket' }, context))
    if (instance.type === OF_ACCOUNT) accounts.add(context.accounts.placeOf(instance).account.id)
  }
  return ({ arn, account }) => {
    if (parseArn(arn)?.service !== 's3') return null
    return buckets.has(arn) ? 'resource' : accounts.has(account) ? 'account' : null
  }
}

/** @see Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": RestrictPublicBuckets */
function keepsStrangersOut(instance: Instance): boolean {
  const reading = readAt(instance, 'restrict_public_buckets')
  return reading.is === 'known' && reading.value === true
}
