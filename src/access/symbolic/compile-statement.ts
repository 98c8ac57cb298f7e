import { actionPieces, type UseClass } from '../../evaluator/program/pieces.ts'
import type { ParsedPolicy, ParsedStatement, PolicyUse } from '../../policy/parsed.ts'
import { atomOf, type Literal } from './atom.ts'
import { isOfCredentials } from './axioms/credential-axioms.ts'
import { compileCondition } from './compile-condition.ts'
import { type Bounded, boundedOf } from './compile-text.ts'
import type { Lang } from './lang.ts'
import { grantsMore, ruleOfResource } from './open-rules.ts'
import type { Pins } from './pins.ts'
import type { Symbols } from './symbols.ts'
import { globOf } from './tokens.ts'

/** A statement as a conjunction of tests, for one principal. */
export interface SymbolicStatement {
  /** Equal ones are one, whatever their names: sorted literals and the flag for `*`. */
  readonly content: string
  /** Tests of the resource, where it is an ARN, and of the context. */
  readonly literals: readonly Literal[]
  /** The test of the resource among them; null: it takes any, or (`never`) none. */
  readonly resource: Literal | null
  /** Whether it matches no request for an ARN. */
  readonly never: boolean
  /** Whether its resources cover a request for `*`. */
  readonly coversStar: boolean
  /** Whether they cover one of `s3:ListAllMyBuckets` for `*`, which is about all buckets. */
  readonly coversBuckets: boolean
  /** Whether it depends on what credentials whoever asks has: when they were issued, and whether with MFA. */
  readonly asksForCredentials: boolean
  /** Keys whose variables it holds, in lower case. */
  readonly variables: readonly string[]
  readonly source: ParsedStatement
}

interface StatementsIn {
  readonly use: PolicyUse
  readonly version: ParsedPolicy['version']
  readonly pins: Pins
  readonly symbols: Symbols
  readonly partition: string
  readonly isList: (key: string) => boolean
}

const USE_CLASSES: Readonly<Record<PolicyUse, UseClass>> = {
  identity: 'identity',
  boundary: 'identity',
  session: 'identity',
  trust: 'resource',
  resource: 'resource',
  scp: 'scp',
  rcp: 'rcp',
}

/**
 * Whom a statement is about is somebody else's question.
 * @returns null: it matches no request
 * @throws UnevaluablePolicyError when its text has no clear meaning
 */
export function compileStatement(statement: ParsedStatement, within: StatementsIn): SymbolicStatement | null {
  const { use, version, pins, symbols, partition, isList } = within
  const variables = version === '2012-10-17'
  const { effect } = statement
  if (effect === 'Allow' && statement.action.entries.length === 0) return null
  const conditions: Literal[] = []
  for (const condition of statement.conditions) {
    const compiled = compileCondition(condition, { effect, variables, pins, symbols, isList })
    if (compiled === false) return null
    if (compiled !== true) conditions.push(compiled)
  }
  if (conditions.some((literal) => conditions.includes(-literal))) return null
  const resource = resourceTest(statement, USE_CLASSES[use], { variables, pins, symbols, partition })
  if (resource.literal === false && !resource.coversStar && !resource.coversBuckets) return null
  const ofResource = typeof resource.literal === 'number' ? [resource.literal] : []
  const literals = [...new Set([...ofResource, ...conditions])].sort((a, b) => a - b)
  const never = resource.literal === false
  const atoms = literals.map((literal) => symbols.atoms.at(atomOf(literal)))
  return {
    content: `${literals.join()}${never ? '!' : ''}${resource.coversStar ? '*' : ''}${resource.coversBuckets ? 'b' : ''}`,
    literals,
    resource: ofResource[0] ?? null,
    never,
    coversStar: resource.coversStar,
    coversBuckets: resource.coversBuckets,
    asksForCredentials: atoms.some(
      (atom) => (atom.on === 'key' && isOfCredentials(atom.key)) || atom.variables.some(isOfCredentials),
    ),
    variables: [...new Set(atoms.flatMap(({ variables: names }) => names))],
    source: statement,
  }
}

interface ResourceTest {
  readonly literal: Literal | boolean
  readonly coversStar: boolean
  readonly coversBuckets: boolean
}

const allAlike = (holds: boolean): ResourceTest => ({
  literal: holds,
  coversStar: holds,
  coversBuckets: holds,
})

function resourceTest(
  statement: ParsedStatement,
  use: UseClass,
  within: {
    readonly variables: boolean
    readonly pins: Pins
    readonly symbols: Symbols
    readonly partition: string
  },
): ResourceTest {
  const { resource, effect } = statement
  // Of a resource policy: the resource that it is attached to.
  if (resource === null) return allAlike(use === 'resource')
  const { negated, entries } = resource
  if (entries.length === 0) return allAlike(negated && effect === 'Deny')
  const crosses = grantsMore(within.pins) && ruleOfResource(statement).length > 0
  const bounded = boundedOf(entries, { form: 'resource', use, crosses }, within)
  const star = entries.some((entry) => /^\*+$/.test(entry))
  const buckets = star || coversAllBuckets(bounded.lang, within.partition)
  return {
    literal: signed(textLiteral('resource', bounded, within.symbols), negated),
    coversStar: star !== negated,
    coversBuckets: buckets !== negated,
  }
}

const signed = (literal: Literal | boolean, negated: boolean): Literal | boolean =>
  typeof literal === 'boolean' ? literal !== negated : negated ? -literal : literal

/** That a text lies in a language: a constant where that is plain. */
export function textLiteral(
  on: 'resource' | 'action',
  bounded: Bounded,
  symbols: Symbols,
): Literal | boolean {
  const { lang, upper } = bounded
  if (upper.isEmpty) return false
  if (lang.isUniversal) return true
  return symbols.atoms.textAtom({ on, ...bounded }) + 1
}

/** Only a star matches both an empty name and an odd one. */
const coversAllBuckets = (lang: Lang, partition: string): boolean =>
  lang.has(`arn:${partition}:s3:::`) && lang.has(`arn:${partition}:s3:::~`)

/** The actions of a statement as a language over actions in lower case. */
export function actionLang(entries: readonly string[], { langs }: Symbols): Lang {
  return langs.of(entries.map((entry) => globOf(actionPieces(entry), () => [])))
}
