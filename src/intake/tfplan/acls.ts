import { type LetIn, letInByCanned, NOT_KNOWN } from '../canned-acl.ts'
import { type Instance, isConfigured, lengthAt, readAt, textAt } from './instance.ts'
import type { PlanContext } from './plan-context.ts'
import { type BelongsTo, targetArn } from './target-arn.ts'

export const ACL = 'aws_s3_bucket_acl'
export const BUCKET = 'aws_s3_bucket'
const OWNERSHIP = 'aws_s3_bucket_ownership_controls'
/** Types with an `acl` and grants of their own, which a bucket that ignores ACLs ignores as well. */
const OBJECTS: readonly string[] = ['aws_s3_object', 'aws_s3_bucket_object', 'aws_s3_object_copy']

export const ACL_TYPES: readonly string[] = [ACL, OWNERSHIP]
export const OF_BUCKET: BelongsTo = { of: 'bucket', owner: BUCKET }

export const hasAcl = ({ type }: Instance): boolean =>
  type === ACL || type === BUCKET || OBJECTS.includes(type)

/** Whom what a resource says of ACLs lets in; null: nobody. @param isSaidElsewhere whether the ACL of a bucket is a resource of its own */
export function letInOf(instance: Instance, isSaidElsewhere: boolean): LetIn | null {
  const isOwn = (attribute: string) =>
    instance.type !== BUCKET || isConfigured(instance, attribute) || !isSaidElsewhere
  const canned = readAt(instance, 'acl')
  if (canned.is !== 'absent' && isOwn('acl')) {
    const name = textAt(instance, 'acl')
    if (name !== null) return letInByCanned(name)
    if (canned.is !== 'known') return NOT_KNOWN
  }
  return instance.type === ACL ? letInByPolicy(instance) : isOwn('grant') ? letInByGrants(instance) : null
}

/** Grants of an ACL, with its owner beside them. */
function letInByPolicy(instance: Instance): LetIn | null {
  const path = ['access_control_policy', 0] as const
  const length = lengthAt(instance, ...path, 'grant')
  if (length === null) return NOT_KNOWN
  const owner = textAt(instance, ...path, 'owner', 0, 'id')
  const found = Array.from({ length }, (_, index) => {
    const grantee = [...path, 'grant', index, 'grantee', 0] as const
    const id = textAt(instance, ...grantee, 'id')
    return id !== null && id === owner ? null : letInAs(textAt(instance, ...grantee, 'uri'))
  })
  return widest(found)
}

/** Grants of a bucket, or of an object: the provider has read that of the owner. */
function letInByGrants(instance: Instance): LetIn | null {
  const length = lengthAt(instance, 'grant')
  if (length === null) return isConfigured(instance, 'grant') ? NOT_KNOWN : null
  const grants = Array.from({ length }, (_, index) => ({
    id: textAt(instance, 'grant', index, 'id'),
    uri: textAt(instance, 'grant', index, 'uri'),
  }))
  const ids = new Set(grants.flatMap(({ id }) => id ?? []))
  const isOwners = ids.size === 1 && !isConfigured(instance, 'grant')
  return widest(grants.map(({ id, uri }) => (id !== null && isOwners ? null : letInAs(uri))))
}

/** @see Amazon S3 User Guide, "Access control list (ACL) overview": Amazon S3 predefined groups */
const letInAs = (group: string | null): LetIn => ({
  what: 'an ACL with grants',
  isPublic: group !== null && /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/.test(group),
})

/** Where one isn't ignored, all of it isn't. */
const widest = (found: readonly (LetIn | null)[]): LetIn | null => {
  const some = found.flatMap((each) => each ?? [])
  return some.find(({ isPublic }) => !isPublic) ?? some[0] ?? null
}

/** Which buckets of one side ignore ACLs: all of them, or those that let in everybody. */
export class IgnoredAcls {
  readonly #none = new Set<string>()
  readonly #public = new Set<string>()
  readonly #accounts = new Set<string>()

  constructor(context: PlanContext) {
    for (const instance of context.side.instances) {
      if (instance.mode !== 'managed') continue
      if (instance.type === OWNERSHIP && isEnforced(instance))
        this.#none.add(targetArn(instance, OF_BUCKET, context))
      const ignores = readAt(instance, 'ignore_public_acls')
      if (ignores.is !== 'known' || ignores.value !== true) continue
      if (instance.type === 'aws_s3_bucket_public_access_block')
        this.#public.add(targetArn(instance, OF_BUCKET, context))
      if (instance.type === 'aws_s3_account_public_access_block')
        this.#accounts.add(context.accounts.placeOf(instance).account.id)
    }
  }

  has(bucket: string, account: string, { isPublic }: LetIn): boolean {
    return this.#none.has(bucket) || (isPublic && (this.#public.has(bucket) || this.#accounts.has(account)))
  }
}

/** @see Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket" */
const isEnforced = (instance: Instance): boolean =>
  textAt(instance, 'rule', 0, 'object_ownership') === 'BucketOwnerEnforced'
