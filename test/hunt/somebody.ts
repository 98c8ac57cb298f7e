// Whoever a canonical or unique id stands for, or has a session by a provider: nobody of the project, and what one of them says of
// who asks belongs together.
import type { Random } from '../evaluator/random-cases.ts'
import { accountLike, accountsToldApart } from './accounts-like.ts'
import type { Asked, Constants } from './asked.ts'
import { usersToldBy, valuesTold } from './draw-variables.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { iam, STRANGER, sts, UNIQUE_ROLE } from './world.ts'

const KEYS = ['aws:principalarn', 'aws:principalaccount', 'aws:principaltype', 'aws:userid', 'aws:username']

/** Whether a request comes from somebody of whom only this is known. */
export const isSomebody = ({ requester: { kind }, action }: Asked): boolean =>
  /^(?:canonical user|unique id)$/.test(kind) || (kind === 'provider' && !action.startsWith('sts:'))

export const isSomebodysKey = (key: string): boolean => KEYS.includes(key)

interface Somebody {
  /** null: nothing that conditions compare tells it. */
  readonly account: string | null
  readonly said: ReadonlyMap<string, readonly string[]>
}

/** Of the keys that conditions compare, what one of those who may be meant says. */
export function drawSomebody(asked: Asked, constants: Constants, pair: EstatePair, random: Random): Somebody {
  // Credentials of GetFederationToken start no further session.
  const mayBeFederated = !/^sts:/i.test(asked.action)
  const arns = arnsFor(asked, constants, pair).filter(
    (arn) => mayBeFederated || !arn.includes(':federated-user/'),
  )
  const arn = random.pick(arns)
  const saying = sayingOf(arn, asked, constants, random)
  const said = new Map<string, readonly string[]>()
  for (const key of KEYS) {
    const value = saying[key]
    if (constants.has(key) && value !== undefined) said.set(key, [value])
  }
  return { account: said.size === 0 ? null : (arn.split(':')[4] ?? null), said }
}

/** Those that conditions name, and one whom none does. */
function arnsFor(
  { requester: { kind }, resource }: Asked,
  constants: Constants,
  pair: EstatePair,
): readonly string[] {
  const { before, after } = pair
  const partition = after.partition ?? 'aws'
  const own = [before, after].flatMap(({ accounts }) => Object.keys(accounts))
  // Whoever joins, leaves or moves says something else in each of the two states: they aren't asked about as one.
  const hasMoved = (account: string) => {
    const [old, now] = [before, after].map((spec) => placeIn(spec, account))
    return old !== null && now !== null && old !== now
  }
  const named = [...(constants.get('aws:principalarn') ?? [])].map((value) => arnLike(value, partition))
  const accounts = [
    ...[...(constants.get('aws:principalaccount') ?? [])].flatMap((value) => accountLike(value) ?? []),
    // A number that is compared is beside those that it tells apart.
    ...accountsToldApart(pair),
    ...valuesTold('aws:principalaccount', resource, pair).filter((value) => /^\d{12}$/.test(value)),
    ...[before, after].flatMap(({ organization }) => [
      ...(organization?.accounts ?? []),
      ...(organization?.unit ?? []),
    ]),
  ]
  // Of federated users and root the id tells who they are.
  const ofIds = [...(constants.get('aws:userid') ?? [])].flatMap((id) => {
    const [account = '', name] = id.split(':')
    if (!/^\d{12}$/.test(account)) return []
    const rest = name === undefined ? 'root' : `federated-user/${name.replace(/[*?]/g, 'x')}`
    return [name === undefined ? iam(partition, account, rest) : sts(partition, account, rest)]
  })
  const called = usersToldBy(resource, pair)
  // A canonical id is that of an account, and of anybody in it; the others have sessions of roles.
  const mayBeAny = kind === 'canonical user'
  const names = mayBeAny ? ['role/r', 'user/u', 'root'] : ['role/r']
  const form = mayBeAny
    ? /^arn:[^:]*:(?:iam::\d{12}:(?:root$|user\/.|role\/.)|sts::\d{12}:federated-user\/.)/
    : /^arn:[^:]*:iam::\d{12}:role\/./
  return [
    ...[STRANGER, ...accounts].flatMap((account) => names.map((name) => iam(partition, account, name))),
    ...(mayBeAny
      ? [
          sts(partition, STRANGER, 'federated-user/fred'),
          ...called.map((name) => iam(partition, STRANGER, `user/${name}`)),
          ...ofIds,
        ]
      : []),
    ...named.filter((arn) => form.test(arn) && arn.split(':')[1] === partition),
  ].filter((arn) => !own.some((id) => arn.includes(id)) && !hasMoved(arn.split(':')[4] ?? ''))
}

/** null: there is no organization. */
function placeIn({ organization }: EstateSpec, account: string): 'unit' | 'root' | 'outside' | null {
  if (organization == null) return null
  if (organization.unit?.includes(account) === true) return 'unit'
  return organization.accounts?.includes(account) === true ? 'root' : 'outside'
}

/** An ARN that a pattern fits, of an account that there can be. */
function arnLike(pattern: string, partition: string): string {
  const [scheme = '', of = '', service = '', region = '', account = '', ...rest] = pattern.split(':')
  const id = /^[*?]+$/.test(account) ? STRANGER : (accountLike(account) ?? account)
  return [
    scheme,
    of === '*' ? partition : of,
    service,
    region,
    id,
    rest.join(':').replace(/[*?]/g, 'x'),
  ].join(':')
}

function sayingOf(
  arn: string,
  { requester: { kind } }: Asked,
  constants: Constants,
  random: Random,
): Readonly<Record<string, string>> {
  const [, , , , account = '', rest = ''] = arn.split(':')
  const name = rest.slice(rest.lastIndexOf('/') + 1)
  const one = { 'aws:principalarn': arn, 'aws:principalaccount': account }
  const named = [...(constants.get('aws:userid') ?? [])].map((id) => id.replace(/[*?]/g, 'X'))
  // One that conditions name, or another.
  const idLike = (form: RegExp, other: string) =>
    random.pick([...named.flatMap((id) => form.exec(id)?.[0] ?? []), other])
  if (rest.startsWith('user/'))
    return {
      ...one,
      'aws:principaltype': 'User',
      'aws:userid': idLike(/^AIDA\w+$/, 'AIDAOTHER12345678901'),
      'aws:username': name,
    }
  if (rest === 'root') return { ...one, 'aws:principaltype': 'Account', 'aws:userid': account }
  if (rest.startsWith('federated-user/'))
    return { ...one, 'aws:principaltype': 'FederatedUser', 'aws:userid': `${account}:${name}` }
  const id = kind === 'unique id' ? UNIQUE_ROLE : idLike(/^AROA\w+/, 'AROAOTHER12345678901')
  return { ...one, 'aws:principaltype': 'AssumedRole', 'aws:userid': `${id}:s1` }
}
