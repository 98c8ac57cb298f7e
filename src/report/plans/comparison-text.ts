import type { SourceTexts } from '../../diagnostics/index.ts'
import type { Change, GuardRefusal } from '../../plan/plan.ts'
import { painter, printable } from '../layout/paint.ts'
import type { ReportKinds } from '../report-kind.ts'
import { changeLines, indented, refusalLines, type TextOptions } from './plan-text.ts'

/** What a plan says that an earlier one did not. */
interface ReportedComparison {
  readonly added: readonly Change[]
  readonly gone: readonly Change[]
  readonly different: readonly { readonly before: Change; readonly after: Change }[]
  readonly refusals: { readonly added: readonly GuardRefusal[]; readonly gone: readonly GuardRefusal[] }
}

/** The difference between two plans for somebody who has read the first. Empty when there is none. */
export function comparisonText(
  { added, gone, different, refusals }: ReportedComparison,
  kinds: ReportKinds,
  texts: SourceTexts,
  { color }: TextOptions = { color: false },
): string {
  const paint = painter(color)
  const block = (title: string, changes: readonly (readonly string[])[]) =>
    changes.length === 0 ? [] : [paint('bold', title), ...changes.flat().map(indented(2))]
  return [
    ...block(
      'no longer:',
      gone.map((change) => [changeLines(change, kinds, texts, paint)[0] ?? '']),
    ),
    ...block(
      'new:',
      added.map((change) => changeLines(change, kinds, texts, paint)),
    ),
    ...block(
      'now:',
      different.map(({ after }) => changeLines(after, kinds, texts, paint)),
    ),
    ...refusals.added.flatMap((refusal) => refusalLines(refusal, paint)),
    ...refusals.gone.map(
      ({ rule, message }) => `no longer refused by the guard (${rule}): ${printable(message)}`,
    ),
  ].join('\n')
}
