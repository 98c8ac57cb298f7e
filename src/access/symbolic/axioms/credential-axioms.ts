import type { Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { Symbols } from '../symbols.ts'
import { foldedGlob, literalGlob, STAR } from '../tokens.ts'

type Axioms = readonly (readonly Literal[])[]
/** What is plain already is no literal. */
type Open = readonly (readonly (Literal | boolean)[])[]

const ISSUED = 'aws:TokenIssueTime'
const MFA = 'aws:MultiFactorAuthPresent'
const MFA_AGE = 'aws:MultiFactorAuthAge'

/** Keys that say how somebody signed in, in lower case. */
const OF_CREDENTIALS: ReadonlySet<string> = new Set([ISSUED, MFA, MFA_AGE].map((key) => key.toLowerCase()))

/** Whether the credentials of whoever asks decide what a key can be. @param key in lower case */
export const isOfCredentials = (key: string): boolean => OF_CREDENTIALS.has(key)

/**
 * What keys about somebody's credentials say of each other.
 * @see IAM User Guide, "AWS global condition context keys": aws:MultiFactorAuthPresent, aws:MultiFactorAuthAge,
 * aws:TokenIssueTime; "Compare AWS STS credentials"
 */
export function credentialAxioms(
  byKey: ReadonlyMap<string, unknown>,
  domain: Domain,
  symbols: Symbols,
): Axioms {
  const { temporary } = domain
  const asksForMfa = byKey.has(MFA.toLowerCase()) || byKey.has(MFA_AGE.toLowerCase())
  const asks = asksForMfa || byKey.has(ISSUED.toLowerCase()) || toldIn(domain, ISSUED) !== undefined
  return settledFirst([
    ...(asksForMfa ? mfaAxioms(domain, symbols) : []),
    ...(asks && temporary !== 'any' ? temporaryAxioms(temporary, domain, symbols) : []),
  ])
}

/** undefined: the formula says what it is, or it is open. */
function toldIn({ settled, given }: Domain, key: string): readonly string[] | null | undefined {
  const value = settled.get(key.toLowerCase())
  return value == null ? (value ?? given.get(key.toLowerCase())) : [value]
}

/** An empty one is never met. */
const settledFirst = (axioms: Open): Axioms =>
  axioms.flatMap((axiom) =>
    axiom.includes(true) ? [] : [axiom.filter((literal) => typeof literal === 'number')],
  )

/**
 * Only sessions tell of MFA; whoever assumes a role can pass a code with the call, and it counts for the call. In calls of
 * IAM and STS the time that a user's credentials were issued tells those of GetSessionToken from those of the console, which tell
 * of MFA as well.
 */
function mfaAxioms(domain: Domain, symbols: Symbols): Open {
  const { credentials, temporary } = domain
  const [noMfa, noAge, noToken] = [MFA, MFA_AGE, ISSUED].map((key) => absentLiteral(key, symbols)) as [
    Literal,
    Literal,
    Literal,
  ]
  if (credentials === 'none') return [[noMfa], [noAge]]
  const ofAge = [noAge, isWithMfa(domain, symbols)]
  if (credentials === 'session' || toldIn(domain, ISSUED) != null) return [ofAge]
  const ofSession = [noMfa, -noToken]
  switch (temporary) {
    case 'any':
      return [ofAge, ofSession]
    case 'assuming':
      return [ofAge, [...ofSession, isWithMfa(domain, symbols)]]
    case 'withMfa':
    case 'none':
      return [ofAge]
    case 'unlisted':
      return [ofAge, [...ofSession, actionOf('iam', symbols), actionOf('sts', symbols)]]
  }
}

/** Temporary credentials of a user tell when they were issued; they can't call all of IAM and STS. */
function temporaryAxioms(
  allowed: Exclude<Domain['temporary'], 'any'>,
  domain: Domain,
  symbols: Symbols,
): Open {
  const issued = toldIn(domain, ISSUED)
  const none = [issued === undefined ? absentLiteral(ISSUED, symbols) : issued === null]
  const orMfa = [...none, isWithMfa(domain, symbols)]
  switch (allowed) {
    case 'assuming':
      return []
    case 'none':
      return [none]
    case 'withMfa':
      return [orMfa]
    case 'unlisted':
      return [
        [-actionOf('iam', symbols), ...orMfa],
        [-actionOf('sts', symbols), ...none],
      ]
  }
}

/** An action of a service. */
function actionOf(service: string, symbols: Symbols): Literal {
  const lang = symbols.langs.of([[...literalGlob(`${service}:`), STAR]])
  return symbols.atoms.textAtom({ on: 'action', lang, upper: lang, lower: lang, variables: [] }) + 1
}

function isWithMfa(domain: Domain, symbols: Symbols): Literal | boolean {
  const told = toldIn(domain, MFA)
  if (told !== undefined) return told?.some((value) => value.toLowerCase() === 'true') === true
  const lang = symbols.langs.of([foldedGlob('true')])
  const atom = symbols.atoms.keyAtom({
    key: MFA.toLowerCase(),
    spelling: MFA,
    whenAbsent: false,
    predicate: { kind: 'text', lang, upper: lang, lower: lang },
    several: 'any',
    variables: [],
  })
  return atom + 1
}
