import { qrMatrix } from './qr-matrix.ts'

/**
 * Black on white whatever the theme of the terminal: these two colours of the 256 are fixed, those below 16 are the theme's.
 * @see XTerm Control Sequences, "Character Attributes (SGR)", `38;5` and `48;5`
 */
const DARK_ON_LIGHT = '\u001b[38;5;16;48;5;231m'
const RESET = '\u001b[0m'

/** What stands in one cell for two modules, one above the other: by whether the upper, then the lower one is dark. */
const CELLS = [
  [' ', '▄'],
  ['▀', '█'],
] as const

/**
 * A text as a QR code for a terminal, quiet zone and all: the same modules as in `qrPng`.
 * @returns lines, each as many cells wide as the code has modules, which is `width`
 */
export async function qrText(
  text: string,
): Promise<{ readonly lines: readonly string[]; readonly width: number }> {
  const rows = await qrMatrix(text)
  const lines = rows.flatMap((upper, y) => {
    if (y % 2 === 1) return []
    // The last row of an odd number stands above one that is light.
    const lower = rows[y + 1] ?? []
    const cells = upper.map((dark, x) => CELLS[dark ? 1 : 0][lower[x] === true ? 1 : 0])
    return [`${DARK_ON_LIGHT}${cells.join('')}${RESET}`]
  })
  return { lines, width: rows.length }
}
