import { deflateSync } from 'node:zlib'
import { qrMatrix } from './qr-matrix.ts'

/** Pixels of one module. */
const SCALE = 4

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * A text as a QR code, a PNG of one bit a pixel.
 *
 *   signature | IHDR | IDAT: rows, each a filter byte 0 and its pixels, eight a byte, 1 = white | IEND
 *
 * @see Portable Network Graphics (PNG) Specification, 11.2
 */
export async function qrPng(text: string): Promise<Uint8Array> {
  const data = await qrMatrix(text)
  const width = data.length * SCALE
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * width)
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++)
      if (data[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] !== true) {
        const at = y * (1 + Math.ceil(width / 8)) + 1 + (x >> 3)
        rows[at] = (rows[at] ?? 0) | (0x80 >> (x & 7))
      }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(width, 4)
  // One bit a sample, grey; compression, filter and interlace are the only or the first method.
  header[8] = 1
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(data.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}

/** @see PNG Specification, Annex D */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
