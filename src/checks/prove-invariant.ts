import type { Proof } from '../access/analysis.ts'
import type { AccessAnalyzer } from '../access/analyzer.ts'
import type { NamedOutsider } from '../access/outsiders/outsiders.ts'
import { type ExaminedPrincipal, entityPrincipal } from '../access/principals/examined-principal.ts'
import { parsePrincipal } from '../evaluator/principal.ts'
import type { Invariant, InvariantPrincipal } from '../manifest/desired.ts'
import { type AccountState, type Estate, parseEntityArn } from '../model/index.ts'

/**
 * Whether an invariant holds for all requests of its form, by everybody that it is about. Root users are looked at only
 * where they are named: no policy but a control policy or a deny keeps them from anything.
 * @throws DiagnosticError when a policy that it depends on has no clear meaning
 */
export function proveInvariant(
  analyzer: AccessAnalyzer,
  estate: Estate,
  { actions, resources, context, rule }: Invariant,
): Proof {
  const probe = { actions, resources, context }
  switch (rule.type) {
    case 'nobody':
      return analyzer.nobodyMay(estate, probe, () => true)
    case 'only':
      return analyzer.nobodyMay(
        estate,
        probe,
        (principal) => !rule.principals.some((each) => isOneOf(principal, each, estate)),
        namedIn(rule.principals, estate),
      )
    case 'never':
      return analyzer.nobodyMay(
        estate,
        probe,
        (principal) => rule.principals.some((each) => isOneOf(principal, each, estate)),
        {
          ...namedIn(rule.principals, estate),
          withRoot: rule.principals.some(({ kind }) => kind === 'root' || kind === 'account'),
        },
      )
  }
}

/** Of whom an invariant names: who is outside, and sessions of the estate's roles. */
function namedIn(
  principals: readonly InvariantPrincipal[],
  { accounts }: Estate,
): { readonly outsiders: readonly NamedOutsider[]; readonly sessions: readonly ExaminedPrincipal[] } {
  const own = new Set(accounts.map(({ account }) => account.id))
  const outsiders: NamedOutsider[] = []
  const sessions: ExaminedPrincipal[] = []
  for (const { kind, id } of principals) {
    const account = id.split(':')[4] ?? ''
    switch (kind) {
      case 'user':
      case 'role':
        if (!own.has(account)) outsiders.push({ kind: 'principal', id })
        break
      case 'session':
        if (own.has(account) && !id.includes(':federated-user/')) sessions.push(entityPrincipal(id, account))
        else {
          outsiders.push({ kind: 'principal', id })
          sessions.push(
            ...federatedBy(
              id,
              accounts.find((state) => state.account.id === account),
            ),
          )
        }
        break
      case 'root':
        if (!own.has(account)) outsiders.push({ kind: 'root', id: account })
        break
      case 'account':
        if (id !== '*' && !own.has(id)) outsiders.push({ kind: 'account', id })
        break
      case 'service':
      case 'federated':
        outsiders.push({ kind, id })
        break
      case 'canonicalUser':
      case 'uniqueId':
        outsiders.push({ kind: 'somebody', id })
        break
      case 'group':
      case 'anonymous':
        break
    }
  }
  return { outsiders, sessions }
}

/** A federated user has what a user passes on who asks for its credentials: any of the account's. */
const federatedBy = (arn: string, state: AccountState | undefined): readonly ExaminedPrincipal[] =>
  [...(state?.entities.user.values() ?? [])].map((user) => ({
    label: arn,
    name: arn,
    account: state?.account.id ?? null,
    parent: user.arn,
  }))

/** Whether somebody is whom an invariant names, or one of those. */
function isOneOf(principal: ExaminedPrincipal, named: InvariantPrincipal, estate: Estate): boolean {
  const { label, name, account, outsider } = principal
  const { kind, id } = named
  switch (kind) {
    case 'session':
      return name === id
    case 'user':
      return isSameEntity(name, id)
    case 'role':
      return isSameEntity(name, id) || isSessionOf(name, id)
    case 'root':
      return outsider?.type === 'account' && outsider.kind === 'root'
        ? outsider.account === id.split(':')[4]
        : name === id
    case 'group':
      return groupMembers(estate, id).has(name)
    case 'account': {
      const owner = account ?? outsideAccountOf(principal)
      return id === '*' ? owner !== null && !isHeld(owner, estate) : owner === id
    }
    case 'service':
      return label === `service:${id}`
    case 'federated':
      return label === `federated:${id}` || name === id
    case 'canonicalUser':
    case 'uniqueId':
      return label === id
    case 'anonymous':
      return label === 'anonymous'
  }
}

const isHeld = (id: string, { accounts }: Estate): boolean =>
  accounts.some(({ account }) => account.id === id)

/** Names are unique in an account, whatever their paths. */
function isSameEntity(principal: string, id: string): boolean {
  if (principal === id) return true
  const [one, other] = [parseEntityArn(principal), parseEntityArn(id)]
  return one !== null && other !== null && entityKey(one) === entityKey(other)
}

const entityKey = ({ partition, account, kind, name }: NonNullable<ReturnType<typeof parseEntityArn>>) =>
  `${partition} ${account} ${kind} ${name}`

/** A session's ARN doesn't tell its role's path. */
const isSessionOf = (principal: string, role: string): boolean => {
  const facts = parsePrincipal(principal)
  return (
    facts?.roleArn != null &&
    facts.roleArn !== principal &&
    facts.roleArn === role.replace(/:role\/.*\//, ':role/')
  )
}

/** The account of somebody outside; `*`: any that nobody names; null: they have none. */
function outsideAccountOf({ outsider }: ExaminedPrincipal): string | null {
  if (outsider === undefined || outsider.type === 'service') return null
  if (outsider.type === 'account') return outsider.account ?? '*'
  const facts = parsePrincipal(outsider.principal)
  return facts === null || facts.kind === 'provider' ? null : facts.account
}

const members = new WeakMap<AccountState, Map<string, ReadonlySet<string>>>()

/** ARNs of a group's users. @param id its ARN */
function groupMembers({ accounts }: Estate, id: string): ReadonlySet<string> {
  const state = accounts.find(({ account }) => id.split(':')[4] === account.id)
  if (state === undefined) return new Set()
  const known = members.get(state) ?? new Map<string, ReadonlySet<string>>()
  members.set(state, known)
  let found = known.get(id)
  if (found === undefined) {
    const name = id.slice(id.lastIndexOf('/') + 1)
    found = new Set(
      [...state.entities.user.values()].filter(({ groups }) => groups.includes(name)).map(({ arn }) => arn),
    )
    known.set(id, found)
  }
  return found
}
