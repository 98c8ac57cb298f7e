import { encode } from 'uqr'
import { expect, it } from 'vitest'
import { openAccount } from './account.ts'
import { pixelsOf } from './png-pixels.ts'

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
