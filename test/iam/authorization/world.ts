import { type Authorizer, createAuthorizer } from '../../../src/iam/authorization/authorizer.ts'
import type { Call, RequestFacts } from '../../../src/iam/authorization/call.ts'
import { denialMessages } from '../../../src/iam/authorization/denial-messages.ts'
import type { Caller } from '../../../src/iam/caller.ts'
import type { Reading } from '../../../src/iam/context.ts'
import { type IamReading, type IamWriting, readTransactions } from '../../../src/iam/embedded-iam.ts'
import { sealerOf } from '../../../src/iam/sealing.ts'
import type { Organization } from '../../../src/model/index.ts'
import { fixedBytes } from '../../fixed-seed.ts'
import { ACCOUNT, AWS_POLICIES, openAccount } from '../account.ts'

export const NOW = Date.UTC(2026, 0, 2)

export const REQUEST: RequestFacts = {
  now: NOW,
  sourceIp: '203.0.113.7',
  userAgent: 'a client',
  isSecure: true,
  region: 'us-east-1',
}

export const MESSAGES = denialMessages(
  sealerOf(new Uint8Array(32).fill(7), fixedBytes),
  ACCOUNT.id,
  ({ inline }, statement) => (inline === 'own' ? { file: 'people.yaml', line: 7 + statement } : null),
)

interface AuthorizedAccount {
  readonly iam: IamReading & IamWriting
  readonly authorizer: Authorizer
  read<T>(work: (reading: Reading) => Promise<T>): Promise<T>
  authorize(call: Pick<Call, 'caller' | 'operation' | 'input'>): Promise<void>
}

/** A new account whose calls are authorized. */
export async function openAuthorized(organization: Organization | null = null): Promise<AuthorizedAccount> {
  const { iam, store } = await openAccount()
  const authorizer = await createAuthorizer({ account: ACCOUNT, organization, messages: MESSAGES })
  const { read } = readTransactions({ account: ACCOUNT, store, awsPolicies: AWS_POLICIES })
  return {
    iam,
    authorizer,
    read,
    authorize: (call) => read((reading) => authorizer.authorize(reading, { ...call, request: REQUEST })),
  }
}

export const ROOT: Caller = { kind: 'root', accountId: ACCOUNT.id, accessKeyId: 'AKIAROOT' }

export const userCalling = (userName: string): Caller => ({
  kind: 'user',
  accountId: ACCOUNT.id,
  accessKeyId: 'AKIAUSER',
  userName,
})

/** A policy document as callers write it. */
export const policyText = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })
