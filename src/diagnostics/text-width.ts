/** Terminal cells: wide East Asian characters and emoji take two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue
    width += isWide(character) ? 2 : 1
  }
  return width
}

const isWide = (character: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
    character,
  )

/** Terminals are taken to be as wide as this, at least and at most: narrower ones wrap, in wider ones lines get long. */
const NARROWEST = 60
const WIDEST = 200

/** The width that text is laid out for, of a terminal with so many columns. */
export const layoutWidth = (columns: number): number =>
  Number.isFinite(columns) && columns > 0 ? Math.min(WIDEST, Math.max(NARROWEST, columns)) : 80
