import type { BesidePolicy } from '../beside-policies.ts'
import { letInByCanned, NOT_KNOWN } from '../canned-acl.ts'
import { basisDigest } from './cfn-documents.ts'
import { itemsIn, memberOf, scalarText } from './resolved.ts'
import { resourcesOf, type StackContext, type StackResource } from './stack-context.ts'
import { propertyOf } from './stack-names.ts'

/** ACLs of buckets that let in others beside their policies. */
export function stackAcls(context: StackContext): readonly BesidePolicy[] {
  const { names, file, draft } = context
  return resourcesOf(context, (type) => type === 'AWS::S3::Bucket').flatMap((resource) => {
    const said = propertyOf(resource.own, 'AccessControl')
    const arn = names.nameOf(resource)?.arn
    if (said === null || arn === undefined) return []
    const canned = scalarText(said)
    const letIn =
      canned === null ? NOT_KNOWN : letInByCanned(canned.replace(/\B([A-Z])/g, '-$1').toLowerCase())
    if (letIn === null || isIgnored(resource, letIn.isPublic)) return []
    const source = { file, address: resource.id }
    const text = `${letIn.what} ${basisDigest(said)}`
    const document = { ...draft.documents.standIn('not-all', text, source), place: resource.span }
    return [{ arn, account: names.place.account.id, what: letIn.what, source, document }]
  })
}

/** What isn't known, or hangs on something that isn't, keeps nobody out. */
function isIgnored({ own, hangsOn }: StackResource, isPublic: boolean): boolean {
  const ignores = scalarText(propertyOf(own, 'PublicAccessBlockConfiguration', 'IgnorePublicAcls'))
  const [rule = null] = itemsIn(propertyOf(own, 'OwnershipControls', 'Rules'))
  const isEnforced = scalarText(memberOf(rule, 'ObjectOwnership')) === 'BucketOwnerEnforced'
  return hangsOn === null && (isEnforced || (isPublic && ignores === 'true'))
}
