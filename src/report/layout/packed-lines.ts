/** A text, and how it is printed where colour makes it longer than it looks. */
export interface Part {
  readonly text: string
  readonly painted?: string
}

/** What is easily read beside its neighbour where no terminal tells how much room there is: the same input gives the same lines. */
export const PACKED_WIDTH = 110
const GAP = '  '

/** As many parts on a line as there is room for; a part that is too long alone has a line of its own. */
export function packedLines(parts: readonly Part[], width = PACKED_WIDTH): readonly string[] {
  const lines: { width: number; text: string }[] = []
  for (const { text, painted = text } of parts) {
    if (text === '') continue
    const last = lines.at(-1)
    if (last === undefined || last.width + GAP.length + text.length > width)
      lines.push({ width: text.length, text: painted })
    else {
      last.width += GAP.length + text.length
      last.text += `${GAP}${painted}`
    }
  }
  return lines.map(({ text }) => text)
}
