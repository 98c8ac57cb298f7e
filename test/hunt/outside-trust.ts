// Who counts as outside: what `--no-outside-access` is about, by brute force.
import type { OutsideTrust } from '../../src/access/analysis.ts'
import { Random } from '../evaluator/random-cases.ts'
import type { Constants } from './asked.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { membershipIn } from './members.ts'
import type { Question } from './questions.ts'
import { isAnybodys, isOfAStranger } from './strangers.ts'
import {
  CANONICAL,
  ORGANIZATION,
  OTHER_ORGANIZATION,
  PARTNER,
  PARTNER_2,
  providersOf,
  SERVICES,
} from './world.ts'

/** Who is trusted of a pair: the same for equal pairs, and not too many. */
export function drawTrust(pair: EstatePair): OutsideTrust {
  const random = new Random(JSON.stringify(pair).length)
  const { google, github, theirSaml, theirOidc } = providersOf(pair.after.partition ?? 'aws')
  const named = [
    PARTNER,
    PARTNER_2,
    OTHER_ORGANIZATION,
    google,
    github,
    'token.actions.githubusercontent.com',
    theirSaml,
    theirOidc,
    'id.partner.example.com',
    SERVICES[0],
    SERVICES[1],
    `canonical:${CANONICAL}`,
  ]
  return {
    trusted: random.chance(0.3) ? [] : named.filter(() => random.chance(0.25)),
    services: random.chance(0.5) ? 'untrusted' : 'noted',
  }
}

/**
 * Whether somebody who is neither of the project, nor of its organization, nor trusted may be the one who asks: an account,
 * whoever a provider vouches for, somebody anonymous; where that is asked for, a service that acts for anybody.
 */
export function isFromOutside(
  question: Question,
  { trusted, services }: OutsideTrust,
  spec: EstateSpec,
  constants: Constants,
): boolean {
  const { requester, context, action } = question
  const { kind, account, after } = requester
  const [address] = context.get('aws:sourceip') ?? []
  const isTrusted = (...names: readonly (string | null)[]) =>
    names.some((name) => name !== null && trusted.includes(name))
  const organization =
    context.get('aws:principalorgid')?.[0] ?? context.get('aws:principalorgpaths')?.[0]?.split('/')[0]
  if (organization !== undefined && isTrusted(organization)) return false
  if (organization === ORGANIZATION && spec.organization != null) return false
  const isInside = (id: string) => id in spec.accounts || membershipIn(spec, id) !== null || isTrusted(id)
  const told = [...(context.get('aws:principalaccount') ?? []), ...(context.get('aws:principalarn') ?? [])]
  if (told.some((value) => [...value.matchAll(/\d{12}/g)].some(([id]) => isInside(id)))) return false
  if (kind === 'anonymous') return true
  if (kind.startsWith('own') || kind === 'principal of another partition') return false
  if (kind === 'service')
    return (
      services === 'untrusted' &&
      !isTrusted(after, `service:${after}`) &&
      (address === undefined || isAnybodys(address, constants.get('aws:sourceip') ?? new Set())) &&
      ['aws:sourcearn', 'aws:sourceaccount'].every((key) => isNobodys(context.get(key)?.[0]))
    )
  if (kind === 'canonical user' || kind === 'unique id') return !isTrusted(after)
  if (kind !== 'provider') return account !== null && !isInside(account) && !isTrusted(after)
  const provider = (after ?? '').replace(/^federated:/, '')
  const host = /:oidc-provider\/(.*)$/.exec(provider)?.[1] ?? (provider.startsWith('arn:') ? null : provider)
  if (isTrusted(provider, host)) return false
  if (!OPEN.test(provider)) return !isInside(account ?? '')
  // Whom a policy fixes of a provider that anybody can join is known.
  return !action.startsWith('sts:') || isOfAStranger(question, constants)
}

const OPEN = /accounts\.google\.com|cognito-identity|githubusercontent/

/** Of an account and a resource of which no policy speaks. */
const isNobodys = (value: string | undefined): boolean =>
  value === undefined || value === '888877776666' || value === 'arn:aws:s3:::elsewhere'

/** Whether a label of a finding means somebody who is inside, or trusted. */
export function isInsider(label: string, { trusted }: OutsideTrust, spec: EstateSpec): boolean {
  const id = label.slice(label.indexOf(':') + 1)
  if (trusted.includes(label) || trusted.includes(id)) return true
  const account = label.startsWith('account:') ? id : /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(label)?.[1]
  return (
    account !== undefined &&
    (account in spec.accounts || membershipIn(spec, account) !== null || trusted.includes(account))
  )
}
