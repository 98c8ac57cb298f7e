import type * as sdk from '@aws-sdk/client-iam'
import { isAwsManagedPolicyArn, parseEntityArn } from '../model/index.ts'
import type { Reading } from './context.ts'
import { type Details, detailsSection } from './details.ts'
import { encodeDocument } from './documents.ts'
import { policyUses, viewUse } from './policy-uses.ts'

/** What is known of a policy of AWS's own: no id, no dates. */
export function viewAwsPolicy({ awsPolicies }: Pick<Reading, 'awsPolicies'>, arn: string): sdk.Policy | null {
  const named = parseEntityArn(arn)
  const version = awsPolicies.has(arn) ? awsPolicies.versionOf(arn) : null
  if (named === null || version === null) return null
  return {
    PolicyName: named.name,
    Arn: arn,
    Path: named.path,
    DefaultVersionId: version,
    IsAttachable: true,
  }
}

/** Of AWS's own policies only the current version is known. */
export function viewAwsVersion(
  { awsPolicies }: Pick<Reading, 'awsPolicies'>,
  arn: string,
): sdk.PolicyVersion | null {
  const document = awsPolicies.document(arn)
  const version = awsPolicies.versionOf(arn)
  if (document === null || version === null) return null
  return { VersionId: version, IsDefaultVersion: true, Document: encodeDocument(JSON.stringify(document)) }
}

/** Those that are attached or a boundary. */
export const awsPolicyDetails = detailsSection('AWSManagedPolicy', awsPoliciesInUse, viewAwsPolicies)

/** Listed by ARN, since names of AWS's own policies under different paths may repeat. */
async function awsPoliciesInUse(
  reading: Reading,
  after: string | null,
  limit: number,
): Promise<readonly { readonly name: string; readonly arn: string }[]> {
  const arns = [...(await policyUses(reading, 'all')).keys()]
    // A catalogue that is older than the database may miss one.
    .filter((arn) => isAwsManagedPolicyArn(arn) && reading.awsPolicies.has(arn))
    .sort()
  return arns
    .filter((arn) => after === null || arn > after)
    .slice(0, limit)
    .map((arn) => ({ name: arn, arn }))
}

async function viewAwsPolicies(
  reading: Reading,
  rows: readonly { readonly arn: string }[],
  details: Details,
): Promise<void> {
  const uses = await policyUses(
    reading,
    rows.map(({ arn }) => arn),
  )
  for (const { arn } of rows) {
    const version = viewAwsVersion(reading, arn)
    details.Policies.push({
      ...viewAwsPolicy(reading, arn),
      ...viewUse(uses.get(arn)),
      PolicyVersionList: version === null ? [] : [version],
    })
  }
}
