import type { ActionFacts } from '../../catalog/actions.ts'
import type { Request } from '../../evaluator/decision.ts'
import { parseArn } from '../../model/index.ts'
import type { Comparison } from '../diff/comparison.ts'
import { inOwnOrganization } from '../outsiders/joined-organization.ts'
import { requestPrincipalOf } from '../principals/request-principal.ts'
import type { FoundRequest } from '../sides/side-finding.ts'
import { derivedOf, ownerIn, withDerived } from './decider.ts'
import { spelledContext } from './spelled-keys.ts'
import { writtenKeys } from './written-keys.ts'

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
const NONE: ReadonlyMap<string, unknown> = new Map()
const OF_ORGANIZATION = /^aws:(?:principal|resource)org(?:id|paths)$/i

/**
 * With the keys of the principal and the resource that the statements of the side which allows speak of; and their organization
 * where those of the other side do, which perhaps declares none.
 */
function witnessContext(
  { now, before }: Comparison,
  found: Request['context'],
  derived: Request['context'],
): ReadonlyMap<string, readonly string[]> {
  const given = withDerived(found, derived)
  const lower = new Set([...found.keys()].map((key) => key.toLowerCase()))
  const own = [
    ...[...(now.state?.context ?? [])].filter(([key]) => /^aws:principal/i.test(key)),
    ...derived,
  ].filter(([key]) => !lower.has(key.toLowerCase()))
  const mentioned = own.length > 0 ? writtenKeys(now) : NONE
  const others = own.some(([key]) => OF_ORGANIZATION.test(key)) ? writtenKeys(before) : NONE
  return new Map([
    ...own.filter(
      ([key]) =>
        mentioned.has(key.toLowerCase()) || (OF_ORGANIZATION.test(key) && others.has(key.toLowerCase())),
    ),
    ...[...given].filter(([key]) => lower.has(key.toLowerCase())),
  ])
}
