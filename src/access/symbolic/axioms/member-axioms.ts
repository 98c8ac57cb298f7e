import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { OrganizationMembers } from '../organization-members.ts'
import type { Symbols } from '../symbols.ts'
import { COLON, foldedGlob, type Glob, literalGlob, SLASH, STAR, STAR_IN_SEGMENT } from '../tokens.ts'

type Axioms = readonly (readonly Literal[])[]

const ARN = 'aws:PrincipalArn'
const ID = 'aws:PrincipalOrgID'
const PATHS = 'aws:PrincipalOrgPaths'
/** Keys from which the account follows, in lower case. */
const OF_ACCOUNT: readonly string[] = [
  ARN.toLowerCase(),
  'aws:principalaccount',
  'kms:calleraccount',
  'aws:userid',
]

/** More accounts would be more than a search looks at; who is of one of them is left open. */
const MOST_MEMBERS = 500

type Tests = Pick<ReadonlyMap<string, unknown>, 'has'>

/** Whether a formula asks, or settles, what the declared organization says of whoever asks. */
export const asksForMembers = (byKey: Tests, { members, settled }: Domain): boolean =>
  members !== null &&
  [ID, PATHS].map((key) => key.toLowerCase()).some((key) => byKey.has(key) || settled.has(key))

/**
 * Whoever says that they belong to the declared organization is of one of its accounts, and stands where that does; and
 * whoever is of one of its accounts says so. Of those who may be of any account: the account is that of their ARN.
 * @see IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgID, aws:PrincipalOrgPaths
 */
export function memberAxioms(
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  domain: Domain,
  symbols: Symbols,
): Axioms {
  const { members, settled } = domain
  if (members === null || members.paths.size > MOST_MEMBERS || !asksForMembers(byKey, domain)) return []
  if (!OF_ACCOUNT.some((key) => byKey.has(key) || settled.has(key))) return []
  const asked = (key: string) => byKey.has(key.toLowerCase()) || settled.has(key.toLowerCase())
  const axioms = new MemberAxioms(members, settled, symbols)
  return [...(asked(ID) ? axioms.ofId() : []), ...(asked(PATHS) ? axioms.ofPaths() : [])]
}

class MemberAxioms {
  readonly #members: OrganizationMembers
  readonly #settled: Domain['settled']
  readonly #symbols: Symbols

  constructor(members: OrganizationMembers, settled: Domain['settled'], symbols: Symbols) {
    this.#members = members
    this.#settled = settled
    this.#symbols = symbols
  }

  ofId(): Axioms {
    const { id, areAll, paths } = this.#members
    const isMember = this.#isOf([...paths.keys()])
    const given = this.#settled.get(ID.toLowerCase())
    // No two ids differ by case alone.
    const isOurs = given?.toLowerCase() === id.toLowerCase()
    if (given !== undefined) return isOurs ? (areAll ? [[isMember]] : []) : [[-isMember]]
    return [
      [-isMember, this.#is(ID, [literalGlob(id)])],
      ...(areAll ? [[-this.#is(ID, [foldedGlob(id)]), isMember]] : []),
    ]
  }

  ofPaths(): Axioms {
    const { id, areAll, paths } = this.#members
    const isMember = this.#isOf([...paths.keys()])
    const accountsAt = new Map<string | null, string[]>()
    for (const [account, path] of paths) accountsAt.set(path, [...(accountsAt.get(path) ?? []), account])
    const given = this.#settled.get(PATHS.toLowerCase())
    if (given !== undefined) {
      const isOurs = given?.toLowerCase().startsWith(`${id.toLowerCase()}/`) === true
      if (!isOurs) return [[-isMember]]
      return areAll ? [[this.#isOf([...(accountsAt.get(given) ?? []), ...(accountsAt.get(null) ?? [])])]] : []
    }
    const isOurs = this.#is(PATHS, [[...foldedGlob(id), SLASH, STAR]])
    return [
      [-isMember, -absentLiteral(PATHS, this.#symbols)],
      ...[...accountsAt].flatMap(([path, accounts]): Axioms => {
        const isThere = this.#isOf(accounts)
        const below = path === null ? [...literalGlob(id), SLASH, STAR] : literalGlob(path)
        return [[-isThere, this.#is(PATHS, [below], 'all')]]
      }),
      ...(areAll ? [[-isOurs, isMember]] : []),
    ]
  }

  /** That whoever asks is of one of some accounts, as its ARN tells. */
  #isOf(accounts: readonly string[]): Literal {
    return this.#is(
      ARN,
      accounts.map((account) => [
        ...literalGlob('arn:'),
        STAR_IN_SEGMENT,
        COLON,
        STAR_IN_SEGMENT,
        COLON,
        COLON,
        ...literalGlob(account),
        COLON,
        STAR,
      ]),
    )
  }

  #is(spelling: string, globs: readonly Glob[], several: 'all' | 'any' = 'any'): Literal {
    const lang = this.#symbols.langs.of(globs)
    const predicate = { kind: 'text', lang, upper: lang, lower: lang } as const
    const key = spelling.toLowerCase()
    return (
      this.#symbols.atoms.keyAtom({
        key,
        spelling,
        whenAbsent: false,
        predicate,
        several,
        variables: [],
      }) + 1
    )
  }
}
