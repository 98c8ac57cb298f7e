import { gitUnreadable } from './git-problems.ts'

/** Git's compressed bitmaps. @see Git documentation, "gitformat-bitmap": Appendix A, serialization format for an EWAH bitmap */
export class Ewah {
  /** The bits that are set, in ascending order. */
  readonly positions: readonly number[]
  /** Where the bitmap ends. */
  readonly end: number

  private constructor(positions: readonly number[], end: number) {
    this.positions = positions
    this.end = end
  }

  /** @throws DiagnosticError `git.unreadable` */
  static read(bytes: Buffer, start: number): Ewah {
    const words = start + 8 <= bytes.length ? bytes.readUInt32BE(start + 4) : Number.POSITIVE_INFINITY
    const end = start + 8 + words * 8 + 4
    if (end > bytes.length) throw gitUnreadable('the index is damaged')
    const bits = bytes.readUInt32BE(start)
    const word = (at: number): bigint => (at < words ? bytes.readBigUInt64BE(start + 8 + at * 8) : 0n)
    const positions: number[] = []
    let position = 0
    for (let at = 0; at < words; ) {
      // Of a marker: the repeated bit, how many words repeat it, how many literal words follow.
      const marker = word(at++)
      const run = Number((marker >> 1n) & 0xffffffffn) * 64
      if ((marker & 1n) === 1n)
        for (let bit = position; bit < Math.min(position + run, bits); bit++) positions.push(bit)
      position += run
      for (let literal = Number(marker >> 33n); literal > 0 && at < words; literal--, position += 64) {
        const content = word(at++)
        for (let bit = 0; bit < 64; bit++)
          if (((content >> BigInt(bit)) & 1n) === 1n) positions.push(position + bit)
      }
    }
    return new Ewah(positions, end)
  }
}
