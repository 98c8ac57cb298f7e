import type { ActionFacts } from '../../catalog/actions.ts'
import { CarriedKeys } from '../../catalog/carried-keys.ts'
import {
  type Diagnostic,
  type Located,
  nodeAt,
  type Span,
  spanOf,
  warningOf,
} from '../../diagnostics/index.ts'
import { mayBeOf } from '../../evaluator/keys/sign-in-keys.ts'
import type { PrincipalKind } from '../../evaluator/principal.ts'
import type { PlacedDocument } from '../../model/index.ts'
import { OPERATORS } from '../../policy/operators.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedCondition, ParsedStatement, PolicyUse } from '../../policy/parsed.ts'

/** A document, and who alone may hold it; null: anybody. */
export interface HeldDocument {
  readonly document: PlacedDocument
  readonly use: PolicyUse
  readonly holder: PrincipalKind | null
}

/**
 * Conditions on keys that no request for the statement's actions carries: where the key must be there, the statement never
 * applies. An author who writes `IfExists` or `Null` has thought of it.
 */
export function neverMetConditions(
  documents: readonly HeldDocument[],
  facts: ActionFacts,
): readonly Diagnostic[] {
  const carried = new CarriedKeys(facts)
  return documents.flatMap(({ document, use, holder }) => {
    const { policy } = parsePolicy(document.json, document.located, use, 'evaluate')
    return (policy?.statements ?? []).flatMap((statement) =>
      statement.conditions.flatMap((condition) => {
        if (!isNeverMet(statement, condition, holder, carried, facts)) return []
        const span = conditionPlace(condition, statement, document.located)
        return [
          warningOf({
            code: 'policy.condition-key-absent',
            message: `no request for ${actionsText(statement)} has the key \`${condition.key}\``,
            help: OPERATORS[condition.operator].negated
              ? 'remove the condition, which is always met, or name a key that such requests have'
              : 'name a key that such requests have: the statement never applies as it stands',
            span,
          }),
        ]
      }),
    )
  })
}

function isNeverMet(
  { action }: ParsedStatement,
  { key, ifExists, operator }: ParsedCondition,
  holder: PrincipalKind | null,
  carried: CarriedKeys,
  facts: ActionFacts,
): boolean {
  if (ifExists || OPERATORS[operator].family === 'presence' || action.negated) return false
  const lower = key.toLowerCase()
  const actions = action.entries.flatMap((entry) => facts.actionsMatching(entry.toLowerCase()))
  if (actions.length === 0) return false
  if (holder !== null && !mayBeOf(holder, lower)) return true
  return !actions.some((each) => carried.mayCarry(each.toLowerCase(), lower))
}

/** Of `Condition: { operator: { key: … } }`; null: it comes from no file. */
export function conditionPlace(
  { key }: ParsedCondition,
  { index, span }: ParsedStatement,
  located: Located | null,
): Span | null {
  if (located === null) return span
  const conditions =
    nodeAt(located, ['Statement', index, 'Condition']) ?? nodeAt(located, ['Statement', 'Condition'])
  if (conditions?.kind === 'map')
    for (const { value } of conditions.entries)
      if (value.kind === 'map')
        for (const entry of value.entries) if (entry.key === key) return spanOf(entry.keySpan)
  return span
}

/** Names in a sentence. */
const MOST_NAMED = 2

function actionsText({ action: { entries } }: ParsedStatement): string {
  const named = entries.slice(0, MOST_NAMED).map((entry) => `\`${entry}\``)
  const more = entries.length - named.length
  return `${named.join(more > 0 ? ', ' : ' or ')}${more > 0 ? ` and ${more} more` : ''}`
}
