import type { Organization } from '../model/index.ts'
import { type Authorizer, createAuthorizer } from './authorization/authorizer.ts'
import type { Call } from './authorization/call.ts'
import { sessionPrincipal } from './authorization/calling-principal.ts'
import { denialMessages, type FindStatement } from './authorization/denial-messages.ts'
import type { CallingSession } from './caller.ts'
import { readTransactions, type WriteParts, writeTransactions } from './embedded-iam.ts'
import type { Sealer } from './sealing.ts'
import { IamError } from './service-error.ts'
import { openSts, type Sts } from './sts/open-sts.ts'
import type { ProviderKeys } from './sts/provider-keys.ts'
import { sessionTokens } from './sts/session-tokens.ts'

interface AuthorityParts extends WriteParts {
  /** Seals tokens and messages: whoever has its key can make credentials. */
  readonly sealer: Sealer
  /** Absent: none is known, and no control policies bind. */
  readonly organization?: Organization | null
  /** Whether root access is centralized in the organization. Absent: it isn't. */
  readonly rootSessions?: boolean
  /** Of a project that is known; absent: denials name no place in it. */
  readonly findStatement?: FindStatement
  /** Keys by which providers of OpenID Connect sign. Absent: none can be had. */
  readonly providerKeys?: ProviderKeys
}

/** Says who calls an account's API, and what they may. */
export interface Authority {
  /** @throws IamError AccessDenied; InvalidClientTokenId when the credentials are nobody's any more */
  authorize(call: Call): Promise<void>
  readonly sts: Sts
  /** @returns null: nobody has these credentials, or nobody any more; whether their time is over is still to be asked */
  sessionOf(
    accessKeyId: string,
    token: string,
  ): Promise<{ readonly secret: string; readonly expires: number; readonly caller: CallingSession } | null>
}

const NO_KEYS: ProviderKeys = (issuer) => Promise.reject(new Error(`no keys of ${issuer} are known`))

/** The evaluator is loaded at the first call that needs it. */
export function openAuthority(parts: AuthorityParts): Authority {
  const { account, organization = null, sealer, randomBytes, findStatement } = parts
  const { read } = readTransactions(parts)
  const { write } = writeTransactions(parts)
  const tokens = sessionTokens(sealer, randomBytes)
  const messages = denialMessages(sealer, account.id, findStatement)
  let created: Promise<Authorizer> | null = null
  const authorizer = (): Promise<Authorizer> => {
    created ??= createAuthorizer({ account, organization, messages })
    return created
  }
  return {
    authorize: async (call) => {
      const ready = await authorizer()
      await read((reading) => ready.authorize(reading, call))
    },
    sts: openSts({
      authorizer,
      tokens,
      messages,
      read,
      write,
      organization,
      rootSessions: parts.rootSessions ?? false,
      providerKeys: parts.providerKeys ?? NO_KEYS,
    }),
    sessionOf: async (accessKeyId, token) => {
      const opened = tokens.open(accessKeyId, token)
      if (opened === null || opened.accountId !== account.id) return null
      const { session, secret } = opened
      try {
        const principal = await read((reading) => sessionPrincipal(reading, session))
        const { arn, base, userId, row } = principal
        const named = { arn, userId, issuer: row && { arn: base ?? arn, id: row.id, name: row.name } }
        const userName = session.bearer.kind === 'sameUser' ? (row?.name ?? null) : null
        const caller = {
          kind: 'session',
          accountId: account.id,
          accessKeyId,
          userName,
          session,
          named,
        } as const
        return { secret, expires: session.expires, caller }
      } catch (error) {
        if (error instanceof IamError && error.code === 'InvalidClientTokenId') return null
        throw error
      }
    },
  }
}
