import { type Span, spanOf } from '../diagnostics/index.ts'
import { listDetail, policyDetail, tagDetails, valueDetail } from '../kinds/attributes/details.ts'
import { sameMeaning } from '../kinds/attributes/same-meaning.ts'
import type { Detail } from '../model/detail.ts'
import {
  type Account,
  type Facts,
  jsonOf,
  type Organization,
  type OrganizationNode,
  type OrganizationPolicy,
  parseArn,
  type ResourceFacts,
} from '../model/index.ts'
import type { FactChange } from './plan.ts'

/** The account that a plan is of, and the accounts of its project, itself among them. */
interface Standpoint {
  readonly account: Account
  readonly projectAccounts: ReadonlySet<string>
}

/**
 * What is different in the facts that decisions go by and that nothing is applied of, as far as it concerns an account:
 * what stands at it and above it in the organization, its resources, and whatever concerns no account of the project.
 * A policy that stands at several places is one change at each.
 * @returns the organization first, then service and resource control policies from the root down, then resources by ARN
 */
export function factChanges(before: Facts, now: Facts, standpoint: Standpoint): readonly FactChange[] {
  const { account } = standpoint
  return [
    ...organizationChanges(before.organization, now.organization, standpoint),
    ...controlPolicyChanges(before.organization, now.organization, standpoint),
    ...[...new Set([...before.resources.keys(), ...now.resources.keys()])].sort().flatMap((arn) => {
      const [old, recent] = [before.resources.get(arn), now.resources.get(arn)]
      const owners = [old, recent].flatMap((facts) => (facts === undefined ? [] : [facts.account]))
      const isConcerned =
        owners.includes(account.id) || !owners.some((owner) => standpoint.projectAccounts.has(owner))
      return isConcerned ? resourceChange(arn, old, recent, account) : []
    }),
  ]
}

/** Whether two say the same, wherever it concerns anybody. */
export const sameFacts = (a: Facts, b: Facts, account: Account): boolean =>
  factChanges(a, b, { account, projectAccounts: new Set() }).length === 0

/**
 * Earlier facts, with the objects of now for all that means the same: who compares them by identity sees at a glance
 * what is different.
 */
export function alignedFacts(before: Facts, now: Facts, account: Account): Facts {
  const everywhere: Standpoint = { account, projectAccounts: new Set() }
  const sameOrganization =
    organizationChanges(before.organization, now.organization, everywhere).length === 0 &&
    controlPolicyChanges(before.organization, now.organization, everywhere).length === 0
  let isSame = sameOrganization && before.resources.size === now.resources.size
  const resources = new Map<string, ResourceFacts>()
  for (const [arn, facts] of before.resources) {
    const recent = now.resources.get(arn)
    const keeps = recent !== undefined && resourceChange(arn, facts, recent, account).length === 0
    resources.set(arn, keeps ? recent : facts)
    isSame &&= keeps
  }
  return isSame ? now : { organization: sameOrganization ? now.organization : before.organization, resources }
}

/** A node of the organization, with the way to it. */
interface Place {
  readonly node: OrganizationNode
  /** An account's id, else the names from the root down: `Root/Workloads`. */
  readonly target: string
  /** The same way down for accounts. */
  readonly path: string
  /** All accounts at or below it. */
  readonly accounts: ReadonlySet<string>
}

function placesIn(organization: Organization | null): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const visit = (node: OrganizationNode, above: string): ReadonlySet<string> => {
    const path = above === '' ? node.name : `${above}/${node.name}`
    const target = node.kind === 'account' ? (node.id ?? path) : path
    const accounts = new Set<string>(node.kind === 'account' && node.id !== null ? [node.id] : [])
    places.set(target, { node, target, path: node.kind === 'account' ? above : path, accounts })
    for (const child of node.children) for (const id of visit(child, path)) accounts.add(id)
    return accounts
  }
  if (organization !== null) visit(organization.root, '')
  return places
}

function controlPolicyChanges(
  before: Organization | null,
  now: Organization | null,
  { account, projectAccounts }: Standpoint,
): readonly FactChange[] {
  if (before === now) return []
  const [old, recent] = [placesIn(before), placesIn(now)]
  const changes: FactChange[] = []
  for (const target of new Set([...recent.keys(), ...old.keys()])) {
    const [was, is] = [old.get(target), recent.get(target)]
    const below = [...(was?.accounts ?? []), ...(is?.accounts ?? [])]
    if (!below.includes(account.id) && below.some((id) => projectAccounts.has(id))) continue
    const isThroughout = was !== undefined && is !== undefined
    for (const [kind, of] of CONTROL_POLICIES)
      for (const { name, ...change } of attachmentChanges(was?.node[of] ?? [], is?.node[of] ?? [], account))
        if (isThroughout || name !== FULL_ACCESS) changes.push({ kind, target, ...change })
  }
  return changes
}

