import type { AccessDiff, AccessEntry } from '../access/access-diff.ts'
import type { SourceTexts } from '../diagnostics/index.ts'
import { entryKey } from './access-lines.ts'
import { type AccessContext, AccessPage } from './access-page.ts'
import { counted, painter } from './paint.ts'
import type { TextOptions } from './plan-text.ts'

/**
 * Who gains and who loses which access. Escalations stand first, and only there.
 * @returns several lines, without a trailing line break; one line when nothing changes
 */
export function accessText(
  diff: AccessDiff,
  texts: SourceTexts,
  context: AccessContext,
  { color }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  if (diff.verdict === 'none') return `access: no changes${paint('dim', `, ${CAVEAT}`)}`
  const page = new AccessPage(context, texts, paint)
  const { escalations, gained, lost } = unrepeated(diff)
  const sections = [
    page.section(
      paint('bold', escalations.gained.length + escalations.lost.length === 1 ? 'escalation' : 'escalations'),
      [...page.groups(escalations.gained, 'gained'), ...page.groups(escalations.lost, 'lost')],
    ),
    page.section(null, page.groups(gained.filter(isKnown), 'gained')),
    page.section(null, page.groups(lost.filter(isKnown), 'lost')),
    page.section(null, [
      ...gained.filter(isFuture).flatMap((entry) => page.future(entry, 'gained')),
      ...lost.filter(isFuture).flatMap((entry) => page.future(entry, 'lost')),
    ]),
    page.section(
      null,
      diff.unknown.flatMap((each) => page.unknown(each)),
    ),
  ].filter((lines) => lines.length > 0)
  return [
    `${paint('bold', 'access')}: ${accessSummary(diff)}`,
    ...sections.flatMap((lines) => ['', ...lines]),
    '',
    paint('dim', CAVEAT),
  ].join('\n')
}

const CAVEAT = 'as far as declared policies say'

/** `gained by 3 principals, lost by 1 principal`; of policies that anybody may hold `gained, lost`. */
export function accessSummary({ gained, lost, unknown, escalations }: AccessDiff): string {
  const part = (verb: string, of: string, entries: readonly { readonly principals: readonly string[] }[]) => {
    if (entries.length === 0) return []
    const count = new Set(entries.flatMap(({ principals }) => principals)).size
    return [count === 0 ? verb : `${verb} ${of} ${counted(count, 'principal')}`]
  }
  const escalating = new Set(escalations.map(entryKey)).size
  return [
    ...part('gained', 'by', gained),
    ...part('lost', 'by', lost),
    ...part('unknown', 'for', unknown),
    ...(escalating === 0 ? [] : [counted(escalating, 'escalation')]),
  ].join(', ')
}

const isFuture = ({ tier }: AccessEntry): boolean => tier === 'future'
const isKnown = (entry: AccessEntry): boolean => !isFuture(entry)

/** Escalations by direction, and the other entries. */
function unrepeated({ gained, lost, escalations }: AccessDiff) {
  const losses = new Set(lost.map(entryKey))
  const escalating = new Set(escalations.map(entryKey))
  const isLoss = (entry: AccessEntry) => losses.has(entryKey(entry))
  return {
    escalations: {
      gained: escalations.filter((each) => !isLoss(each)),
      lost: escalations.filter(isLoss),
    },
    gained: gained.filter((entry) => !escalating.has(entryKey(entry))),
    lost: lost.filter((entry) => !escalating.has(entryKey(entry))),
  }
}
