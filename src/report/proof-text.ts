import type { AccessEntry } from '../access/access-diff.ts'
import type { Proof } from '../access/analysis.ts'
import type { SourceTexts } from '../diagnostics/index.ts'
import type { Direction } from './access-lines.ts'
import { type AccessContext, AccessPage, type Laid } from './access-page.ts'
import { ReadingBudget, sectionLines } from './access-section.ts'
import { painter, printable, type Style } from './paint.ts'
import { indented, type TextOptions } from './plan-text.ts'

/** What a check claims, and what came of it. */
export interface ProvedClaim {
  readonly claim: string
  readonly proof: Proof
}

/** Lines of violations of one claim before principals are shortened to one line each. */
const MOST_LINES = 60

const WORDS: Readonly<Record<string, readonly [word: string, style: Style]>> = {
  true: ['holds', 'added'],
  false: ['FAIL', 'removed'],
  unknown: ['unknown', 'changed'],
}

/** What decides something first; then what only a pattern says, and what is to come. */
export const laidByTier = (
  page: AccessPage,
  entries: readonly AccessEntry[],
  direction: Direction,
): readonly Laid[] => {
  const of = (tier: AccessEntry['tier']) => entries.filter((entry) => entry.tier === tier)
  return [
    ...page.groups(of('typed'), direction),
    ...page.groups(of('pattern'), direction),
    ...of('future').map((entry) => page.future(entry, direction)),
  ]
}

/** Every claim on its line, and below it the access that it says nobody has. */
export function proofText(
  claims: readonly ProvedClaim[],
  texts: SourceTexts,
  context: AccessContext,
  { color }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  const page = new AccessPage(context, texts, paint)
  return claims
    .flatMap(({ claim, proof: { holds, violations, unknown } }) => {
      const [word, style] = WORDS[String(holds)] ?? ['unknown', 'changed']
      const found = sectionLines(
        null,
        [...unknown.map((each) => page.unknown(each)), ...laidByTier(page, violations, 'gained')],
        new ReadingBudget(MOST_LINES),
        paint,
      ).map(indented(2))
      return [`${paint(style, word)}${' '.repeat(9 - word.length)}${printable(claim)}`, ...found]
    })
    .join('\n')
}
