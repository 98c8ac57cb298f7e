import {
  GROUP_ALLOWS,
  GROUP_BINDS,
  GROUP_DENIES,
  OUTCOME_ACTION_FAILS,
  OUTCOME_ALLOWS,
  OUTCOME_CONDITIONS_FAIL,
  OUTCOME_DENIES,
  OUTCOME_PRINCIPAL_FAILS,
  OUTCOME_RESOURCE_FAILS,
} from '../../../assembly/wire.ts'
import { InvariantError } from '../../diagnostics/index.ts'
import type { ParsedStatement } from '../../policy/parsed.ts'
import { callerContext, principalContext, timeContext } from '../keys/context.ts'
import type { NamedGroup } from '../layer-groups.ts'
import type { Match, RawExplanation } from '../module/engine.ts'
import { parsePrincipal } from '../principal.ts'
import type { Question } from '../question.ts'
import { resourceAccountOf } from '../resource-account.ts'
import type {
  Explanation,
  FailedPart,
  LayerExplanation,
  PolicyExplanation,
  StatementExplanation,
} from './explanation.ts'
import { reasonsOf } from './reasons.ts'

/** A request's values of a context key; null: it hasn't got the key. */
type ValuesOf = (key: string) => readonly string[] | null

/** What the module said of each group and statement, in words. */
export function explanationOf(
  raw: RawExplanation,
  groups: readonly NamedGroup[],
  question: Question,
): Explanation {
  const valuesOf = valuesIn(question)
  const byGroup = gather(raw.matches, ({ group }) => group)
  return {
    decision: raw.decision,
    reasons: reasonsOf(raw, groups),
    layers: groups.map((group, index) =>
      explainLayer(group, raw.groups[index] ?? 0, byGroup.get(index) ?? [], valuesOf),
    ),
  }
}

function gather(
  matches: readonly Match[],
  placeOf: (match: Match) => number,
): ReadonlyMap<number, readonly Match[]> {
  const gathered = new Map<number, Match[]>()
  for (const match of matches) {
    const place = placeOf(match)
    const others = gathered.get(place)
    if (others === undefined) gathered.set(place, [match])
    else others.push(match)
  }
  return gathered
}

function explainLayer(
  { layer, level, policies }: NamedGroup,
  outcome: number,
  matches: readonly Match[],
  valuesOf: ValuesOf,
): LayerExplanation {
  const byMember = gather(matches, ({ member }) => member)
  return {
    layer,
    level,
    verdict: verdictOf(outcome),
    policies: policies.map(
      ({ id, policy }, member): PolicyExplanation => ({
        policy: id,
        statements: (byMember.get(member) ?? []).flatMap((match) => {
          const statement = policy.statements[match.statement]
          return statement === undefined ? [] : [explainStatement(statement, match, valuesOf)]
        }),
      }),
    ),
  }
}

function verdictOf(outcome: number): LayerExplanation['verdict'] {
  if ((outcome & GROUP_BINDS) === 0) return 'not_applicable'
  if ((outcome & GROUP_DENIES) !== 0) return 'explicit_deny'
  return (outcome & GROUP_ALLOWS) !== 0 ? 'allow' : 'implicit_deny'
}

const explainStatement = (
  statement: ParsedStatement,
  match: Match,
  valuesOf: ValuesOf,
): StatementExplanation => ({
  statement: statement.index,
  sid: statement.sid,
  effect: statement.effect,
  failed: failedPart(statement, match, valuesOf),
})

function failedPart(
  statement: ParsedStatement,
  { outcome, detail }: Match,
  valuesOf: ValuesOf,
): FailedPart | null {
  switch (outcome) {
    case OUTCOME_ALLOWS:
    case OUTCOME_DENIES:
      return null
    case OUTCOME_ACTION_FAILS:
      return { part: 'action' }
    case OUTCOME_RESOURCE_FAILS:
      return { part: 'resource' }
    case OUTCOME_PRINCIPAL_FAILS:
      return { part: 'principal' }
    case OUTCOME_CONDITIONS_FAIL: {
      const condition = statement.conditions[detail]
      if (condition === undefined)
        throw new InvariantError('the evaluator module named a condition that is not there')
      const { operator, quantifier, ifExists, key, values } = condition
      return {
        part: 'condition',
        operator,
        quantifier,
        ifExists,
        key,
        expected: values,
        given: valuesOf(key),
      }
    }
    default:
      throw new InvariantError(`the evaluator module gave outcome ${outcome}, which means nothing`)
  }
}

/** What is given wins over what follows from the request. */
function valuesIn({ request, base, now }: Question): ValuesOf {
  const values = new Map<string, readonly string[]>()
  const principal = parsePrincipal(request.principal)
  if (principal !== null) {
    const roleArn = principal.kind === 'role' ? (base ?? principal.roleArn ?? '') : null
    for (const [key, value] of [
      ...principalContext(principal, roleArn),
      ...callerContext(principal, request.action),
    ])
      values.set(key, [value])
  }
  const owner = resourceAccountOf(request)
  if (owner !== null) values.set('aws:resourceaccount', [owner])
  if (now !== undefined) for (const [key, value] of timeContext(now)) values.set(key, [value])
  for (const [key, given] of request.context) values.set(key.toLowerCase(), given)
  return (key) => values.get(key.toLowerCase()) ?? null
}
