import { qrText } from '../../credentials/qr-text.ts'
import { otpauthText } from '../../credentials/totp.ts'
import type { Secret } from '../../model/secret.ts'

/** The terminal that it is shown on. */
interface Screen {
  readonly columns: number
  /** Whether it has colours, without which a code is seen in the theme's. */
  readonly isDumb: boolean
}

/** The seed of a device as somebody with an app takes it over: as a picture, and to be typed. */
export async function seedText(
  { seed, device, account }: { readonly seed: Secret; readonly device: string; readonly account: string },
  { columns, isDumb }: Screen,
): Promise<string> {
  const base32 = seed.reveal()
  const { lines, width } = await qrText(otpauthText(device, account, base32))
  const picture =
    isDumb || width > columns
      ? [`(no QR code: it takes ${width} columns and colours)`]
      : ['Scan this with an authenticator app:', '', ...lines]
  return ['', ...picture, '', 'or type this into it:', '', ...grouped(base32), '', ''].join('\n')
}

/** Eight groups of four a line. */
const grouped = (base32: string): readonly string[] =>
  (base32.match(/.{1,32}/g) ?? []).map((line) => `  ${(line.match(/.{1,4}/g) ?? []).join(' ')}`)
