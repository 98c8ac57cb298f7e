import { resourcePieces } from '../../evaluator/program/pieces.ts'
import { OPERATORS } from '../../policy/operators.ts'
import type { Complementable, ParsedPolicy, ParsedStatement } from '../../policy/parsed.ts'
import { actionLang } from '../symbolic/compile-statement.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import { globOf, literalGlob, ONE, STAR } from '../symbolic/tokens.ts'
import type { PolicyPlace, S3Kind } from './fixed-value.ts'
import { escapeNarrows, isAbsence, narrows, requires, type Wideness } from './narrowing.ts'
import { isOpenToAll } from './open-providers.ts'

/** A statement that makes a policy public by S3's rules. */
export interface PublicStatement {
  readonly statement: ParsedStatement
  /** What its conditions on listed keys leave open; empty: it has none. */
  readonly why: readonly Wideness[]
}

/** Whether S3 judges the policy of a resource, and as what; null: it doesn't. */
export function s3KindOf(arn: string): S3Kind | null {
  if (/^arn:[^:]*:s3:::[^/]+$/.test(arn)) return 'bucket'
  return /^arn:[^:]*:(?:s3|s3express):[^:]*:\d{12}:accesspoint\/[^/]+$/.test(arn) ? 'accessPoint' : null
}

/**
 * The statements that let in everybody by S3's rules: a policy is public unless each statement that allows something names
 * whom it allows it, or is narrowed to fixed values of a listed key, by itself or by what the same policy denies.
 * It is a judgement about the text: whether any request is allowed doesn't count, nor whether an action exists.
 * @see Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": The meaning of "public"
 */
export function publicStatements(
  { statements, version }: ParsedPolicy,
  arn: string,
  kind: S3Kind,
  symbols: Symbols,
): readonly PublicStatement[] {
  const place = { kind, version, arn }
  const denies = statements.filter(({ effect }) => effect === 'Deny').filter(isAboutEverybody)
  return statements.flatMap((statement) => {
    if (statement.effect !== 'Allow' || !letsInEverybody(statement)) return []
    const why = wideness(statement, denies, place, symbols)
    return why === null ? [] : [{ statement, why }]
  })
}

function letsInEverybody({ principal }: ParsedStatement): boolean {
  if (principal === null) return false
  if (principal.negated) return principal.entries.every(({ kind }) => kind !== 'everyone')
  return principal.entries.some(
    (entry) => entry.kind === 'everyone' || (entry.kind === 'federated' && isOpenToAll(entry.provider)),
  )
}

/** Whether a Deny spares nobody but who is named. */
function isAboutEverybody({ principal }: ParsedStatement): boolean {
  if (principal === null) return false
  const namesMany = principal.entries.some(
    (entry) => entry.kind === 'everyone' || (entry.kind === 'federated' && isOpenToAll(entry.provider)),
  )
  return principal.negated ? !namesMany : principal.entries.some(({ kind }) => kind === 'everyone')
}

interface Place extends PolicyPlace {
  readonly arn: string
}

/** null: it is narrowed. */
function wideness(
  allow: ParsedStatement,
  denies: readonly ParsedStatement[],
  place: Place,
  symbols: Symbols,
): readonly Wideness[] | null {
  const isCoveredBy = (some: readonly ParsedStatement[]) => isCovered(allow, some, place, symbols)
  const isPresent = (key: string) =>
    isAskedFor(allow, key) ||
    isCoveredBy(
      denies.filter(({ conditions }) => conditions.length === 1 && conditions.every(isAbsenceOf(key))),
    )
  const why: Wideness[] = []
  for (const condition of allow.conditions) {
    const found = narrows(condition, place, isPresent)
    if (found === true) return null
    if (found !== null) why.push(found)
  }
  // Whoever escapes a Deny escapes one of its conditions.
  const narrowing = denies.filter(({ conditions }) => conditions.every((each) => escapeNarrows(each, place)))
  return isCoveredBy(narrowing) ? null : why
}

const isAbsenceOf =
  (key: string) =>
  (condition: ParsedStatement['conditions'][number]): boolean =>
    condition.key.toLowerCase() === key && isAbsence(condition)

/** Whether an Allow is about requests with a key only. */
const isAskedFor = (allow: ParsedStatement, key: string): boolean =>
  requires(allow, key) ||
  allow.conditions.some(
    (condition) =>
      condition.key.toLowerCase() === key &&
      !condition.ifExists &&
      condition.quantifier !== 'ForAllValues' &&
      OPERATORS[condition.operator].family !== 'presence' &&
      !OPERATORS[condition.operator].negated,
  )

/** Whether Denies are about everything that an Allow allows: on each of its resources, of all actions. */
function isCovered(
  allow: ParsedStatement,
  denies: readonly ParsedStatement[],
  { version, arn }: Place,
  symbols: Symbols,
): boolean {
  if (denies.length === 0) return false
  const { langs, search } = symbols
  const most: LangOf = (entries) => resourceLang(entries, version, 'most', symbols)
  const least: LangOf = (entries) => resourceLang(entries, version, 'least', symbols)
  const actionsOf: LangOf = (entries) => actionLang(entries, symbols)
  const isNone = ({ inside, outside }: Sides) => search.find(inside, outside).type === 'none'
  const { resource } = allow
  const allowed = resource === null || resource.negated ? [resource] : listed(resource.entries)
  // The bucket and what lies in it are often spoken of one by one.
  const parts = [[literalGlob(arn)], [[...literalGlob(`${arn}/`), STAR]]].map((globs) => langs.of(globs))
  return allowed.every((list) =>
    parts.every((part) => {
      const here = list === null ? ALL : within(ALL, list, most, least)
      const about = denies.filter(({ resource: denied }) =>
        isNone(without({ ...here, inside: [...here.inside, part] }, denied, least, most)),
      )
      const asked = within(ALL, allow.action, actionsOf, actionsOf)
      return isNone(about.reduce((left, { action }) => without(left, action, actionsOf, actionsOf), asked))
    }),
  )
}

const listed = (entries: readonly string[]): readonly Complementable<string>[] =>
  entries.map((entry) => ({ negated: false, entries: [entry] }))

/** Texts that lie in all of some languages, and in none of others. */
interface Sides {
  readonly inside: readonly Lang[]
  readonly outside: readonly Lang[]
}

const ALL: Sides = { inside: [], outside: [] }

type LangOf = (entries: readonly string[]) => Lang

/** What a list is about. @param complement of what such a list leaves out */
const within = (
  { inside, outside }: Sides,
  { negated, entries }: Complementable<string>,
  of: LangOf,
  complement: LangOf,
): Sides =>
  negated
    ? { inside, outside: [...outside, complement(entries)] }
    : { inside: [...inside, of(entries)], outside }

/** What a list isn't about; null: it is about everything. */
const without = (sides: Sides, list: Complementable<string> | null, of: LangOf, complement: LangOf): Sides =>
  list === null
    ? { inside: [...sides.inside, of([])], outside: sides.outside }
    : within(sides, { ...list, negated: !list.negated }, complement, of)

/** @param extent what a variable is taken for: any text, or none */
function resourceLang(
  entries: readonly string[],
  version: ParsedPolicy['version'],
  extent: 'most' | 'least',
  { langs }: Symbols,
): Lang {
  return langs.of(
    entries
      .flatMap((entry) => resourcePieces(entry, version === '2012-10-17', 'resource'))
      .filter((pieces) => extent === 'most' || pieces.every(({ kind }) => kind !== 'variable'))
      .map((pieces) => globOf(pieces, () => [ONE, STAR])),
  )
}
