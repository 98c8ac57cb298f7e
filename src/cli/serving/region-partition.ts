import type { Partition } from '../../model/index.ts'
import type { ReceivedRequest } from '../../server/calls/answer-call.ts'
import { readSignature } from '../../server/signature/read-signature.ts'

/**
 * The partition whose region a request is signed for. What isn't known is of `aws`, which most regions are.
 * @returns null: it isn't signed, or nobody can read how
 */
export function signedPartition(request: ReceivedRequest): Partition | null {
  try {
    const region = readSignature(request)?.scope.region ?? null
    return region === null ? null : partitionOf(region)
  } catch {
    return null
  }
}

/** @see AWS General Reference, "AWS Regions": China and GovCloud have partitions of their own */
function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
