import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain, Owners } from '../domain.ts'
import type { OrganizationMembers } from '../organization-members.ts'
import type { Symbols } from '../symbols.ts'
import { foldedGlob, type Glob, literalGlob, SLASH, STAR } from '../tokens.ts'
import { arnWith, resourceLiteral } from './resource-segments.ts'

type Axioms = readonly (readonly Literal[])[]
/** What is plain already is no literal. */
type Open = readonly (readonly (Literal | boolean)[])[]
type Keys = Pick<ReadonlyMap<string, unknown>, 'has'>

/** Keys that tell the organization of whoever asks, of what is asked about, or for which a service asks. */
interface OrganizationKeys {
  readonly id: string
  readonly paths: string
}
const OF_PRINCIPAL: OrganizationKeys = { id: 'aws:PrincipalOrgID', paths: 'aws:PrincipalOrgPaths' }
const OF_RESOURCE: OrganizationKeys = { id: 'aws:ResourceOrgID', paths: 'aws:ResourceOrgPaths' }
const OF_SOURCE: OrganizationKeys = { id: 'aws:SourceOrgID', paths: 'aws:SourceOrgPaths' }

const ARN = 'aws:PrincipalArn'
/** Keys from which the account of whoever asks follows, or by which an ARN is found for them: that has an account as well. */
const TELL_PRINCIPAL: readonly string[] = [
  ARN,
  'aws:PrincipalAccount',
  'kms:CallerAccount',
  'aws:userid',
  'aws:PrincipalType',
  'aws:username',
]
const OWNER = 'aws:ResourceAccount'
const SOURCE = 'aws:SourceAccount'
/** Of an ARN. */
const ACCOUNT_SEGMENT = 4

/** More accounts would be more than a search looks at: of which of them something is, is left open then. */
const MOST_MEMBERS = 1000

/** What tells an account. */
interface Telling {
  /** Where something else tells it, or nothing. */
  readonly unless: readonly Literal[]
  readonly isOf: (accounts: readonly string[]) => Literal | boolean
}

const lower = (key: string): string => key.toLowerCase()
const not = (literal: Literal | boolean) => (typeof literal === 'boolean' ? !literal : -literal)

const isAsked = (keys: readonly string[], byKey: Keys, { settled }: Domain): boolean =>
  keys.some((key) => byKey.has(lower(key)) || settled.has(lower(key)))

/** Whether a formula asks, or settles, what the declared organization says of whoever asks. */
export const asksForMembers = (byKey: Keys, domain: Domain): boolean =>
  domain.members !== null && isAsked(Object.values(OF_PRINCIPAL), byKey, domain)

/**
 * Whoever says that they belong to the declared organization is of one of its accounts, and stands where that does; and
 * whoever is of one of its accounts says so. Of those who may be of any account: it is that of their ARN. The same holds of what
 * is asked about, whose account its ARN tells, or a key where that doesn't; and of what a service asks for, where it says both.
 * @see IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:ResourceOrgID,
 * aws:ResourceOrgPaths, aws:SourceAccount, aws:SourceOrgID, aws:SourceOrgPaths
 */
export const memberAxioms = (
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  domain: Domain,
  symbols: Symbols,
): Axioms =>
  [
    ...ofPrincipal(byKey, domain, symbols),
    ...ofResource(byKey, domain, symbols),
    ...ofSource(byKey, domain, symbols),
  ].flatMap((axiom) => (axiom.includes(true) ? [] : [axiom.filter((literal) => typeof literal === 'number')]))

function ofPrincipal(byKey: Keys, domain: Domain, symbols: Symbols): Open {
  const { members } = domain
  if (members === null || members.paths.size > MOST_MEMBERS) return []
  if (!asksForMembers(byKey, domain) || !isAsked(TELL_PRINCIPAL, byKey, domain)) return []
  const isOf: Telling['isOf'] = (accounts) =>
    keyLiteral(
      ARN,
      accounts.map((account) => arnWith(ACCOUNT_SEGMENT, literalGlob(account))),
      symbols,
    )
  return axiomsFor(OF_PRINCIPAL, members, { unless: [], isOf }, byKey, domain, symbols)
}

function ofResource(byKey: Keys, domain: Domain, symbols: Symbols): Open {
  const { owners } = domain
  if (owners === null || !isAsked(Object.values(OF_RESOURCE), byKey, domain)) return []
  const members = fewMembers(owners)
  return tellingsOfResource(byKey, domain, symbols).flatMap((telling) =>
    axiomsFor(OF_RESOURCE, members, telling, byKey, domain, symbols),
  )
}

/** Not every service says of an account in which organization it is. */
function ofSource(byKey: Keys, domain: Domain, symbols: Symbols): Open {
  const { owners, settled } = domain
  if (owners === null || owners.members.paths.size > MOST_MEMBERS || !isAsked([SOURCE], byKey, domain))
    return []
  const account = settled.get(lower(SOURCE))
  if (account === null) return []
  const absent = (key: string) => (settled.has(lower(key)) ? [] : [absentLiteral(key, symbols)])
  const isOf: Telling['isOf'] = (accounts) =>
    account === undefined
      ? keyLiteral(SOURCE, accounts.map(literalGlob), symbols)
      : accounts.includes(account)
  return Object.values(OF_SOURCE).flatMap((key) => {
    if (!isAsked([key], byKey, domain) || settled.get(lower(key)) === null) return []
    const axioms = key === OF_SOURCE.id ? axiomsOfId : axiomsOfPaths
    return axioms(key, owners.members, { unless: [...absent(SOURCE), ...absent(key)], isOf }, domain, symbols)
  })
}

