import {
  type AccountState,
  parseArn,
  parseEntityArn,
  type RoleState,
  type UserState,
} from '../../model/index.ts'
import type { Request } from '../decision.ts'
import type { PrincipalFacts } from '../principal.ts'

type Derived = readonly (readonly [key: string, value: string])[]

/** Context keys that follow from the asking entity: its tags, and that it asks by itself. */
export function entityContext(entity: UserState | RoleState | null, facts: PrincipalFacts): Derived {
  const derived: (readonly [string, string])[] = [...(entity?.tags ?? [])].map(
    ([key, value]) => [`aws:PrincipalTag/${key}`, value] as const,
  )
  if (facts.kind !== 'anonymous') derived.push(['aws:ViaAWSService', 'false'])
  return derived
}

/** Where IAM answers. @see IAM User Guide, "IAM endpoints": one region for each partition */
const IAM_REGIONS: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])

/**
 * Context keys that follow from the resource: the region it is asked in, and the tags of an IAM entity of the account.
 * A resource's region is taken for the request's: services answer where their resources are.
 */
export function resourceContext(state: AccountState, { action, resource }: Request): Derived {
  const derived: (readonly [string, string])[] = []
  const region = /^iam:/i.test(action) ? IAM_REGIONS.get(state.account.partition) : parseArn(resource)?.region
  if (region !== undefined && region !== '' && !/[*?]/.test(region))
    derived.push(['aws:RequestedRegion', region])
  for (const [key, value] of tagsOf(state, resource)) {
    derived.push([`aws:ResourceTag/${key}`, value], [`iam:ResourceTag/${key}`, value])
  }
  return derived
}

function tagsOf(state: AccountState, resource: string): ReadonlyMap<string, string> {
  const named = parseEntityArn(resource)
  const { users, roles, policies } = state
  const entity =
    named?.kind === 'user'
      ? users.get(named.name)
      : named?.kind === 'role'
        ? roles.get(named.name)
        : named?.kind === 'policy'
          ? policies.get(named.name)
          : undefined
  return entity?.arn === resource ? entity.tags : new Map()
}
