import type * as sdk from '@aws-sdk/client-sts'
import type { CallingSession, Session } from '../caller.ts'
import type { Sealer } from '../sealing.ts'
import { accessKeyId } from '../unique-id.ts'

/** What a token shows to whoever has the key that sealed it. */
type Opened =
  | { readonly caller: CallingSession; readonly secretAccessKey: string }
  /** `expired`: it was one of ours, until its time was over. */
  | { readonly refusal: 'invalid' | 'expired' }

/**
 * Temporary credentials, of which nothing is kept: the token holds all of them, sealed, and is good for its own key alone.
 */
export interface SessionTokens {
  issue(session: Session, accountId: string): Required<sdk.Credentials>
  /** @param now milliseconds since the epoch */
  open(keyId: string, token: string, now: number): Opened
}

/** Of 30 random bytes, as AWS's: 40 characters of base 64. */
const SECRET_BYTES = 30

/** As a token has them. */
interface Sealed {
  readonly accountId: string
  readonly secret: string
  readonly session: Session
}

export const sessionTokens = (sealer: Sealer, randomBytes: (count: number) => Uint8Array): SessionTokens => ({
  issue(session, accountId) {
    const keyId = accessKeyId(accountId, randomBytes, 'ASIA')
    const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')
    const sealed: Sealed = { accountId, secret, session }
    return {
      AccessKeyId: keyId,
      SecretAccessKey: secret,
      SessionToken: sealer.seal(JSON.stringify(sealed), about(keyId)),
      Expiration: new Date(session.expires),
    }
  },
  open(keyId, token, now) {
    const opened = sealer.open(token, about(keyId))
    if (opened === null) return { refusal: 'invalid' }
    // It was sealed here: nobody else has the key.
    const { accountId, secret, session } = JSON.parse(opened) as Sealed
    if (now >= session.expires) return { refusal: 'expired' }
    return {
      caller: { kind: 'session', accountId, accessKeyId: keyId, session },
      secretAccessKey: secret,
    }
  },
})

/** INVARIANT: nothing else is sealed about this, so that no other sealed text passes for a token. */
const about = (keyId: string): string => `session token ${keyId}`