const CONTROL_POLICIES = [
  ['scp', 'serviceControlPolicies'],
  ['rcp', 'resourceControlPolicies'],
] as const

/** Stands wherever nobody says otherwise: of a place that comes or goes it is not worth a line. */
const FULL_ACCESS = 'FullAWSAccess'

/** What happens to the policies of one place, by name. */
function attachmentChanges(
  before: readonly OrganizationPolicy[],
  now: readonly OrganizationPolicy[],
  account: Account,
): readonly (Omit<FactChange, 'kind' | 'target'> & { readonly name: string })[] {
  const byName = (policies: readonly OrganizationPolicy[]) =>
    new Map(policies.map(({ name, document }) => [name, document]))
  const [old, recent] = [byName(before), byName(now)]
  return [...new Set([...recent.keys(), ...old.keys()])].sort().flatMap((name) => {
    const [from, to] = [old.get(name), recent.get(name)]
    if (from !== undefined && to !== undefined && sameMeaning(from.json, to.json, account)) return []
    const span = to === undefined || to.located === null ? null : spanOf(to.located)
    const details = policyDetail(name, from?.json ?? null, to?.json ?? null, account)
    return [{ name, change: changeOf(from, to), details, span }]
  })
}

/** What the organization is, and who stands where in it. */
function organizationChanges(
  before: Organization | null,
  now: Organization | null,
  { account, projectAccounts }: Standpoint,
): readonly FactChange[] {
  if (before === now) return []
  const [old, recent] = [placesIn(before), placesIn(now)]
  const isTold = ({ node }: Place): boolean =>
    node.kind === 'account' && (node.id === account.id || !projectAccounts.has(node.id ?? ''))
  const accounts = new Set(
    [...old.values(), ...recent.values()].flatMap((place) => (isTold(place) ? [place.target] : [])),
  )
  const units = (places: ReadonlyMap<string, Place>) =>
    [...places.values()].flatMap(({ node, path }) => (node.kind === 'account' ? [] : [path]))
  const [oldUnits, newUnits] = [units(old), units(recent)]
  const details: readonly Detail[] = [
    ...valueDetail('id', before?.id ?? null, now?.id ?? null),
    ...valueDetail('managementAccount', before?.managementAccount ?? null, now?.managementAccount ?? null),
    ...listDetail(
      'organizationalUnits',
      newUnits.filter((path) => !oldUnits.includes(path)),
      oldUnits.filter((path) => !newUnits.includes(path)),
    ),
    ...newUnits.flatMap((path) =>
      oldUnits.includes(path)
        ? valueDetail(
            `organizationalUnits.${path}.id`,
            old.get(path)?.node.id ?? null,
            recent.get(path)?.node.id ?? null,
          )
        : [],
    ),
    ...[...accounts]
      .sort()
      .flatMap((id) =>
        valueDetail(`accounts.${id}`, old.get(id)?.path ?? null, recent.get(id)?.path ?? null),
      ),
  ]
  if (details.length === 0) return []
  return [
    {
      kind: 'organization',
      target: (now ?? before)?.id ?? '',
      change: changeOf(before, now),
      details,
      span: placeOf(now),
    },
  ]
}

function resourceChange(
  arn: string,
  before: ResourceFacts | undefined,
  now: ResourceFacts | undefined,
  account: Account,
): readonly FactChange[] {
  if (before === now) return []
  // The ARN of a bucket doesn't say whose it is.
  const ownerOf = (facts: ResourceFacts | undefined) =>
    facts === undefined || parseArn(arn)?.account === facts.account ? null : facts.account
  const policyOf = (facts: ResourceFacts | undefined) =>
    facts === undefined || facts.policy === null ? null : jsonOf(facts.policy)
  const [from, to] = [policyOf(before), policyOf(now)]
  const isSame = from === to || (from !== null && to !== null && sameMeaning(from, to, account))
  const details: readonly Detail[] = [
    ...valueDetail('account', ownerOf(before), ownerOf(now)),
    ...(isSame ? [] : policyDetail('policy', from, to, account)),
    ...tagDetails(before?.tags ?? new Map(), now?.tags ?? new Map()),
  ]
  if (details.length === 0 && before !== undefined && now !== undefined) return []
  return [
    {
      kind: 'resourcePolicy',
      target: arn,
      change: changeOf(before, now),
      details,
      span: now === undefined ? null : placeOf(now),
    },
  ]
}

const changeOf = (before: unknown, now: unknown): FactChange['change'] =>
  before === undefined || before === null
    ? 'added'
    : now === undefined || now === null
      ? 'removed'
      : 'changed'

/** Where it is declared, if it is: what a journal recalls has no place. */
const placeOf = (facts: object | null): Span | null =>
  facts !== null && 'span' in facts ? (facts.span as Span) : null
