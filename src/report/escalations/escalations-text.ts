import type { Escalation, EscalationReport, EscalationSeverity } from '../../access/escalation/escalation.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import type { Account } from '../../model/index.ts'
import { type AccessContext, AccessPage } from '../access/access-page.ts'
import { lineOf } from '../decisions/evaluation.ts'
import { accountTitle } from '../layout/account-title.ts'
import { counted, type Paint, painter, printable, type Style } from '../layout/paint.ts'
import { indented, type TextOptions } from '../plans/plan-text.ts'
import { policyText, principalsText } from '../questions/principals-text.ts'
import { stepsLines, whyText } from './escalation-lines.ts'

const SEVERITIES: readonly EscalationSeverity[] = ['critical', 'high', 'medium', 'low']
const STYLES: Readonly<Record<EscalationSeverity, Style>> = {
  critical: 'removed',
  high: 'removed',
  medium: 'changed',
  low: 'dim',
}
/** Shown with their steps; the rest has a line each. */
const MOST_IN_FULL = 25
const MOST_SHOWN = 200

/**
 * Every way to more power in an account, in the order of the report, each step with the requests that it takes.
 * @param from whom was asked about, as it was written; null: everybody
 */
export function escalationsText(
  { escalations, unknown, holds }: EscalationReport,
  { name, account }: { readonly name: string; readonly account: Account },
  texts: SourceTexts,
  context: AccessContext,
  { color }: TextOptions = { color: false },
  from: string | null = null,
): string {
  const paint = painter(color)
  const page = new AccessPage(context, texts, paint)
  const of = from === null ? '' : ` of ${printable(from)}`
  const shown = escalations.slice(0, MOST_SHOWN)
  const left = escalations.length - shown.length
  return [
    paint('bold', accountTitle({ name, id: account.id })),
    '',
    `${paint('bold', 'escalations')}${of}: ${summaryOf(escalations, unknown.length, holds)}`,
    ...shown.flatMap((each, index) => [
      ...(index < MOST_IN_FULL ? [''] : []),
      `${headOf(each, context, paint)}`,
      ...(index < MOST_IN_FULL ? bodyOf(each, context, texts, paint).map(indented(4)) : []),
    ]),
    ...(left > 0 ? [paint('dim', `… and ${left} more; \`--json\` has everything`)] : []),
    ...(unknown.length === 0 ? [] : ['']),
    ...unknown.map((each) => {
      const { sign, style, who, lines } = page.unknown(each)
      return `${paint(style, `${sign} ${who}`)}  ${lines()[0] ?? ''}`
    }),
  ].join('\n')
}

function summaryOf(
  escalations: readonly Escalation[],
  unknown: number,
  holds: EscalationReport['holds'],
): string {
  const bySeverity = SEVERITIES.flatMap((severity) => {
    const count = escalations.filter((each) => each.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  if (bySeverity.length === 0 && unknown === 0) return holds === true ? 'none' : 'none that is known'
  return [...bySeverity, ...(unknown === 0 ? [] : [`unknown for ${counted(unknown, 'principal')}`])].join(
    ', ',
  )
}

const headOf = (escalation: Escalation, context: AccessContext, paint: Paint): string =>
  `${paint(STYLES[escalation.severity], escalation.severity.padEnd(8))}  ${principalsText(escalation.principals, context.account, context.members.gained)}  ${whyText(escalation)}`

function bodyOf(
  escalation: Escalation,
  { account }: AccessContext,
  texts: SourceTexts,
  paint: Paint,
): readonly string[] {
  const { source, policy, sid } = escalation
  const place =
    source !== null
      ? lineOf(source, texts)
      : policy === ''
        ? null
        : `${policyText(policy, account)}${sid === null ? '' : `, ${printable(sid)}`}`
  return [
    ...stepsLines(escalation, account, paint),
    ...(place === null ? [] : [paint('dim', `from ${place}`)]),
  ]
}
