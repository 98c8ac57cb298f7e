import { createHmac } from 'node:crypto'

/** Seconds for which one code is good. @see RFC 6238, 4.1 */
export const TOTP_STEP = 30
const DIGITS = 6

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * The code of a time step.
 * @param seed base 32, without padding
 * @param step seconds since the epoch, by `TOTP_STEP`
 * @see RFC 6238, 4.2 and RFC 4226, 5.3: HMAC-SHA-1, cut to 31 bits at a place that its last four bits say
 */
export function totpCode(seed: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(seed)).update(counter).digest()
  const at = (mac.at(-1) ?? 0) & 0xf
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0')
}

/**
 * What the QR code of a device says to an app.
 * @param seed base 32, without padding
 * @see IAM API Reference, VirtualMFADevice: what QRCodePNG encodes
 */
export const otpauthText = (device: string, account: string, seed: string): string =>
  `otpauth://totp/${encodeURIComponent(`${device}@${account}`)}?secret=${seed}`

/**
 * The step of the first of two codes that follow each other.
 * @param around the step of now
 * @param reach how many steps a device's clock may be off
 * @returns null: they are no two such
 */
export function stepOfCodes(
  seed: string,
  [first, second]: readonly [string, string],
  around: number,
  reach: number,
): number | null {
  for (let step = Math.max(0, around - reach); step <= around + reach; step++)
    if (totpCode(seed, step) === first && totpCode(seed, step + 1) === second) return step
  return null
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const character of text) {
    held = ((held << 5) | BASE32.indexOf(character)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return Buffer.from(bytes)
}
