import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Keeps what only this IAM may read. */
export interface Sealer {
  /** @param about what the secret is of; only with the same text it opens again */
  seal(secret: string, about: string): string
  /** @returns null: it was sealed by another key, about something else, or is no sealed text */
  open(sealed: string, about: string): string | null
}

export const SEALING_KEY_BYTES = 32

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1.'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/*
 *   v1. base64url( nonce 12 | tag 16 | ciphertext )
 *
 * A nonce is drawn anew each time: with one key, no more than 2^32 secrets are to be sealed.
 */

/**
 * @param key of `SEALING_KEY_BYTES`
 * @see NIST SP 800-38D, section 8.3: how many random nonces a key may have
 */
export function sealerOf(key: Uint8Array, randomBytes: (count: number) => Uint8Array): Sealer {
  return {
    seal(secret, about) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(about))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return `${VERSION}${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`
    },
    open(sealed, about) {
      if (!sealed.startsWith(VERSION)) return null
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(about))
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

/** A sealer that is made when there is something to seal or to open. */
export function sealerWhenNeeded(open: () => Sealer): Sealer {
  let opened: Sealer | null = null
  const made = () => {
    opened ??= open()
    return opened
  }
  return {
    seal: (secret, about) => made().seal(secret, about),
    open: (sealed, about) => made().open(sealed, about),
  }
}
