import type { LineRange } from './forge.ts'

/** Lines that a patch adds or changes, by their numbers after it. @param patch hunks of a unified diff, without the file's header */
export function changedLinesIn(patch: string): readonly LineRange[] {
  const ranges: LineRange[] = []
  let line = 0
  let start: number | null = null
  const close = (): void => {
    if (start !== null) ranges.push({ start, end: line - 1 })
    start = null
  }
  for (const text of patch.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text)
    if (hunk !== null) {
      close()
      line = Number(hunk[1])
    } else if (text.startsWith('+')) {
      start ??= line
      line++
    } else if (!text.startsWith('-') && !text.startsWith('\\')) {
      close()
      line++
    }
  }
  close()
  return ranges
}
