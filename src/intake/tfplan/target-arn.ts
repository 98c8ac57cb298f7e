import { parseArn, type ResourceFacts } from '../../model/index.ts'
import { type Instance, textAt } from './instance.ts'
import { namedArn, ownedArn } from './owned-resources.ts'
import type { PlanContext } from './plan-context.ts'
import { hasValue, madeUpName } from './plan-names.ts'

/** A resource, and the address of what says most of it. */
export interface FoundResource {
  readonly facts: ResourceFacts
  readonly address: string
}

/** How a resource says which other one it belongs to. */
export interface BelongsTo {
  /** The attribute that says it. */
  readonly of: string
  /** The type that it belongs to, where its ARN is made of a name. */
  readonly owner?: string
}

/** The ARN of what a resource belongs to. */
export function targetArn(
  instance: Instance,
  { of, owner }: BelongsTo,
  { accounts, referred }: PlanContext,
): string {
  const place = accounts.placeOf(instance)
  const known = textAt(instance, of)
  if (known !== null) {
    if (parseArn(known) !== null) return known
    const url = /^https?:\/\/[^/]+\/\d{12}\/([^/]+)$/.exec(known)
    const name = url?.[1] ?? known
    return (
      (owner === undefined ? null : namedArn(ownerOfName(owner, name), name, place)) ?? madeUpArn(instance)
    )
  }
  const target = hasValue(instance, of) ? referred.behind(instance, [of], IDENTIFYING) : null
  const arn = target === null ? null : ownedArn(target, accounts.placeOf(target))
  if (arn !== null) return arn
  return owner === undefined
    ? madeUpArn(instance)
    : (namedArn(owner, madeUpName(instance), place) ?? madeUpArn(instance))
}

/** Whether it is known which resource that is; otherwise its ARN stands for whichever. */
export function isTargetKnown(
  instance: Instance,
  { of }: BelongsTo,
  { accounts, referred }: PlanContext,
): boolean {
  if (textAt(instance, of) !== null) return true
  const target = referred.behind(instance, [of], IDENTIFYING)
  return target !== null && ownedArn(target, accounts.placeOf(target)) !== null
}

/** Attributes that say which resource it is, whichever of them. */
const IDENTIFYING: readonly string[] = [
  'arn',
  'bucket',
  'domain',
  'domain_name',
  'email',
  'email_identity',
  'function_name',
  'id',
  'key_id',
  'name',
  'registry_name',
  'repository',
  'repository_name',
  'url',
]

/** @see Amazon S3 User Guide, "Directory bucket naming rules" */
const ownerOfName = (owner: string, name: string): string =>
  owner === 'aws_s3_bucket' && name.endsWith('--x-s3') ? 'aws_s3_directory_bucket' : owner

/** Of a resource that nothing tells but the one that is its policy. */
const madeUpArn = (instance: Instance): string =>
  `arn:aws:${instance.type.split('_')[1] ?? 'unknown'}:::${madeUpName(instance)}`
