import type { ActionFacts } from '../../catalog/actions.ts'
import type { Request } from '../../evaluator/decision.ts'
import { parseArn } from '../../model/index.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { ComparedSide, Comparison } from '../diff/comparison.ts'
import { inOwnOrganization } from '../outsiders/joined-organization.ts'
import { requestPrincipalOf } from '../principals/request-principal.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import { derivedOf, ownerIn, withDerived } from './decider.ts'
import { spelledContext } from './spelled-keys.ts'

/** A request as whoever sends it would, with its keys as AWS writes them. */
export function witnessOf(comparison: Comparison, found: FoundRequest, facts: ActionFacts): Request {
  const { principal, region, now, before } = comparison
  const request = inOwnOrganization(found, now.state, before.state)
  const sender = now.state === null ? null : requestPrincipalOf(principal, now.state, request)
  const owner = region.type === 'resource' ? region.owner : ownerIn(request.resource, request.context)
  const asked: Request = {
    principal: sender?.principal ?? principal.name,
    action: request.action,
    resource: request.resource,
    ...(owner !== null
      ? { resourceAccount: owner }
      : isTakenForOwn(comparison, request)
        ? { resourceAccount: principal.account ?? '' }
        : {}),
    context: sender?.context ?? request.context,
  }
  const derived = now.state === null ? NOTHING_GIVEN : derivedOf(asked, now.state)
  const context = witnessContext(comparison, asked.context, derived)
  return { ...asked, context: spelledContext(context, facts, () => writtenKeys(comparison.now)) }
}

/** In an estate of several accounts a name that tells no account is meant as one of the asking account's. */
const isTakenForOwn = ({ principal, region, now }: Comparison, { resource }: FoundRequest): boolean =>
  region.type === 'rest' &&
  principal.account !== null &&
  now.state?.isOneOfSeveral === true &&
  parseArn(resource)?.account === ''

const NOTHING_GIVEN: Request['context'] = new Map()

/** With the keys of the principal and the resource that the statements of the side which allows speak of. */
function witnessContext(
  side: Comparison,
  found: Request['context'],
  derived: Request['context'],
): ReadonlyMap<string, readonly string[]> {
  const { now } = side
  const given = withDerived(found, derived)
  const lower = new Set([...found.keys()].map((key) => key.toLowerCase()))
  const own = [
    ...[...(now.state?.context ?? [])].filter(([key]) => /^aws:principal/i.test(key)),
    ...derived,
  ].filter(([key]) => !lower.has(key.toLowerCase()))
  const mentioned = own.length > 0 ? writtenKeys(now) : null
  return new Map([
    ...own.filter(([key]) => mentioned?.has(key.toLowerCase()) === true),
    ...[...given].filter(([key]) => lower.has(key.toLowerCase())),
  ])
}

/** Keys that the policies of a side speak of: as they are written, by key in lower case. */
export function writtenKeys({ layers }: Pick<ComparedSide, 'layers'>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const policy of Object.values(layers).flat(2))
    if (policy != null) for (const [key, spelling] of writtenIn(policy.policy)) keys.set(key, spelling)
  return keys
}

const mentioned = new WeakMap<ParsedPolicy, ReadonlyMap<string, string>>()

/** The same of one policy. */
export function writtenIn(policy: ParsedPolicy): ReadonlyMap<string, string> {
  const known = mentioned.get(policy)
  if (known !== undefined) return known
  const keys = new Map<string, string>()
  for (const { conditions, resource } of policy.statements) {
    for (const { key, values } of conditions) {
      keys.set(key.toLowerCase(), key)
      for (const value of values) addVariables(value, keys)
    }
    for (const entry of resource?.entries ?? []) addVariables(entry, keys)
  }
  mentioned.set(policy, keys)
  return keys
}

function addVariables(text: string, keys: Map<string, string>): void {
  if (!text.includes('${')) return
  for (const [, name = ''] of text.matchAll(/\$\{([^},]+)/g)) keys.set(name.trim().toLowerCase(), name.trim())
}