/** Of too many the one who is known anyway. */
function fewMembers({ members, owner, taken }: Owners): OrganizationMembers {
  if (members.paths.size <= MOST_MEMBERS || owner !== null) return members
  return { ...members, paths: new Map([...members.paths].filter(([id]) => id === taken)), areAll: false }
}

function tellingsOfResource(
  byKey: Keys,
  { owners, resource, settled }: Domain,
  symbols: Symbols,
): readonly Telling[] {
  const owner = owners?.owner ?? settled.get(lower(OWNER)) ?? null
  if (owner !== null) return [{ unless: [], isOf: (accounts) => accounts.includes(owner) }]
  const arns = (accounts: readonly string[]) =>
    symbols.langs.of(accounts.map((account) => arnWith(ACCOUNT_SEGMENT, literalGlob(account))))
  const isNobodys =
    resource === null ? null : resourceLiteral(symbols.langs.of([arnWith(ACCOUNT_SEGMENT, [])]), symbols)
  const byArn: Telling[] =
    isNobodys === null
      ? []
      : [{ unless: [isNobodys], isOf: (accounts) => resourceLiteral(arns(accounts), symbols) }]
  const unless = isNobodys === null ? [] : [-isNobodys]
  const taken = owners?.taken ?? null
  if (byKey.has(lower(OWNER))) {
    const isOf: Telling['isOf'] = (accounts) => keyLiteral(OWNER, accounts.map(literalGlob), symbols)
    return [...byArn, { unless: [...unless, absentLiteral(OWNER, symbols)], isOf }]
  }
  return taken === null ? byArn : [...byArn, { unless, isOf: (accounts) => accounts.includes(taken) }]
}

function axiomsFor(
  { id, paths }: OrganizationKeys,
  members: OrganizationMembers,
  telling: Telling,
  byKey: Keys,
  domain: Domain,
  symbols: Symbols,
): Open {
  return [
    ...(isAsked([id], byKey, domain) ? axiomsOfId(id, members, telling, domain, symbols) : []),
    ...(isAsked([paths], byKey, domain) ? axiomsOfPaths(paths, members, telling, domain, symbols) : []),
  ]
}

function axiomsOfId(
  key: string,
  { id, areAll, paths }: OrganizationMembers,
  { unless, isOf }: Telling,
  { settled }: Domain,
  symbols: Symbols,
): Open {
  const isMember = isOf([...paths.keys()])
  const given = settled.get(lower(key))
  // No two ids differ by case alone.
  const [isOurs, isExactly] =
    given === undefined
      ? [keyLiteral(key, [foldedGlob(id)], symbols), keyLiteral(key, [literalGlob(id)], symbols)]
      : [given?.toLowerCase() === id.toLowerCase(), given === id]
  return [[...unless, not(isMember), isExactly], ...(areAll ? [[...unless, not(isOurs), isMember]] : [])]
}

function axiomsOfPaths(
  key: string,
  { id, areAll, paths }: OrganizationMembers,
  { unless, isOf }: Telling,
  { settled }: Domain,
  symbols: Symbols,
): Open {
  const accountsAt = new Map<string | null, string[]>()
  for (const [account, path] of paths) accountsAt.set(path, [...(accountsAt.get(path) ?? []), account])
  const given = settled.get(lower(key))
  const begins = (text: string) => text.toLowerCase().startsWith(`${id.toLowerCase()}/`)
  const isOurs =
    given === undefined
      ? keyLiteral(key, [[...foldedGlob(id), SLASH, STAR]], symbols)
      : given !== null && begins(given)
  /** @param path null: anywhere in the organization */
  const standsAt = (path: string | null): Literal | boolean => {
    if (given !== undefined) return path === null ? isOurs : given === path
    const below = path === null ? [...literalGlob(id), SLASH, STAR] : literalGlob(path)
    return keyLiteral(key, [below], symbols, 'all')
  }
  return [
    ...(given === undefined ? [[...unless, not(isOf([...paths.keys()])), -absentLiteral(key, symbols)]] : []),
    ...[...accountsAt].map(([path, accounts]) => [...unless, not(isOf(accounts)), standsAt(path)]),
    ...(areAll ? [[...unless, not(isOurs), isOf([...paths.keys()])]] : []),
  ]
}

/** That any value of a key is of one of some forms, or all are. */
function keyLiteral(
  spelling: string,
  globs: readonly Glob[],
  { langs, atoms }: Symbols,
  several: 'all' | 'any' = 'any',
): Literal {
  const lang = langs.of(globs)
  const predicate = { kind: 'text', lang, upper: lang, lower: lang } as const
  const key = lower(spelling)
  return atoms.keyAtom({ key, spelling, whenAbsent: false, predicate, several, variables: [] }) + 1
}
