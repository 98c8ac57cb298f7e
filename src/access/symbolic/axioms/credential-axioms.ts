import type { Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { Symbols } from '../symbols.ts'
import { foldedGlob, literalGlob, STAR } from '../tokens.ts'

type Axioms = readonly (readonly Literal[])[]

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
  { credentials, temporary }: Domain,
  symbols: Symbols,
): Axioms {
  const asksForMfa = byKey.has(MFA.toLowerCase()) || byKey.has(MFA_AGE.toLowerCase())
  const asks = asksForMfa || byKey.has(ISSUED.toLowerCase())
  return [
    ...(asksForMfa ? mfaAxioms(credentials, temporary === 'assuming', symbols) : []),
    ...(asks && temporary !== 'any' ? temporaryAxioms(temporary, symbols) : []),
  ]
}

/** Only sessions tell of MFA; whoever assumes a role can pass a code with the call, and it counts for the call. */
function mfaAxioms(credentials: Domain['credentials'], isAssuming: boolean, symbols: Symbols): Axioms {
  const [noMfa, noAge, noToken] = [MFA, MFA_AGE, ISSUED].map((key) => absentLiteral(key, symbols)) as [
    Literal,
    Literal,
    Literal,
  ]
  if (credentials === 'none') return [[noMfa], [noAge]]
  const ofAge = [noAge, withMfa(symbols)]
  if (credentials === 'session') return [ofAge]
  return [ofAge, [noMfa, -noToken, ...(isAssuming ? [withMfa(symbols)] : [])]]
}

/** Temporary credentials of a user tell when they were issued; they can't call all of IAM and STS. */
function temporaryAxioms(allowed: Exclude<Domain['temporary'], 'any'>, symbols: Symbols): Axioms {
  const none = [absentLiteral(ISSUED, symbols)]
  const orMfa = [...none, withMfa(symbols)]
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

function withMfa(symbols: Symbols): Literal {
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
