import {
  type AccountState,
  type AnyEntityState,
  type PrincipalEntity,
  parseArn,
  parseEntityArn,
} from '../../model/index.ts'
import type { Request } from '../decision.ts'
import { comesByService, VIA_SERVICE } from '../keys/sending-keys.ts'
import type { PrincipalFacts } from '../principal.ts'
import type { Membership } from './organization-levels.ts'

type Derived = readonly (readonly [key: string, values: readonly string[]])[]

/** Context keys that follow from the asking entity: its tags, that it asks by itself, and of a session that it is one. */
export function entityContext(
  entity: PrincipalEntity | null,
  { kind, text }: PrincipalFacts,
  now: Date,
): Derived {
  const derived: Derived[number][] = []
  // What a federated user's tags are follows from its session, not from its parent.
  if (kind !== 'federatedUser')
    for (const [key, value] of entity?.tags ?? []) derived.push([`aws:PrincipalTag/${key}`, [value]])
  if (kind !== 'anonymous') derived.push([VIA_SERVICE, ['false']])
  // Temporary credentials always tell when they were issued; in a question they are taken to be new.
  const isTemporary =
    kind === 'role' || kind === 'federatedUser' || (kind === 'uniqueId' && text.startsWith('AROA'))
  if (isTemporary) derived.push(['aws:TokenIssueTime', [now.toISOString()]])
  return derived
}

/** What tells which services it comes by is sent by one. @param given with the request */
export const sendingContext = (given: Request['context']): Derived =>
  [...given.keys()].some((key) => comesByService(key.toLowerCase())) ? [[VIA_SERVICE, ['true']]] : []

/** What `aws:userid` is; of a role as such it isn't known, for it ends with the name of the session. */
export function uniqueIdContext({ kind, text, roleArn }: PrincipalFacts, uniqueId: string | null): Derived {
  if (uniqueId === null) return []
  if (kind === 'user') return [['aws:userid', [uniqueId]]]
  return kind === 'role' && text !== roleArn && text.includes(':assumed-role/')
    ? [['aws:userid', [`${uniqueId}:${text.slice(text.lastIndexOf('/') + 1)}`]]]
    : []
}

/** Context keys that follow from where an account stands in the organization. */
export function accountContext(
  side: 'Principal' | 'Resource',
  account: string | null,
  {
    memberships,
    organizationId,
  }: {
    readonly memberships: ReadonlyMap<string, Membership>
    readonly organizationId: string | null
  },
): Derived {
  const membership = account === null ? undefined : memberships.get(account)
  if (membership === undefined || organizationId === null) return []
  const { orgPath } = membership
  return [
    [`aws:${side}OrgID`, [organizationId]],
    ...(orgPath === null ? [] : ([[`aws:${side}OrgPaths`, [orgPath]]] as const)),
  ]
}

/** Where IAM answers. @see IAM User Guide, "IAM endpoints": one region for each partition */
export const IAM_REGIONS: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])

/**
 * The region that a request is made in, where it follows from the resource: services answer where their resources are.
 * @param partition of whoever asks, or of the resource
 */
export function regionContext({ action, resource }: Request, partition: string): Derived {
  const region = /^iam:/i.test(action) ? IAM_REGIONS.get(partition) : parseArn(resource)?.region
  return region === undefined || region === '' || /[*?]/.test(region)
    ? []
    : [['aws:RequestedRegion', [region]]]
}

/**
 * The tags of what is asked about.
 * @param names what else its service calls them: `ec2:ResourceTag/`
 */
export const tagContext = (tags: ReadonlyMap<string, string>, names: readonly string[]): Derived =>
  [...tags].flatMap(
    ([key, value]): Derived =>
      ['aws:ResourceTag/', ...names].map((name) => [`${name}${key}`, [value]] as const),
  )

/** The tags of an IAM entity of an account, by its ARN; null: there is none. */
export function entityTags(state: AccountState, resource: string): ReadonlyMap<string, string> | null {
  const entity = entityOf(state, resource)
  return entity !== null && 'tags' in entity ? entity.tags : null
}

/** The IAM entity of an account that an ARN names; null: none that is known. */
export function entityOf(state: AccountState, resource: string): AnyEntityState | null {
  const named = parseEntityArn(resource)
  const entity = named === null ? undefined : state.entities[named.kind].get(named.name)
  return entity?.arn === resource ? entity : null
}
