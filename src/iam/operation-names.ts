import type { IamKinds } from './iam-kind.ts'

/** Of no kind: they are about the account as a whole. */
const OF_THE_ACCOUNT = ['GetAccountAuthorizationDetails', 'GetAccountSummary'] as const

/** Which operations an embedded IAM of these kinds has. */
export function operationNames(kinds: IamKinds): {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
} {
  const all = Object.values(kinds)
  return {
    reads: new Set([...OF_THE_ACCOUNT, ...all.flatMap(({ reads }) => Object.keys(reads))]),
    writes: new Set(all.flatMap(({ writes }) => Object.keys(writes))),
  }
}
