// How the oracle reads typed values. null: the text is not one.

/** A decimal as a whole number of 10^-scale. */
function decimalOf(text: string): { readonly digits: bigint; readonly scale: number } | null {
  const [whole, sign, before = '', after = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  if (whole === undefined || before + after === '' || /^[+-]?\.(?:[eE]|$)/.test(text)) return null
  return {
    digits: BigInt(`${before}${after}`) * (sign === '-' ? -1n : 1n),
    scale: after.length - Number(exponent),
  }
}

const orderOf = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

export function compareNumbers(a: string, b: string): number | null {
  const x = decimalOf(a)
  const y = decimalOf(b)
  if (x === null || y === null) return null
  const scale = Math.max(x.scale, y.scale)
  const scaled = ({ digits, scale: own }: { readonly digits: bigint; readonly scale: number }) =>
    digits * 10n ** BigInt(scale - own)
  return orderOf(scaled(x), scaled(y))
}

/** Nanoseconds since 1970. */
function instantOf(text: string): bigint | null {
  const epoch = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text)
  if (epoch !== null) {
    const nanos =
      BigInt(epoch[2] ?? '0') * 1_000_000_000n + BigInt((epoch[3] ?? '').slice(0, 9).padEnd(9, '0'))
    return epoch[1] === '-' ? -nanos : nanos
  }
  const date =
    /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):?(\d\d)))?)?$/.exec(
      text,
    )
  if (date === null) return null
  const field = (index: number, otherwise = 0): number => Number(date[index] ?? otherwise)
  const day = new Date(0)
  day.setUTCFullYear(field(1), field(2) - 1, field(3, 1))
  if (day.getUTCMonth() !== field(2) - 1 || day.getUTCDate() !== field(3, 1)) return null
  if (field(4) > 24 || field(5) > 59 || field(6) > 60 || field(9) > 23 || field(10) > 59) return null
  if (field(4) === 24 && field(5) + field(6) > 0) return null
  const offset = (field(9) * 60 + field(10)) * (date[8] === '-' ? -1 : 1)
  const seconds = day.getTime() / 1000 + field(4) * 3600 + (field(5) - offset) * 60 + field(6)
  return BigInt(seconds) * 1_000_000_000n + BigInt((date[7] ?? '').slice(0, 9).padEnd(9, '0'))
}

export function compareDates(a: string, b: string): number | null {
  const x = instantOf(a)
  const y = instantOf(b)
  return x === null || y === null ? null : orderOf(x, y)
}

function addressOf(text: string): { readonly version: 4 | 6; readonly bits: bigint } | null {
  if (!text.includes(':')) {
    const parts = text.split('.')
    if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
      return null
    return { version: 4, bits: parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n) }
  }
  const embedded = /^(.*:)([^:]*\.[^:]*)$/.exec(text)
  if (embedded !== null) {
    const v4 = addressOf(embedded[2] ?? '')
    if (v4 === null || v4.version !== 4) return null
    return addressOf(`${embedded[1]}${(v4.bits >> 16n).toString(16)}:${(v4.bits & 65535n).toString(16)}`)
  }
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], tail = []] = halves
  const zeros = 8 - head.length - tail.length
  if (halves.length > 2 || (halves.length === 2 ? zeros < 1 : zeros !== 0)) return null
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null
  return { version: 6, bits: groups.reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n) }
}

export function addressInRange(text: string, range: string): boolean {
  const [base = '', length, ...more] = range.split('/')
  const address = addressOf(text)
  const network = addressOf(base)
  if (address === null || network === null || address.version !== network.version || more.length > 0)
    return false
  const width = network.version === 4 ? 32 : 128
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > width)) return false
  const shift = BigInt(width - Number(length ?? width))
  return address.bits >> shift === network.bits >> shift
}

export function booleanOf(text: string): boolean | null {
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null
}

export function sameBytes(a: string, b: string): boolean {
  const isBase64 = (text: string) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
  return isBase64(a) && isBase64(b) && Buffer.from(a, 'base64').equals(Buffer.from(b, 'base64'))
}
