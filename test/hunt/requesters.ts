// Everybody who might ask, one by one: those of the project, and of each kind one or more outside.
import { accountsToldApart } from './accounts-like.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { membersOutside } from './members.ts'
import {
  CANONICAL,
  iam,
  MEMBER,
  OTHER,
  PARTNER,
  PARTNER_2,
  type Partition,
  providersOf,
  SERVICES,
  STRANGER,
  sts,
  UNIQUE_ROLE,
} from './world.ts'

type RequesterKind =
  | 'own user'
  | 'own role'
  | 'own session'
  | 'own root'
  | 'own federated user'
  | 'member'
  | 'named role'
  | 'named user'
  | 'named root'
  | 'named federated user'
  | 'stranger role'
  | 'stranger user'
  | 'stranger root'
  | 'stranger federated user'
  | 'principal of another partition'
  | 'anonymous'
  | 'service'
  | 'provider'
  | 'canonical user'
  | 'unique id'

/** Somebody, the same in both states although their ARN may change with their path. */
export interface Requester {
  readonly kind: RequesterKind
  /** As `evaluate` takes it; null: not there in that state. */
  readonly before: string | null
  readonly after: string | null
  /** null: of none, or not told. */
  readonly account: string | null
  /** How findings may call it, or everybody of its kind. */
  readonly labels: ReadonlySet<string>
  /** Of a federated user of the project: the user who asked for the credentials, as an ARN in each state. */
  readonly parent?: { readonly before: string | null; readonly after: string | null }
  /** Of a session: the role's name. */
  readonly role?: string
  /** Of whoever an id stands for: accounts that they are of, where they are in our organization. */
  readonly members?: readonly string[]
}

/** Whom a policy lets in as one of all: nobody tells providers and the like apart then. */
const EVERYBODY = ['anonymous', 'account:*']

const outside = (kind: RequesterKind, principal: string, labels: readonly string[]): Requester => ({
  kind,
  before: principal,
  after: principal,
  account: principal.startsWith('arn:') ? (principal.split(':')[4] ?? null) : null,
  labels: new Set([principal, ...labels]),
})

function* entitiesOf(pair: EstatePair, kind: 'users' | 'roles') {
  const { before, after } = pair
  for (const account of new Set([...Object.keys(before.accounts), ...Object.keys(after.accounts)])) {
    const names = new Set(
      [before, after].flatMap((each) => Object.keys(each.accounts[account]?.[kind] ?? {})),
    )
    for (const name of names) {
      const arnIn = (spec: EstateSpec) => {
        const entity = spec.accounts[account]?.[kind]?.[name]
        return entity === undefined
          ? null
          : iam(
              spec.partition ?? 'aws',
              account,
              `${kind === 'users' ? 'user' : 'role'}${entity.path ?? '/'}${name}`,
            )
      }
      yield { account, name, before: arnIn(before), after: arnIn(after) }
    }
  }
}

const present = (...values: readonly (string | null)[]) => values.filter((each) => each !== null)

function* own(pair: EstatePair, partition: Partition): Iterable<Requester> {
  for (const { account, name, before, after } of entitiesOf(pair, 'users')) {
    yield { kind: 'own user', before, after, account, labels: new Set(present(before, after)) }
    if (name !== 'al' && name !== 'cy') continue
    const arn = sts(partition, account, 'federated-user/fred')
    yield {
      kind: 'own federated user',
      before: before === null ? null : arn,
      after: after === null ? null : arn,
      account,
      labels: new Set([arn, sts(partition, account, 'federated-user/*'), ...present(before, after)]),
      parent: { before, after },
    }
  }
  for (const { account, name, before, after } of entitiesOf(pair, 'roles')) {
    const labels = present(before, after)
    yield { kind: 'own role', before, after, account, labels: new Set(labels) }
    const session = sts(partition, account, `assumed-role/${name}/s1`)
    yield {
      kind: 'own session',
      before: before === null ? null : session,
      after: after === null ? null : session,
      account,
      labels: new Set([session, ...labels]),
      role: name,
    }
  }
  for (const account of new Set([pair.before, pair.after].flatMap((each) => Object.keys(each.accounts)))) {
    const arn = iam(partition, account, 'root')
    yield { kind: 'own root', before: arn, after: arn, account, labels: new Set([arn]) }
  }
}

/** @returns everybody; the order is the same for equal pairs */
export function requestersOf(pair: EstatePair): readonly Requester[] {
  const partition = pair.after.partition ?? 'aws'
  const found: Requester[] = [...own(pair, partition)]
  const members = membersOutside(pair) ?? []
  const known = new Set([pair.before, pair.after].flatMap((each) => Object.keys(each.accounts)))
  const text = JSON.stringify(pair)
  // What policies spare by its path.
  const spared = text.includes(':role/svc/*') ? (['role/svc/s'] as const) : []
  const of = (account: string, named: boolean) => {
    const labels = [`account:${account}`, 'account:*']
    const kind = (what: 'role' | 'user' | 'root' | 'federated user'): RequesterKind =>
      `${named ? 'named' : 'stranger'} ${what}`
    for (const rest of ['role/r', 'role/deep/q', ...spared, 'user/u', 'user/deep/v', 'root'] as const)
      found.push(
        outside(
          kind(rest === 'root' ? 'root' : rest.startsWith('role') ? 'role' : 'user'),
          iam(partition, account, rest),
          labels,
        ),
      )
    found.push(
      outside(kind('role'), sts(partition, account, 'assumed-role/r/s1'), [
        ...labels,
        iam(partition, account, 'role/r'),
        iam(partition, account, 'role/deep/r'),
      ]),
      outside(kind('federated user'), sts(partition, account, 'federated-user/fred'), [
        ...labels,
        sts(partition, account, 'federated-user/*'),
        sts(partition, '*', 'federated-user/*'),
      ]),
    )
  }
  of(PARTNER, true)
  if (text.includes(PARTNER_2)) of(PARTNER_2, true)
  of(STRANGER, false)
  for (const account of accountsToldApart(pair)) of(account, false)
  for (const account of [MEMBER, OTHER])
    if (!known.has(account) && text.includes(account))
      for (const rest of ['role/r', ...spared, 'user/u', 'root'])
        found.push(outside('member', iam(partition, account, rest), [`account:${account}`, 'account:*']))
  const neighbour: Partition = partition === 'aws' ? 'aws-cn' : 'aws'
  for (const [account, rest] of [
    [PARTNER, 'role/r'],
    [STRANGER, 'root'],
  ] as const)
    found.push(
      outside('principal of another partition', iam(neighbour, account, rest), [`account:${account}`]),
    )
  found.push(outside('anonymous', '*', ['anonymous']))
  for (const service of [...SERVICES, 'ec2.amazonaws.com'])
    found.push(outside('service', service, [`service:${service}`, 'service:*']))
  for (const provider of Object.values(providersOf(partition)))
    if (text.includes(provider))
      found.push({
        ...outside('provider', provider.startsWith('arn:') ? provider : `federated:${provider}`, [
          `federated:${provider}`,
          ...EVERYBODY,
        ]),
        members,
      })
  if (text.includes(CANONICAL))
    found.push({ ...outside('canonical user', `canonical:${CANONICAL}`, EVERYBODY), members })
  if (text.includes(UNIQUE_ROLE))
    found.push({ ...outside('unique id', `id:${UNIQUE_ROLE}`, EVERYBODY), members })
  return found
}

export const isOwn = ({ kind }: Requester): boolean => kind.startsWith('own')
