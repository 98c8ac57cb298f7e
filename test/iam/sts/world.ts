import { openAuthority } from '../../../src/iam/authority.ts'
import type { RequestFacts } from '../../../src/iam/authorization/call.ts'
import type { Caller } from '../../../src/iam/caller.ts'
import { openIam } from '../../../src/iam/embedded-iam.ts'
import { sealerOf } from '../../../src/iam/sealing.ts'
import type { ProviderKeys } from '../../../src/iam/sts/provider-keys.ts'
import { sessionTokens } from '../../../src/iam/sts/session-tokens.ts'
import { IAM_KINDS } from '../../../src/kinds/iam.ts'
import type { Account, Organization, PolicyDocument } from '../../../src/model/index.ts'
import { fixedBytes } from '../../fixed-seed.ts'
import { openWritable } from '../../store/open-sqlite.ts'
import { ACCOUNT, AWS_POLICIES } from '../account.ts'

export const SEALER = sealerOf(new Uint8Array(32).fill(9), fixedBytes)
export const TOKENS = sessionTokens(SEALER, fixedBytes)

/** An account with STS, whose clock stands until it is moved on. */
export async function openAccountWithSts(
  organization: Organization | null = null,
  providerKeys?: ProviderKeys,
  more: {
    readonly account?: Account
    readonly rootSessions?: boolean
    readonly policies?: ReadonlyMap<string, PolicyDocument>
  } = {},
) {
  const store = await openWritable({ file: ':memory:', account: more.account ?? ACCOUNT })
  let now = Date.UTC(2026, 0, 2)
  const parts = {
    account: more.account ?? ACCOUNT,
    kinds: IAM_KINDS,
    store: store.iam,
    awsPolicies:
      more.policies === undefined
        ? AWS_POLICIES
        : {
            ...AWS_POLICIES,
            document: (arn: string) => more.policies?.get(arn) ?? AWS_POLICIES.document(arn),
          },
    clock: () => now,
    randomBytes: fixedBytes,
    passwordCost: 1,
  }
  const authority = openAuthority({
    ...parts,
    sealer: SEALER,
    organization,
    rootSessions: more.rootSessions ?? false,
    ...(providerKeys === undefined ? {} : { providerKeys }),
  })
  const request = (): RequestFacts => ({
    now,
    sourceIp: '203.0.113.7',
    userAgent: 'a client',
    isSecure: true,
    region: 'us-east-1',
  })
  const iam = openIam(parts)
  return {
    iam,
    sts: authority.sts,
    request,
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    now: () => now,
    /** As a server has it: by the credentials of an earlier call. */
    callerOf: async (credentials: Given | undefined): Promise<Caller> => {
      const { AccessKeyId = '', SessionToken = '' } = credentials ?? {}
      const found = await authority.sessionOf(AccessKeyId, SessionToken)
      if (found === null) throw new Error('invalid')
      if (found.expires <= now) throw new Error('expired')
      return found.caller
    },
    authorize: (caller: Caller, operation: string, input: Record<string, unknown>) =>
      authority.authorize({ caller, operation, input, request: request() }),
  }
}

interface Given {
  readonly AccessKeyId?: string | undefined
  readonly SessionToken?: string | undefined
}
