import type { AccessEntry } from '../access/access-diff.ts'
import type { Proof } from '../access/analysis.ts'
import type { SourceTexts } from '../diagnostics/index.ts'
import { type AccessContext, AccessPage } from './access-page.ts'
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

/** Whether the resource is of a known type has no part in a proof. */
export const withoutTier = (entry: AccessEntry): AccessEntry => ({ ...entry, tier: 'typed' })

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
        [...unknown.map((each) => page.unknown(each)), ...page.groups(violations.map(withoutTier), 'gained')],
        new ReadingBudget(MOST_LINES),
        paint,
      ).map(indented(2))
      return [`${paint(style, word)}${' '.repeat(9 - word.length)}${printable(claim)}`, ...found]
    })
    .join('\n')
}
