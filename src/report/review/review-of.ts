import { type Diagnostic, renderDiagnostic } from '../../diagnostics/index.ts'
import { type ByType, byType, type Rendering } from '../formats/format.ts'
import { counted, painter, printable } from '../layout/paint.ts'
import { headroomLines, ignoredLines, orphanLines, planSummary, unmanagedLines } from '../plans/plan-text.ts'
import { type PreviewedPlan, withEarlierTexts } from '../plans/previewed-plan.ts'
import type { ResultOf } from '../result.ts'
import { accessSections } from './access-sections.ts'
import { changesWithoutEffect } from './change-effect.ts'
import { changeSections } from './change-sections.ts'
import { claimEntries, escalationSections, testEntries } from './check-sections.ts'
import { PLAIN, placeIn, type SectionEntries } from './entry.ts'
import type { Review, ReviewAccount, ReviewEntry, ReviewHead } from './review.ts'
import { inReadingOrder } from './sections.ts'
import { accessCounts, planCounts, principalCount, verdictOf } from './verdict.ts'
import { weakenedEntries } from './weakened-entries.ts'

/** Results that reviewers read. */
export type ReviewedType = 'plan' | 'access diff' | 'access check' | 'access escalations' | 'test'

const REVIEWS: ByType<Review, ReviewedType> = {
  plan: ({ plans, commit = null, weakened = null }, given) => {
    const weaker = weakened === null ? [] : weakenedEntries(weakened, given.texts)
    const sections = inReadingOrder([
      ...plans.map((each) => planSections(each, given)),
      { weakened: weaker },
      said(given),
    ])
    const untold = plans.filter(({ access }) => access === null).length
    const refused = plans.some(({ plan }) => plan.refusals.length > 0)
    return {
      verdict: verdictOf(
        [
          accessCounts(plans.flatMap(({ access }) => access?.diff ?? [])),
          ...plans.map(({ plan, access }) => planCounts(plan, access)),
          { weakened: weaker.length },
        ],
        sections,
        [
          ...errorsIn(given),
          ...(refused ? ['the guard refuses'] : []),
          ...checksIn(plans.flatMap(({ tests }) => tests)),
          ...(untold > 0 ? ['whose access changes is not known'] : []),
          // What is applied there stays, and neither tests nor gates look at it any more.
          ...(given.diagnostics.some(({ code }) => code === 'plan.account-gone')
            ? ['an account is left']
            : []),
          ...(given.diagnostics.some(({ code }) => code === 'review.not-compared')
            ? ['what no longer protects is not known']
            : []),
        ],
        plans.some(({ plan }) => plan.changes.length + plan.facts.length > 0)
          ? 'no access changes'
          : 'no changes',
      ),
      commit,
      heads: plans.map(headOf),
      sections,
    }
  },
  'access diff': ({ compared }, given) => {
    const sections = inReadingOrder([
      ...compared.map(({ account, changes, earlier }) =>
        accessSections(
          earlier === null ? changes : { ...changes, context: { ...changes.context, earlier } },
          given.texts,
          account,
        ),
      ),
      said(given),
    ])
    const counts = [accessCounts(compared.map(({ diff }) => diff))]
    return {
      verdict: verdictOf(counts, sections, errorsIn(given), 'no access changes'),
      commit: null,
      heads: compared.flatMap(({ account }) => (account === null ? [] : [comparedHead(account)])),
      sections,
    }
  },
  'access check': ({ claims, context }, given) => {
    const sections = inReadingOrder([{ failures: claimEntries(claims, given.texts, context) }, said(given)])
    const count = (holds: boolean | 'unknown') => claims.filter(({ proof }) => proof.holds === holds).length
    const counts = { fail: count(false), undecided: count('unknown'), hold: count(true) }
    return {
      verdict: verdictOf([counts], sections, errorsIn(given), 'nothing was checked'),
      commit: null,
      heads: [],
      sections,
    }
  },
  'access escalations': ({ accounts }, given) => {
    const sections = inReadingOrder([
      ...accounts.map(({ account, name, report, context }) =>
        escalationSections(report, context, given.texts, { id: account.id, name }),
      ),
      said(given),
    ])
    const counts = accounts.map(({ report: { escalations, unknown } }) => ({
      escalations: escalations.length,
      unknown: principalCount(unknown),
    }))
    return {
      verdict: verdictOf(counts, sections, errorsIn(given), 'no escalations'),
      commit: null,
      heads: [],
      sections,
    }
  },
  test: ({ results }, given) => {
    const sections = inReadingOrder([{ failures: testEntries(results, given.texts, null) }, said(given)])
    const count = (wanted: 'fail' | 'unknown' | 'pass') =>
      results.filter(({ result }) => result === wanted).length
    const counts = { fail: count('fail'), undecided: count('unknown'), pass: count('pass') }
    return {
      verdict: verdictOf([counts], sections, errorsIn(given), 'no tests'),
      commit: null,
      heads: [],
      sections,
    }
  },
  failed: (_, given) => {
    const sections = inReadingOrder([said(given)])
    return { verdict: verdictOf([], sections, errorsIn(given), 'failed'), commit: null, heads: [], sections }
  },
}

