import type { UnknownAccess } from '../../access/access-entry.ts'
import type { Proof } from '../../access/analysis.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import type { EscalationReport } from '../../access/escalation/escalation.ts'
import type { CheckResult } from '../../checks/check-result.ts'
import type { Diagnostic, SourceTexts, Span } from '../../diagnostics/index.ts'
import type { Plan } from '../../plan/plan.ts'
import { counted, printable } from '../layout/paint.ts'
import { planSummary } from '../plans/plan-text.ts'
import { type Answer, LAYERS, lineOf, statementSpan } from './evaluation.ts'

/*
 * Why a run doesn't end with 0, in a few words each: how many of what, and where. They make the last line on stderr,
 * which is what one sees of a CI job; whatever they count stands in full above it.
 */

/** Places that are named before the rest is only counted. */
const MOST_PLACES = 3

function placesText(spans: readonly Span[], texts: SourceTexts): string {
  const places = [...new Set(spans.map((span) => lineOf(span, texts)))]
  if (places.length === 0) return ''
  const more = places.length - MOST_PLACES
  return ` (${places.slice(0, MOST_PLACES).join(', ')}${more > 0 ? ` and ${more} more` : ''})`
}

/** null: there are none. Of one error its message, of several their number. */
export function errorsReason(errors: readonly Diagnostic[], texts: SourceTexts): string | null {
  const [first, second] = errors
  if (first === undefined) return null
  const spans = errors.flatMap(({ span }) => (span === null ? [] : [span]))
  if (second === undefined) return `${printable(first.message)}${placesText(spans, texts)}`
  return spans.length > 0
    ? `${counted(errors.length, 'error')}${placesText(spans, texts)}`
    : `${counted(errors.length, 'error')}, the first: ${printable(first.message)}`
}

/** null: all of them pass. */
export function checksReason(
  results: readonly CheckResult[],
  account: string,
  texts: SourceTexts,
): string | null {
  const parts = (['fail', 'unknown'] as const).flatMap((outcome) =>
    (['test', 'invariant'] as const).flatMap((kind) => {
      const count = results.filter((each) => each.result === outcome && each.kind === kind).length
      if (count === 0) return []
      const happened =
        outcome === 'unknown'
          ? 'could not be decided'
          : kind === 'test'
            ? 'failed'
            : count === 1
              ? 'is broken'
              : 'are broken'
      return [`${counted(count, kind)} ${happened}`]
    }),
  )
  if (parts.length === 0) return null
  const spans = results.flatMap(({ result, span }) => (result === 'pass' ? [] : [span]))
  return `${parts.join(', ')} in ${printable(account)}${placesText(spans, texts)}`
}

/** null: the guard has nothing against the plan. */
export function refusalReason({ refusals, account }: Plan): string | null {
  const [first] = refusals
  if (first === undefined) return null
  const more = refusals.length > 1 ? `, and ${refusals.length - 1} more` : ''
  return `the guard refused: ${printable(first.message)} in ${printable(account.name)}${more}`
}

/** null: there are no changes. */
export const changesReason = (plan: Plan): string | null =>
  plan.changes.length === 0 ? null : `changes in ${printable(plan.account.name)}: ${planSummary(plan)}`

const VERDICTS: Readonly<Record<string, string>> = {
  gained: 'access is gained',
  lost: 'access is lost',
  both: 'access is gained and lost',
  unknown: 'whether access changes is not known',
}

/** @param where an account's name; null: it is about two policy files */
export const accessReason = (verdict: string, where: string | null): string =>
  `${VERDICTS[verdict] ?? 'access changes'}${where === null ? '' : ` in ${printable(where)}`}`

/** null: it holds. @param claim in words */
export function claimReason(
  claim: string,
  { holds, violations, unknown, rulings = [] }: Proof,
  texts: SourceTexts,
): string | null {
  if (holds === true) return null
  const deciding = violations.filter(isDeciding)
  const unblocked = rulings.filter(({ block }) => block === null)
  const broken = [...deciding, ...unblocked]
  const found = [
    ...(deciding.length > 0 ? [counted(deciding.length, 'finding')] : []),
    ...(unblocked.length > 0
      ? [`${counted(unblocked.length, 'policy', 'policies')} that S3 calls public`]
      : []),
    ...(unknown.length > 0 ? [`${unknown.length} not known`] : []),
  ]
  const spans = (broken.length > 0 ? broken : unknown).flatMap(({ source }) =>
    source === null ? [] : [source],
  )
  const what = holds === 'unknown' ? 'could not be decided' : 'does not hold'
  return `"${printable(claim)}" ${what}${found.length === 0 ? '' : `: ${found.join(', ')}`}${placesText(spans, texts)}`
}

/** null: everybody was decided. What settles it stands behind the number. */
export function undecidedReason(unknown: readonly UnknownAccess[], texts: SourceTexts): string | null {
  if (unknown.length === 0) return null
  const principals = new Set(unknown.flatMap((each) => each.principals))
  const spans = unknown.flatMap(({ source }) => (source === null ? [] : [source]))
  const remedies = unknown.some(({ reason }) => reason === 'owner')
    ? '; to settle it, declare the resource under `resources:` with its `account`, or ask about one ARN with `--resource-account`'
    : ''
  return `of ${counted(principals.size, 'principal')} it is not known whether they may${placesText(spans, texts)}${remedies}`
}

/** null: there are none. @param where an account's name */
export function escalationsReason(
  { holds, escalations, unknown }: EscalationReport,
  where: string,
  texts: SourceTexts,
): string | null {
  if (holds === true) return null
  const shown = escalations.length > 0 ? escalations : unknown
  const spans = shown.flatMap(({ source }) => (source === null ? [] : [source]))
  const found = [
    ...(escalations.length > 0 ? [counted(escalations.length, 'escalation')] : []),
    ...(unknown.length > 0 ? [`${unknown.length} not known`] : []),
  ]
  return `${found.join(', ')} in ${printable(where)}${placesText(spans, texts)}`
}

export function deniedReason({ decision, reasons, request }: Answer, texts: SourceTexts): string {
  const who = `${printable(request.principal)} may not ${printable(request.action)}`
  const [first] = reasons
  if (decision === 'explicit_deny' && first !== undefined) {
    const span = statementSpan(first.document, first.statement)
    const statement = first.sid === null || first.sid === '' ? 'a statement' : `\`${printable(first.sid)}\``
    return `denied: ${who}: ${statement} of ${printable(first.policy)} denies it${span === null ? '' : placesText([span], texts)}`
  }
  const silent = reasons.map(({ layer }) => LAYERS[layer])
  return `denied: ${who}: ${silent.length === 0 ? 'nothing allows it' : `the ${[...new Set(silent)].join(' and the ')} ${silent.length === 1 && first?.layer !== 'boundary' && first?.layer !== 'resource' ? 'do' : 'does'} not allow it`}`
}
