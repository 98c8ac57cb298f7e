import type { Laid } from './access-page.ts'
import { moreText } from './access-words.ts'
import type { Paint } from './paint.ts'
import { indented } from './plan-text.ts'

/** Principals on a line each before the rest is only counted. */
const MOST_SHORT = 25

/**
 * How much a reader is given to read. What does not fit is shortened to a line for each principal, and at last only
 * counted.
 */
export class ReadingBudget {
  #lines: number

  constructor(lines: number) {
    this.#lines = lines
  }

  /** Whether there is room for so many lines; if so, they are taken. What comes first has room, whatever its length. */
  take(lines: number): boolean {
    if (this.#lines <= 0) return false
    this.#lines -= lines
    return true
  }
}

/** Below each other, those who come first in full. */
export function sectionLines(
  title: string | null,
  laid: readonly Laid[],
  budget: ReadingBudget,
  paint: Paint,
): readonly string[] {
  const lines: string[] = []
  const rest: Laid[] = []
  for (const each of laid) {
    const head = paint(each.style, `${each.sign} ${each.who}`)
    const isOneLine = each.lines.length === 1
    if (rest.length === 0 && budget.take(each.lines.length + (isOneLine ? 0 : 1)))
      lines.push(...(isOneLine ? [`${head}  ${each.lines[0]}`] : [head, ...each.lines.map(indented(4))]))
    else rest.push(each)
  }
  for (const { sign, style, who, short } of rest.slice(0, MOST_SHORT))
    lines.push(`${paint(style, `${sign} ${who}`)}  ${short}`)
  const left = new Set(rest.slice(MOST_SHORT).flatMap(({ principals }) => principals))
  if (left.size > 0) lines.push(paint('dim', `${moreText(left.size)}; \`--json\` has everything`))
  else if (rest.length > 0) lines.push(paint('dim', '(shortened; `--json` has everything)'))
  return title === null || lines.length === 0 ? lines : [title, ...lines]
}
