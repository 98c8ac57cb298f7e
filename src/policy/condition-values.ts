/** Decimal numbers, as `Numeric…` compares them. */
export const isDecimal = (text: string): boolean => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)

/** @see IAM User Guide, "Condition operators": Bool; the value ignores case */
export const isBoolean = (text: string): boolean => /^(?:true|false)$/i.test(text)

/** Padded base64 of whole groups. */
export const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)

const W3C_DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?)?)?$/

/**
 * A date of the W3C profile of ISO 8601 in any of its precisions, or epoch seconds.
 * Four digits alone read as epoch seconds.
 * @returns milliseconds since 1970-01-01T00:00:00Z, or null
 * @see IAM User Guide, "Condition operators": Date condition operators
 */
export function parseDate(text: string): number | null {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  const match = W3C_DATE.exec(text)
  if (match === null) return null
  const number = (group: number, otherwise: number): number => {
    const digits = match[group]
    return digits === undefined ? otherwise : Number(digits)
  }
  const [year, month, day] = [number(1, 1970), number(2, 1), number(3, 1)]
  const [hour, minute, second] = [number(4, 0), number(5, 0), number(6, 0)]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && (minute > 0 || second > 0))) return null
  const midnight = new Date(0)
  // `Date.UTC` reads years below 100 as 19xx.
  midnight.setUTCFullYear(year, month - 1, day)
  const fraction = Number(match[7] ?? 0)
  const local = midnight.getTime() + ((hour * 60 + minute) * 60 + second + fraction) * 1000
  const offset = offsetMinutes(match[8] ?? 'Z')
  return offset === null ? null : local - offset * 60_000
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

export interface IpRange {
  /** 4 or 16 numbers of 0 to 255. */
  readonly bytes: readonly number[]
  /** Leading bits that count: up to 32 or 128. Bits of `bytes` past it are as written. */
  readonly prefix: number
}

/** An IPv4 or IPv6 address, or a CIDR range of either; a bare address counts all its bits. */
export function parseIpRange(text: string): IpRange | null {
  const slash = text.indexOf('/')
  const address = slash === -1 ? text : text.slice(0, slash)
  const bytes = address.includes(':') ? parseIpv6(address) : parseIpv4(address)
  if (bytes === null) return null
  const most = bytes.length * 8
  if (slash === -1) return { bytes, prefix: most }
  const bits = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return null
  return { bytes, prefix: Number(bits) }
}

function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  const bytes = parts.map((part) => (/^(?:0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return bytes.every((byte) => byte <= 255) ? bytes : null
}

function parseIpv6(text: string): readonly number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = ipv6Bytes(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? ipv6Bytes(halves[1] ?? '', true) : []
  if (head === null || tail === null) return null
  if (halves.length === 1) return head.length === 16 ? head : null
  // `::` stands for at least one group of zeros.
  const zeros = 16 - head.length - tail.length
  return zeros < 2 ? null : [...head, ...Array<number>(zeros).fill(0), ...tail]
}

/** @param mayEndInIpv4 `::ffff:192.0.2.1`: the last two groups may be an IPv4 address */
function ipv6Bytes(text: string, mayEndInIpv4: boolean): readonly number[] | null {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (mayEndInIpv4 && index === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group)
      if (ipv4 === null) return null
      bytes.push(...ipv4)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null
      const number = Number.parseInt(group, 16)
      bytes.push(number >>> 8, number & 255)
    }
  }
  return bytes
}
