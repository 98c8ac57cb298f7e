import type * as sdk from '@aws-sdk/client-sts'
import type { Session } from '../caller.ts'
import type { Sealer } from '../sealing.ts'
import { accessKeyId } from '../unique-id.ts'

/** What a token shows to whoever has the key that sealed it. */
interface OpenedToken {
  readonly accountId: string
  readonly secret: string
  readonly session: Session
}

/**
 * Temporary credentials, of which nothing is kept: the token holds all of them, sealed, and is good for its own key alone.
 */
export interface SessionTokens {
  issue(session: Session, accountId: string): Required<sdk.Credentials>
  /** Whether its time is over is still to be asked. @returns null: it is no token of this key */
  open(keyId: string, token: string): OpenedToken | null
}

/** Of 30 random bytes, as AWS's: 40 characters of base 64. */
const SECRET_BYTES = 30

export const sessionTokens = (sealer: Sealer, randomBytes: (count: number) => Uint8Array): SessionTokens => ({
  issue(session, accountId) {
    const keyId = accessKeyId(accountId, randomBytes, 'ASIA')
    const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')
    const sealed: OpenedToken = { accountId, secret, session }
    return {
      AccessKeyId: keyId,
      SecretAccessKey: secret,
      SessionToken: sealer.seal(JSON.stringify(sealed), about(keyId)),
      Expiration: new Date(session.expires),
    }
  },
  open(keyId, token) {
    const opened = sealer.open(token, about(keyId))
    // It was sealed here: nobody else has the key.
    return opened === null ? null : (JSON.parse(opened) as OpenedToken)
  },
})

/** INVARIANT: nothing else is sealed about this, so that no other sealed text passes for a token. */
const about = (keyId: string): string => `session token ${keyId}`
