import { inflateSync } from 'node:zlib'
import { encode } from 'uqr'
import { expect, it } from 'vitest'
import { openAccount } from './account.ts'

/** The pixels of a PNG of one grey bit, read by its specification. */
function pixelsOf(png: Buffer): readonly (readonly boolean[])[] {
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

it('the picture of a new device is the QR code of its seed', async () => {
  const { iam, close } = await openAccount()
  const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  const seed = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString()
  const pixels = pixelsOf(Buffer.from(VirtualMFADevice?.QRCodePNG ?? []))
  const { data } = encode(`otpauth://totp/phone%40111122223333?secret=${seed}`, { border: 4, ecc: 'M' })
  expect(pixels.length).toBe(data.length * 4)
  expect(data.map((row, y) => row.map((_, x) => pixels[y * 4 + 1]?.[x * 4 + 1]))).toEqual(data)
  await close()
})
