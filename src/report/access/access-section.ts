import type { Paint } from '../layout/paint.ts'
import { indented } from '../plans/plan-text.ts'
import { moreText } from './access-words.ts'
import type { Laid } from './laid.ts'

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

  /** What still has room is shown in full, whatever its length. */
  get hasRoom(): boolean {
    return this.#lines > 0
  }

  take(lines: number): void {
    this.#lines -= lines
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
    if (!budget.hasRoom) {
      rest.push(each)
      continue
    }
    const body = each.lines()
    const shown = body.length === 1 ? [`${head}  ${body[0]}`] : [head, ...body.map(indented(4))]
    budget.take(shown.length)
    lines.push(...shown)
  }
  for (const { sign, style, who, short } of rest.slice(0, MOST_SHORT))
    lines.push(`${paint(style, `${sign} ${who}`)}  ${short()}`)
  const left = new Set(rest.slice(MOST_SHORT).flatMap(({ principals }) => principals))
  if (left.size > 0) lines.push(paint('dim', `${moreText(left.size)}; \`--json\` has everything`))
  else if (rest.length > 0) lines.push(paint('dim', '(shortened; `--json` has everything)'))
  return title === null || lines.length === 0 ? lines : [title, ...lines]
}
