// Typed values as the workloads have them: plain decimals, instants of ISO 8601, addresses of IPv4. null: it isn't one.

const numberIn = (value) => (Number.isNaN(value) ? null : value)
export const numberOf = (text) => (text === '' ? null : numberIn(Number(text)))
export const dateOf = (text) => numberIn(Date.parse(text))

/** As 32 bits. */
export function addressOf(text) {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let bits = 0
  for (const part of parts) bits = (bits << 8) | Number(part)
  return bits
}

/** Addresses whose bits under a mask are those of the network. */
export function rangeOf(text) {
  const [base, length = '32'] = text.split('/')
  const address = addressOf(base)
  if (address === null) return null
  const mask = length === '0' ? 0 : -1 << (32 - Number(length))
  return { network: address & mask, mask }
}
