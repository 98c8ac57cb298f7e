import { expect, it } from 'vitest'
import { qrPng } from '../../src/credentials/qr-png.ts'
import { qrText } from '../../src/credentials/qr-text.ts'
import { otpauthText } from '../../src/credentials/totp.ts'
import fc from '../fixed-seed.ts'
import { pixelsOf } from './png-pixels.ts'

/** Colours of the 256 that no theme changes: black on white. */
const LINE = /^\u001b\[38;5;16;48;5;231m([ ▀▄█]+)\u001b\[0m$/

/** The modules that a terminal shows, two in each cell. */
const modulesOf = (lines: readonly string[]): readonly (readonly boolean[])[] =>
  lines.flatMap((line) => {
    const cells = [...(LINE.exec(line)?.[1] ?? '')]
    return [cells.map((cell) => '▀█'.includes(cell)), cells.map((cell) => '▄█'.includes(cell))]
  })

const texts = fc
  .tuple(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 32 }),
    fc.stringMatching(/^\d{12}$/),
    fc.stringMatching(/^[A-Z2-7]{16,64}$/),
  )
  .map(([device, account, seed]) => otpauthText(device, account, seed))

it('has the modules of the picture, and a quiet zone of four around them', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const { lines, width } = await qrText(text)
      for (const line of lines) expect(line).toMatch(LINE)
      const modules = modulesOf(lines)
      const pixels = pixelsOf(Buffer.from(await qrPng(text)))
      const [drawn, below] = [modules.slice(0, width), modules.slice(width)]
      expect(pixels).toHaveLength(width * 4)
      expect(drawn).toEqual(
        Array.from({ length: width }, (_, y) =>
          Array.from({ length: width }, (_, x) => pixels[y * 4 + 1]?.[x * 4 + 1]),
        ),
      )
      const isQuiet = (at: number) => at < 4 || at >= width - 4
      expect([...below, ...drawn.filter((_, y) => isQuiet(y))].flat()).not.toContain(true)
      expect(drawn.flatMap((row) => row.filter((_, x) => isQuiet(x)))).not.toContain(true)
      // The corner of a finder pattern stands where the zone ends.
      expect(drawn[4]?.slice(3, 12)).toEqual([false, true, true, true, true, true, true, true, false])
    }),
    { numRuns: 30 },
  )
})

it('of a device of AWS fits a terminal of 80 columns, with the longest name that a user has', async () => {
  const { width } = await qrText(otpauthText('a'.repeat(64), '111122223333', 'A'.repeat(64)))
  expect(width).toBeLessThanOrEqual(80)
})
