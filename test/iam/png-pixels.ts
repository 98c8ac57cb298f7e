import { inflateSync } from 'node:zlib'
import { expect } from 'vitest'

/** The pixels of a PNG of one grey bit, read by its specification. */
export function pixelsOf(png: Buffer): readonly (readonly boolean[])[] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const width = png.readUInt32BE(16)
  expect([png.readUInt32BE(20), png[24], png[25]]).toEqual([width, 1, 0])
  const length = png.readUInt32BE(33)
  expect(png.subarray(37, 41).toString('latin1')).toBe('IDAT')
  const rows = inflateSync(png.subarray(41, 41 + length))
  const stride = 1 + Math.ceil(width / 8)
  return Array.from({ length: width }, (_, y) =>
    Array.from(
      { length: width },
      (_, x) => ((rows[y * stride + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0,
    ),
  )
}