export const reviewOf = (result: ResultOf<ReviewedType | 'failed'>, given: Rendering): Review =>
  byType(REVIEWS, result, given)

function planSections(
  { plan, tests, access, against = null }: PreviewedPlan,
  { kinds, texts }: Rendering,
): SectionEntries {
  const { id, name } = plan.account
  const account = { id, name }
  const quiet = new Set(access === null ? [] : changesWithoutEffect(plan.changes, access))
  const changes = changeSections(plan, access?.context.replaced ?? [], quiet, kinds, texts)
  const orphans = orphanLines(plan.orphans ?? [], painter(false)).slice(1)
  const headroom = headroomLines(plan.headroom ?? [], painter(false)).slice(1)
  const ignored = ignoredLines(plan.ignored ?? [], kinds, painter(false)).slice(1)
  const unmanaged = unmanagedLines(plan.unmanaged, kinds, painter(false)).slice(1)
  return {
    ...(access === null ? {} : accessSections(withEarlierTexts(access, against), texts, account)),
    ...changes,
    failures: [...(changes.failures ?? []), ...testEntries(tests, texts, account)],
    machine: [
      {
        ...PLAIN,
        ...PLAIN_SIGN,
        account,
        who: 'plan',
        short: planSummary(plan),
        merge: { rule: 'plan', target: id },
      },
      ...(orphans.length === 0
        ? []
        : [
            {
              ...PLAIN,
              ...PLAIN_SIGN,
              account,
              who: 'gone',
              short: counted(orphans.length, 'id of somebody who is gone', 'ids of somebody who is gone'),
              lines: orphans.map((line) => line.slice(4)),
              merge: { rule: 'gone', target: id },
            },
          ]),
      ...(ignored.length === 0
        ? []
        : [
            {
              ...PLAIN,
              ...PLAIN_SIGN,
              account,
              who: 'ignored',
              short: counted(
                ignored.length,
                'grant that is ignored for a while',
                'grants that are ignored for a while',
              ),
              lines: ignored.map((line) => line.slice(4)),
              merge: { rule: 'ignored', target: id },
            },
          ]),
      ...(headroom.length === 0
        ? []
        : [
            {
              ...PLAIN,
              ...PLAIN_SIGN,
              account,
              who: 'near to a quota',
              short: counted(
                headroom.length,
                'quota that has little room left',
                'quotas that have little room left',
              ),
              lines: headroom.map((line) => line.slice(4)),
              merge: { rule: 'near to a quota', target: id },
            },
          ]),
      ...(unmanaged.length === 0
        ? []
        : [
            {
              ...PLAIN,
              ...PLAIN_SIGN,
              account,
              who: 'left alone',
              short: counted(
                plan.unmanaged.length,
                'thing that is not managed here',
                'things that are not managed here',
              ),
              lines: unmanaged.map((line) => line.slice(4)),
              merge: { rule: 'left alone', target: id },
            },
          ]),
    ],
  }
}

const PLAIN_SIGN = { sign: '·', style: 'dim' } as const

const headOf = ({ plan: { account, digest }, against = null }: PreviewedPlan): ReviewHead => ({
  account: { id: account.id, name: account.name },
  digest,
  against: against === null ? null : { ref: printable(against.ref), commit: against.commit },
})

const comparedHead = ({ id, name }: ReviewAccount): ReviewHead => ({
  account: { id, name },
  digest: null,
  against: null,
})

/** What is said beside the result; what the result says itself is left out. */
function said({ diagnostics, shown, texts }: Rendering): SectionEntries {
  const of = (isMeant: (diagnostic: Diagnostic) => boolean): readonly ReviewEntry[] =>
    diagnostics
      .filter((each) => isMeant(each) && shown?.has(each) !== true)
      .map((each) => {
        const { severity, code, message, span } = each
        const isError = severity === 'error'
        return {
          ...PLAIN,
          sign: isError ? '!' : '·',
          style: isError ? 'removed' : 'dim',
          who: `${severity}[${code}]`,
          short: message,
          lines: renderDiagnostic(each, texts).split('\n').slice(1),
          merge: { rule: code, target: span?.file ?? '' },
          place: placeIn(span, texts),
        }
      })
  return {
    errors: of(({ severity }) => severity === 'error'),
    machine: of(({ severity }) => severity !== 'error'),
  }
}

const errorsIn = ({ diagnostics, shown }: Rendering): readonly string[] => {
  const count = diagnostics.filter((each) => each.severity === 'error' && shown?.has(each) !== true).length
  return count === 0 ? [] : [counted(count, 'error')]
}

/** Tests and invariants of a plan that don't pass. */
function checksIn(results: ResultOf<'test'>['results']): readonly string[] {
  const count = (wanted: 'fail' | 'unknown') => results.filter(({ result }) => result === wanted).length
  const [failed, open] = [count('fail'), count('unknown')]
  return [
    ...(failed > 0 ? [`${counted(failed, 'check')} failed`] : []),
    ...(open > 0 ? [`${counted(open, 'check')} could not be decided`] : []),
  ]
}
