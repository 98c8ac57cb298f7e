import { type SourceTexts, sourceJson } from '../diagnostics/index.ts'
import type { AdoptedEntity } from '../plan/adoption/adoption.ts'
import { counted, type Paint, printable } from './layout/paint.ts'

/** What is written into declarations, or would be. */
export interface AdoptReport {
  readonly adopted: readonly AdoptedEntity[]
  /** A unified diff of each file. */
  readonly files: readonly { readonly file: string; readonly diff: string }[]
  readonly isWritten: boolean
  /** What was asked for can't be done; the diagnostics say why. */
  readonly isRefused: boolean
}

export function adoptText({ adopted, files, isWritten, isRefused }: AdoptReport, paint: Paint): string {
  if (isRefused) return ''
  if (adopted.length === 0) return 'nothing to adopt: nobody holds anything beside what is declared'
  return [
    ...files.flatMap(({ diff }) =>
      diff
        .trimEnd()
        .split('\n')
        .map((line) => painted(line, paint)),
    ),
    '',
    ...adopted.map(({ entity, grants }) => `${printable(entity)} ${grants.map(printable).join('; ')}`),
    `${isWritten ? 'wrote' : 'would write'} ${files.map(({ file }) => printable(file)).join(', ')}: ${counted(adopted.length, 'declaration')}`,
  ].join('\n')
}

function painted(line: string, paint: Paint): string {
  const text = printable(line)
  if (/^(?:\+\+\+|---) /.test(line)) return paint('bold', text)
  if (line.startsWith('+')) return paint('added', text)
  return line.startsWith('-') ? paint('removed', text) : text
}

export const adoptJson = ({ adopted, files, isWritten }: AdoptReport, texts: SourceTexts): object => ({
  adopted: adopted.map(({ account, entity, span, entries, grants }) => ({
    account,
    entity,
    source: sourceJson(span, texts),
    declared: Object.fromEntries(entries),
    grants,
  })),
  files: files.map(({ file, diff }) => ({ file, diff })),
  written: isWritten,
})
