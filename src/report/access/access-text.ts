import type { AccessDiff } from '../../access/access-diff.ts'
import type { Direction } from '../../access/access-entry.ts'
import { isDeciding } from '../../access/diff/diff-of.ts'
import type { SourceTexts } from '../../diagnostics/index.ts'
import { laidByTier } from '../decisions/proof-text.ts'
import { escalationsLaid } from '../escalations/escalations-laid.ts'
import { counted, painter } from '../layout/paint.ts'
import type { TextOptions } from '../plans/plan-text.ts'
import { type AccessContext, AccessPage } from './access-page.ts'
import { ReadingBudget, sectionLines } from './access-section.ts'
import type { Laid } from './laid.ts'
import { toldApart } from './told-apart.ts'

/**
 * Who gains and who loses which access. Escalations stand first, and only there.
 * @returns several lines, without a trailing line break; one line when nothing changes
 */
export function accessText(
  diff: AccessDiff,
  texts: SourceTexts,
  context: AccessContext,
  { color, width }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  const { replaced = [] } = context
  if (isEmpty(diff) && replaced.length === 0)
    return `access: no changes  ${paint('dim', `(${caveatOf(context)})`)}`
  const page = new AccessPage(context, texts, paint, width)
  const told = toldApart(diff)
  const [gained, lost] = [told.gained.others, told.lost.others]
  const budget = new ReadingBudget(MOST_LINES)
  const section = (title: string | null, laid: readonly Laid[]) => sectionLines(title, laid, budget, paint)
  const laid = (direction: Direction) =>
    escalationsLaid(page, told[direction].escalations, told[direction].escalating, direction)
  const escalating = [...laid('gained'), ...laid('lost')]
  const sections = [
    section(paint('bold', diff.escalations.length === 1 ? 'escalation' : 'escalations'), escalating),
    section(
      null,
      replaced.map((each) => page.replaced(each)),
    ),
    // What isn't known is not to be overlooked below what is.
    section(
      null,
      [...diff.unknown, ...(diff.unknownEscalations ?? [])].map((each) => page.unknown(each)),
    ),
    section(null, page.groups(gained.filter(isDeciding), 'gained')),
    section(null, page.groups(lost.filter(isDeciding), 'lost')),
    section(null, [
      ...laidByTier(
        page,
        gained.filter((entry) => !isDeciding(entry)),
        'gained',
      ),
      ...laidByTier(
        page,
        lost.filter((entry) => !isDeciding(entry)),
        'lost',
      ),
    ]),
  ].filter((lines) => lines.length > 0)
  return [
    `${paint('bold', 'access')}: ${accessSummary(diff, context)}`,
    ...sections.flatMap((lines) => ['', ...lines]),
    '',
    paint('dim', `(${caveatOf(context)})`),
  ].join('\n')
}

/** Lines before principals are shortened to one line each. */
const MOST_LINES = 60
const caveatOf = ({ unseen }: AccessContext): string =>
  // Of a plan some resource policies are known, and of nobody all principals.
  unseen?.has('resourcePolicies') === true && !unseen.has('principals')
    ? 'trust policies only: other resource policies are not known'
    : 'resource policies that are not declared here are not looked at'

/** `gained by 3 principals (1 new), lost by 1 principal`; of policies that anybody may hold `gained, lost`. */
function accessSummary(
  { verdict, gained, lost, unknown, escalations, unknownEscalations = [] }: AccessDiff,
  { fresh, replaced = [] }: Pick<AccessContext, 'fresh' | 'replaced'>,
): string {
  const part = (
    verb: string,
    of: string,
    entries: readonly { readonly principals: readonly string[] }[],
    notable: readonly [ReadonlySet<string>, string] | null = null,
  ) => {
    if (entries.length === 0) return []
    const principals = new Set(entries.flatMap(({ principals }) => principals))
    if (principals.size === 0) return [verb]
    const among = notable === null ? 0 : [...principals].filter((each) => notable[0].has(each)).length
    const which =
      among === 0
        ? ''
        : ` (${principals.size === 1 ? '' : `${among === principals.size ? 'all' : among} `}${notable?.[1]})`
    return [`${verb} ${of} ${counted(principals.size, 'principal')}${which}`]
  }
  const escalating = new Set(escalations.map(({ principals, why }) => JSON.stringify([principals, why]))).size
  return [
    ...(verdict === 'none' ? ['no changes'] : []),
    ...part('gained', 'by', gained.filter(isDeciding), [fresh.gained, 'new']),
    ...part('lost', 'by', lost.filter(isDeciding), [fresh.lost, 'deleted']),
    ...part('unknown', 'for', unknown),
    ...part('more power unknown', 'for', unknownEscalations),
    ...(escalating === 0 ? [] : [counted(escalating, 'escalation')]),
    ...(replaced.length === 0 ? [] : [`${counted(replaced.length, 'role')} replaced`]),
  ].join(', ')
}

/** Whether there is nothing at all to show. */
export const isEmpty = ({
  verdict,
  gained,
  lost,
  escalations,
  unknownEscalations = [],
}: AccessDiff): boolean =>
  verdict === 'none' && gained.length + lost.length + escalations.length + unknownEscalations.length === 0
