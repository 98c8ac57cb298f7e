import type { AccessEntry } from '../../access/access-entry.ts'
import { type SourceTexts, type Span, sourceJson } from '../../diagnostics/index.ts'
import { LEVELS } from '../access/access-lines.ts'
import type { Laid } from '../access/laid.ts'
import type { ReviewEntry, SectionName } from './review.ts'

/** Entries of sections. What several accounts have is put together by `reviewed`. */
export type SectionEntries = Partial<Readonly<Record<SectionName, readonly ReviewEntry[]>>>

/** What most entries haven't. */
export const PLAIN: Omit<ReviewEntry, 'sign' | 'style' | 'who' | 'short' | 'merge'> = {
  account: null,
  lines: [],
  principals: [],
  services: [],
  levels: [],
  severity: null,
  place: null,
  count: 1,
}

/** What is laid out for people, with what the statements behind it are about. */
export function laidEntry(
  laid: Laid,
  statements: readonly Pick<AccessEntry, 'actions' | 'levels' | 'source'>[],
  texts: SourceTexts,
  more: Pick<ReviewEntry, 'merge' | 'account'> & Partial<Pick<ReviewEntry, 'severity'>>,
): ReviewEntry {
  const { sign, style, who, principals } = laid
  const [short, lines] = [laid.short(), laid.lines()]
  const [only, second] = lines
  return {
    ...PLAIN,
    ...more,
    sign,
    style,
    who,
    short,
    lines: second === undefined && only === short ? [] : lines,
    principals,
    services: servicesOf(statements.flatMap(({ actions }) => actions)),
    levels: LEVELS.filter((level) => statements.some(({ levels }) => levels[level] > 0)),
    place: placeIn(statements.find(({ source }) => source !== null)?.source ?? null, texts),
  }
}

export function placeIn(span: Span | null, texts: SourceTexts): ReviewEntry['place'] {
  if (span === null) return null
  const { file, line } = sourceJson(span, texts)
  return line === null ? null : { file, line }
}

const servicesOf = (actions: readonly string[]): readonly string[] =>
  [...new Set(actions.map((action) => action.split(':')[0] ?? action))].sort()
