// Public halves of keys and certificates that nobody has the private one of, made from a seed as far as they can be.
import { createECDH, createPrivateKey, sign } from 'node:crypto'

/** `length` bytes, the first bit and the last one set: what an RSA modulus looks like. */
function oddBytes(random, length) {
  const bytes = Buffer.from(Array.from({ length }, () => random.below(256)))
  bytes[0] |= 0x80
  bytes[length - 1] |= 1
  return bytes
}

/** In OpenSSH's form. Of no primes, which nobody asks a public key for. */
export function sshPublicKey(random, comment) {
  const field = (bytes) => {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(bytes.length)
    return Buffer.concat([size, bytes])
  }
  const modulus = Buffer.concat([Uint8Array.of(0), oddBytes(random, 256)])
  const body = [Buffer.from('ssh-rsa'), Uint8Array.of(1, 0, 1), modulus].map((each) =>
    field(Buffer.from(each)),
  )
  return `ssh-rsa ${Buffer.concat(body).toString('base64')} ${comment}`
}

// ASN.1 in DER, as much as a certificate takes. @see ITU-T X.690; RFC 5280, section 4.1

const der = (tag, ...parts) => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.of(tag, ...size), content])
}
const sequence = (...parts) => der(0x30, ...parts)
const ECDSA_WITH_SHA256 = sequence(der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))

/**
 * A certificate that signs itself, in PEM, with its key. The key is of the seed; the signature isn't, since ECDSA draws a number of its own.
 * @param number its serial number, up to 32,767
 */
export function selfSigned(random, subject, number) {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(Buffer.concat([Uint8Array.of(1), oddBytes(random, 31)]))
  const point = curve.getPublicKey()
  const text = (bytes) => bytes.toString('base64url')
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: text(curve.getPrivateKey()),
      x: text(point.subarray(1, 33)),
      y: text(point.subarray(33)),
    },
  })
  const name = sequence(der(0x31, sequence(der(0x06, [0x55, 0x04, 0x03]), der(0x0c, Buffer.from(subject)))))
  const time = (year) => der(0x18, Buffer.from(`${year}0101000000Z`))
  const spki = sequence(
    sequence(
      der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
      der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]),
    ),
    der(0x03, [0], point),
  )
  const toSign = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1, number >> 8, number & 0xff]),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(2020), time(2120)),
    name,
    spki,
  )
  const bytes = sequence(toSign, ECDSA_WITH_SHA256, der(0x03, [0], sign('sha256', toSign, key)))
  const base64 = bytes.toString('base64')
  return {
    base64,
    pem: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: key.export({ type: 'pkcs8', format: 'pem' }),
  }
}
