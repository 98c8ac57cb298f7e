import type { EscalationReport } from '../../access/escalation/escalation.ts'
import type { CheckResult } from '../../checks/check-result.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import type { AccessContext } from '../access/access-page.ts'
import { AccessPage } from '../access/access-page.ts'
import { claimFindings, type ProvedClaim } from '../decisions/proof-text.ts'
import { failureLines } from '../decisions/test-report.ts'
import { stepsLines, whyText } from '../escalations/escalation-lines.ts'
import { painter, printable } from '../layout/paint.ts'
import { principalsText } from '../questions/principals-text.ts'
import { laidEntry, PLAIN, placeIn, type SectionEntries } from './entry.ts'
import type { ReviewAccount, ReviewEntry } from './review.ts'

const PAINT = painter(false)

/** Tests and invariants that fail, or that can't be decided. */
export const testEntries = (
  results: readonly CheckResult[],
  texts: SourceTexts,
  account: ReviewAccount | null,
): readonly ReviewEntry[] =>
  results.flatMap((result) => {
    const { kind, name, span } = result
    if (result.result === 'pass') return []
    const isOpen = result.result === 'unknown'
    const lines = failureLines(result, texts)
    return [
      {
        ...PLAIN,
        sign: isOpen ? '?' : '!',
        style: isOpen ? 'changed' : 'removed',
        account,
        who: `${kind} ${printable(name)}`,
        short: `${isOpen ? 'not decided' : 'fails'}: ${lines[0] ?? ''}`,
        lines: lines.length > 1 ? lines : [],
        merge: { rule: `${kind} ${result.result}`, target: span.file },
        principals: [...new Set(result.violations.flatMap(({ principals }) => principals))].sort(),
        place: placeIn(span, texts),
      },
    ]
  })

/** What checks claim and doesn't hold, with whoever breaks it below. */
export const claimEntries = (
  claims: readonly ProvedClaim[],
  texts: SourceTexts,
  context: AccessContext,
): readonly ReviewEntry[] =>
  claims.flatMap(({ claim, proof }) => {
    if (proof.holds === true) return []
    const isOpen = proof.holds === 'unknown'
    const { violations, unknown } = proof
    return [
      {
        ...PLAIN,
        sign: isOpen ? '?' : '!',
        style: isOpen ? 'changed' : 'removed',
        who: printable(claim),
        short: isOpen ? 'could not be decided' : 'does not hold',
        lines: claimFindings(proof, texts, context, PAINT),
        merge: { rule: String(proof.holds), target: '' },
        principals: [...new Set([...violations, ...unknown].flatMap(({ principals }) => principals))].sort(),
        place: placeIn(
          [...violations, ...unknown].find(({ source }) => source !== null)?.source ?? null,
          texts,
        ),
      },
    ]
  })

/** Ways to more power that there are, and whom it isn't known of. */
export function escalationSections(
  { escalations, unknown }: EscalationReport,
  context: AccessContext,
  texts: SourceTexts,
  account: ReviewAccount,
): SectionEntries {
  const page = new AccessPage(context, texts, PAINT)
  return {
    escalations: escalations.map((each) =>
      laidEntry(
        {
          sign: '!',
          style: 'removed',
          who: principalsText(each.principals, context.account, context.members.gained),
          principals: each.principals,
          lines: () => stepsLines(each, context.account, PAINT),
          short: () => `${each.severity}: ${whyText(each)}`,
        },
        [each],
        texts,
        {
          account,
          severity: each.severity,
          merge: { rule: each.rule, target: each.target ?? '' },
        },
      ),
    ),
    unknown: unknown.map((each) =>
      laidEntry(page.unknown(each, 'list'), [], texts, {
        account,
        merge: { rule: each.reason, target: each.policy },
      }),
    ),
  }
}
