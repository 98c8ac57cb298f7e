import { adoptText } from '../adopt-report.ts'
import { auditListText, auditVerificationText } from '../audit-report.ts'
import { backupText, restoreText } from '../backup.ts'
import { commentText } from '../comment-report.ts'
import { evaluationText } from '../decisions/evaluation.ts'
import { explanationText } from '../decisions/explanation.ts'
import { proofText } from '../decisions/proof-text.ts'
import { testText } from '../decisions/test-report.ts'
import { enrollText } from '../enroll-report.ts'
import { escalationsText } from '../escalations/escalations-text.ts'
import { historyText } from '../history.ts'
import { accountTitle } from '../layout/account-title.ts'
import { counted, painter } from '../layout/paint.ts'
import { accountsText } from '../plans/alike-accounts.ts'
import { accessChangesText, previewText } from '../plans/previewed-plan.ts'
import { weakenedText } from '../protections/weakened-since.ts'
import { patternGrantsText } from '../questions/pattern-grants.ts'
import { whoCanText } from '../questions/who-can.ts'
import type { ComparedAccess, DeclaredCounts } from '../result.ts'
import { revokeText } from '../revoke-report.ts'
import { type ByType, byType, type Format, type Rendering } from './format.ts'

const TEXTS: ByType<string | null> = {
  init: ({ created }) => created.map((file) => `wrote ${file}`).join('\n'),
  validate: ({ accounts }) => [...accounts.map(countsLine), 'valid'].join('\n'),
  plan: ({ plans, weakened = null }, { kinds, texts, options }) =>
    [
      ...(weakened === null ? [] : weakenedText(weakened, texts, painter(options.color))),
      accountsText(
        plans.map((plan) => ({ account: plan.plan.account, text: previewText(plan, kinds, texts, options) })),
      ),
    ].join('\n\n'),
  // What it did was said when it was done.
  apply: ({ isRefused }) => (isRefused ? 'nothing was applied' : null),
  adopt: (report, { options }) => adoptText(report, painter(options.color)),
  revoke: (report, { options }) => revokeText(report, painter(options.color)),
  'mfa enroll': ({ device }, { options }) =>
    device === null ? null : enrollText(device, painter(options.color)),
  // What is new since the last plan is said by whoever has seen that.
  watch: () => null,
  history: ({ entries }, { options }) => historyText(entries, options),
  'audit list': ({ calls }, { options }) => auditListText(calls, options),
  'audit verify': ({ verification }) => auditVerificationText(verification),
  backup: ({ backup }) => backupText(backup),
  restore: ({ restored }) => (restored === null ? null : restoreText(restored)),
  evaluate: ({ answer, account }, { texts, options }) =>
    [
      evaluationText(answer, texts, { ...options, account }),
      ...(answer.explained === undefined
        ? []
        : [explanationText(answer.explained, texts, { ...options, account })]),
    ].join('\n\n'),
  'who-can': ({ request, grants, account }, { texts, options }) =>
    whoCanText(request, grants, texts, { ...options, account }),
  'who-can of a pattern': ({ pattern, proof, outside, context }, { texts, options }) =>
    patternGrantsText(pattern, { proof, outside }, texts, context, options),
  test: ({ results }, { texts, options }) => testText(results, texts, { ...options, show: 'all' }),
  'access diff': ({ compared }, given) => comparedText(compared, given),
  'access escalations': ({ accounts, from }, { texts, options }) =>
    accounts
      .map(({ report, context, ...of }) => escalationsText(report, of, texts, context, options, from))
      .join('\n\n'),
  'access check': ({ claims, context }, { texts, options }) => proofText(claims, texts, context, options),
  // What a comment had no room for is seen here.
  comment: ({ comment, of }, given) =>
    [...of.map((result) => byType(TEXTS, result, given)), commentText(comment)]
      .filter((text) => text !== null)
      .join('\n\n'),
  'completion script': ({ script }) => script.trimEnd(),
  'completed words': ({ words }) => (words.length === 0 ? null : words.join('\n')),
  failed: () => null,
}

function countsLine({ account, counts }: DeclaredCounts): string {
  const parts = counts.map(({ count, noun, plural }) => counted(count, noun, plural))
  return `${account.name} (${account.id}): ${parts.join(', ')}`
}

/** Of accounts each under its name, unless policies were compared, which are nobody's. */
function comparedText(compared: readonly ComparedAccess[], { texts, options }: Rendering): string {
  const paint = painter(options.color)
  const textOf = ({ changes, earlier }: ComparedAccess) => {
    const context = earlier === null ? changes.context : { ...changes.context, earlier }
    return accessChangesText({ ...changes, context }, texts, options)
  }
  const ofPolicies = compared.find(({ account }) => account === null)
  if (ofPolicies !== undefined) return textOf(ofPolicies)
  return accountsText(
    compared.flatMap((each) => {
      if (each.account === null) return []
      const title = paint('bold', accountTitle(each.account))
      return [{ account: each.account, text: `${title}\n\n${textOf(each)}` }]
    }),
  )
}

export const text: Format = {
  render: (result, given) => byType(TEXTS, result, given),
}
