import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** An SSH public key as IAM takes it. */
export interface SshKey {
  /** The bytes that both sides of SSH know it by. */
  readonly blob: Uint8Array
  readonly bits: number
}

/** Why IAM would not take one. */
export type SshKeyProblem = 'encoding' | 'malformed' | 'short'

/** @see IAM API Reference, UploadSSHPublicKey: SSHPublicKeyBody */
export const SHORTEST_SSH_KEY = 2048

/**
 * Reads an RSA key, as one line of OpenSSH (`ssh-rsa AAAA… comment`) or as PEM.
 * @see IAM API Reference, UploadSSHPublicKey: IAM takes no other
 */
export function readSshKey(text: string): SshKey | SshKeyProblem {
  const key = /^\s*-----BEGIN /.test(text) ? keyOfPem(text) : keyOfLine(text)
  if (typeof key === 'string') return key
  return key.bits < SHORTEST_SSH_KEY ? 'short' : key
}

/** As OpenSSH shows it: `SHA256:…`. */
export const sshFingerprint = ({ blob }: SshKey): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`

/** As IAM shows it. @see IAM API Reference, SSHPublicKey: Fingerprint, "The MD5 message digest" */
export const md5Fingerprint = ({ blob }: SshKey): string =>
  (createHash('md5').update(blob).digest('hex').match(/../g) ?? []).join(':')

/** One line, without a comment. */
export const opensshLine = ({ blob }: SshKey): string =>
  `${ALGORITHM} ${Buffer.from(blob).toString('base64')}`

/** @see RFC 4253, 6.6: what the bytes of a key of this algorithm are */
export function pemOf({ blob }: SshKey): string {
  const [, e, n] = fieldsOf(blob) ?? []
  if (e === undefined || n === undefined) throw new Error('what was read as a key is none')
  const key = createPublicKey({ key: { kty: 'RSA', e: base64url(e), n: base64url(n) }, format: 'jwk' })
  return String(key.export({ type: 'spki', format: 'pem' }))
}

const ALGORITHM = 'ssh-rsa'

function keyOfLine(text: string): SshKey | SshKeyProblem {
  const [algorithm, base64, ...comment] = text.trim().split(/[ \t]+/)
  if (algorithm !== ALGORITHM || base64 === undefined || comment.some((word) => /[\r\n]/.test(word)))
    return 'encoding'
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return 'malformed'
  const blob = Buffer.from(base64, 'base64')
  const [name, e, n, ...rest] = fieldsOf(blob) ?? []
  if (e === undefined || n === undefined || rest.length > 0) return 'malformed'
  if (Buffer.from(name ?? []).toString('latin1') !== ALGORITHM) return 'malformed'
  // An even exponent or modulus is no RSA key.
  if (!isOdd(e) || !isOdd(n)) return 'malformed'
  return rsaKey(e, n)
}

function keyOfPem(text: string): SshKey | SshKeyProblem {
  if (!/^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(text)) return 'encoding'
  let key: KeyObject
  try {
    key = createPublicKey(text)
  } catch {
    return 'malformed'
  }
  const { kty, e = '', n = '' } = key.export({ format: 'jwk' })
  if (kty !== 'RSA') return 'encoding'
  return rsaKey(Buffer.from(e, 'base64url'), Buffer.from(n, 'base64url'))
}

function rsaKey(e: Uint8Array, n: Uint8Array): SshKey {
  const [exponent, modulus] = [positive(e), positive(n)]
  const top = withoutZeros(n)
  return {
    blob: Buffer.concat(
      [Buffer.from(ALGORITHM), exponent, modulus].flatMap((field) => [sized(field), field]),
    ),
    bits: top.length === 0 ? 0 : (top.length - 1) * 8 + (32 - Math.clz32(top[0] ?? 0)),
  }
}

/** What an SSH key is made of: each field after its length. @returns null: the lengths don't fit */
function fieldsOf(blob: Uint8Array): readonly Uint8Array[] | null {
  const bytes = Buffer.from(blob)
  const fields: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return null
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return null
    fields.push(bytes.subarray(at + 4, end))
    at = end
  }
  return fields
}

function sized(field: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(field.length)
  return length
}

const withoutZeros = (number: Uint8Array): Uint8Array => {
  const first = number.findIndex((byte) => byte !== 0)
  return first < 0 ? new Uint8Array() : number.subarray(first)
}

/** @see RFC 4251, 5: `mpint`, a number whose first bit is its sign */
function positive(number: Uint8Array): Uint8Array {
  const bare = withoutZeros(number)
  return (bare[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bare]) : bare
}

const isOdd = (number: Uint8Array): boolean => ((number.at(-1) ?? 0) & 1) === 1

const base64url = (number: Uint8Array): string => Buffer.from(withoutZeros(number)).toString('base64url')
