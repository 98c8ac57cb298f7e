import type { ReviewEntry, SectionName } from '../review/review.ts'
import type { PrincipalNumbers } from './filter-form.ts'
import { type Markup, markup, verbatim } from './markup.ts'

/** How much an entry should catch the eye. */
type Tone = 'bad' | 'odd' | 'plain'

const TONES: Readonly<Record<SectionName, Tone>> = {
  errors: 'bad',
  escalations: 'bad',
  outside: 'bad',
  weakened: 'odd',
  unknown: 'odd',
  gains: 'bad',
  losses: 'odd',
  deletes: 'odd',
  failures: 'bad',
  undeciding: 'plain',
  changes: 'plain',
  machine: 'plain',
}
/** What the filter leaves alone: it is nobody's. */
const UNFILTERED: readonly SectionName[] = ['errors', 'weakened', 'failures', 'machine']
/** Found by what is written in them as well: others than those that they are about may be named there. */
const FOUND_BY_TEXT: readonly SectionName[] = ['deletes', 'changes']

const LINE_STYLES: Readonly<Record<string, string>> = { '+ ': 'added', '- ': 'removed', '~ ': 'changed' }
const DEEPEST = 5

/** What an entry is shown with, that isn't its own. */
export interface PageContext {
  readonly numbers: PrincipalNumbers
  readonly hasSeveralAccounts: boolean
}

/** @param section that it stands in */
export function reviewEntry(
  entry: ReviewEntry,
  section: SectionName,
  { numbers, hasSeveralAccounts }: PageContext,
): Markup {
  const { sign, account, who, severity, place } = entry
  const tone = toneOf(entry, section)
  const shown = shownLines(entry, section)
  const where = place === null ? '' : `${place.file}:${place.line}`
  const isToldWhere = where === '' || [who, ...shown].some((line) => line.includes(where))
  return markup`<article class="entry ${tone}"${filtered(entry, section, numbers)}>
<h3><span class="mark ${tone}">${severity ?? sign}</span> <span class="code">${who}</span>${account === null || !hasSeveralAccounts ? null : markup` <span class="note">${account.name}</span>`}${isToldWhere ? null : markup` <span class="note">${where}</span>`}</h3>
<ul class="lines">${shown.map(lineOf)}</ul>
</article>`
}

/** What the lines of a problem leave out its short form says. */
function shownLines({ short, lines }: ReviewEntry, section: SectionName): readonly string[] {
  if (lines.length === 0) return [short]
  const isTold = lines.some((line) => line.includes(short) || short.includes(line.trim()))
  return isTold || !UNFILTERED.includes(section) ? lines : [short, ...lines]
}

function toneOf({ severity }: ReviewEntry, section: SectionName): Tone {
  return severity === 'medium' || severity === 'low' ? 'odd' : TONES[section]
}

/** What the filter goes by. Absent: it always stands. */
function filtered(
  { principals, services, levels }: ReviewEntry,
  section: SectionName,
  numbers: PrincipalNumbers,
): Markup | null {
  if (UNFILTERED.includes(section)) return null
  const isByText = FOUND_BY_TEXT.includes(section)
  return markup` data-who="${numbers.of(principals)}"${isByText ? verbatim(' data-text') : null} data-services="${services.join(' ')}" data-levels="${levels.join(' ')}"`
}

/** Lines begin with two spaces for each step that they stand further in. */
function lineOf(line: string): Markup {
  const text = line.trimStart()
  const depth = Math.min(DEEPEST, Math.floor((line.length - text.length) / 2))
  const classes = [...(depth === 0 ? [] : [`in${depth}`]), LINE_STYLES[text.slice(0, 2)] ?? ''].filter(
    (name) => name !== '',
  )
  return markup`<li${classes.length === 0 ? null : markup` class="${classes.join(' ')}"`}>${text}</li>`
}
