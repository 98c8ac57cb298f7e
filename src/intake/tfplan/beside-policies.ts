import { parseArn } from '../../model/index.ts'
import type { BesidePolicy } from '../beside-policies.ts'
import type { LetIn } from '../canned-acl.ts'
import { ACL, ACL_TYPES, BUCKET, hasAcl, IgnoredAcls, letInOf, OF_BUCKET } from './acls.ts'
import { digestAt, type Instance, textAt } from './instance.ts'
import { ownedArn } from './owned-resources.ts'
import type { PlanContext } from './plan-context.ts'
import { hasValue } from './plan-names.ts'
import { type BelongsTo, isTargetKnown, targetArn } from './target-arn.ts'

const KEY_GRANT = 'aws_kms_grant'
const OF_KEY: BelongsTo = { of: 'key_id', owner: 'aws_kms_key' }

export const BESIDE_TYPES: readonly string[] = [...ACL_TYPES, KEY_GRANT]

/** What lets in others on one side of a plan and is no policy. */
interface PlanBeside {
  readonly beside: readonly BesidePolicy[]
  /** By address what isn't looked at, since nobody knows of which bucket or key it is, and what it says. */
  readonly unread: ReadonlyMap<string, string>
  /** ACLs that a resource of their own says, by bucket. */
  readonly acls: ReadonlyMap<string, readonly Acl[]>
  /** Buckets that the plan has. */
  readonly buckets: ReadonlySet<string>
}

interface Acl {
  readonly instance: Instance
  readonly bucket: string
  readonly account: string
  readonly letIn: LetIn | null
}

/** @param before the other side, of what is after a plan: Terraform leaves an ACL where it is whose resource goes */
export function readBeside(context: PlanContext, before: PlanBeside | null): PlanBeside {
  const managed = context.side.instances.filter(({ mode }) => mode === 'managed')
  const unread = new Map<string, string>()
  const isPlaced = (instance: Instance, of: BelongsTo): boolean => {
    const isKnown = isTargetKnown(instance, of, context)
    if (!isKnown) unread.set(instance.address, saidBy(instance))
    return isKnown
  }
  const acls = new Map<string, Acl[]>()
  for (const instance of managed.filter(({ type }) => type === ACL)) {
    const acl = aclOf(instance, context, () => false)
    if (acl.letIn !== null && !isPlaced(instance, OF_BUCKET)) continue
    if (acls.get(acl.bucket)?.push(acl) === undefined) acls.set(acl.bucket, [acl])
  }
  const isSaid = (bucket: string) => acls.has(bucket) || before?.acls.has(bucket) === true
  const others = managed
    .filter((each) => each.type !== ACL && hasAcl(each))
    .map((each) => aclOf(each, context, isSaid))
  const buckets = new Set(others.flatMap((each) => (each.instance.type === BUCKET ? [each.bucket] : [])))
  const left = [...(before?.acls ?? [])].flatMap(([bucket, all]) =>
    acls.has(bucket) || (before?.buckets.has(bucket) === true && !buckets.has(bucket)) ? [] : all,
  )
  const placed = others.filter(
    ({ instance, letIn }) => letIn !== null && (instance.type === BUCKET || isPlaced(instance, OF_BUCKET)),
  )
  const ignored = new IgnoredAcls(context)
  const grants = managed.filter((each) => each.type === KEY_GRANT && isPlaced(each, OF_KEY))
  return {
    acls,
    buckets,
    unread,
    beside: [
      ...[...[...acls.values()].flat(), ...placed, ...left].flatMap((each) => opened(each, ignored, context)),
      ...grants.map((each) => keyGrant(each, context)),
    ],
  }
}

function aclOf(instance: Instance, context: PlanContext, isSaid: (bucket: string) => boolean): Acl {
  const place = context.accounts.placeOf(instance)
  const own = instance.type === BUCKET ? ownedArn(instance, place) : null
  const bucket = own ?? targetArn(instance, OF_BUCKET, context)
  return { instance, bucket, account: place.account.id, letIn: letInOf(instance, isSaid(bucket)) }
}

function opened(
  { instance, bucket, account, letIn }: Acl,
  ignored: IgnoredAcls,
  context: PlanContext,
): readonly BesidePolicy[] {
  if (letIn === null || ignored.has(bucket, account, letIn)) return []
  return [besideOf(instance, { arn: bucket, account, what: letIn.what }, context)]
}

/** @see AWS KMS Developer Guide, "Grants in AWS KMS" */
function keyGrant(instance: Instance, context: PlanContext): BesidePolicy {
  const arn = targetArn(instance, OF_KEY, context)
  const inArn = parseArn(arn)?.account ?? ''
  const account = /^\d{12}$/.test(inArn) ? inArn : context.accounts.placeOf(instance).account.id
  return besideOf(instance, { arn, account, what: 'a grant' }, context)
}

function besideOf(
  instance: Instance,
  of: Pick<BesidePolicy, 'arn' | 'account' | 'what'>,
  { file, draft }: PlanContext,
): BesidePolicy {
  const source = { file, address: instance.address }
  return { ...of, source, document: draft.documents.standIn('not-all', saidBy(instance), source) }
}

/** Tells two of them apart, and says nothing of what they are. */
function saidBy(instance: Instance): string {
  // What the provider reads of grants is as it was before a canned one changes.
  const says = instance.type === KEY_GRANT ? OF_GRANT : textAt(instance, 'acl') === null ? OF_ACL : ['acl']
  return says.map((each) => (hasValue(instance, each) ? digestAt(instance, each) : '')).join(' ')
}

const OF_GRANT = ['grantee_principal', 'retiring_principal', 'operations', 'constraints']
const OF_ACL = ['acl', 'access_control_policy', 'grant']
