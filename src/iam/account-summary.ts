import type * as sdk from '@aws-sdk/client-iam'
import type { Reading } from './context.ts'

/** What an account has and may have, by the keys of `GetAccountSummary`. */
export type Summary = Readonly<Partial<Record<sdk.SummaryKeyType, number>>>

/** Nobody is the root user of an account here: it has no credentials, and no device. Tokens are of the first version, as they are by default. */
const OF_THE_ROOT_USER: Summary = {
  AccountMFAEnabled: 0,
  AccountAccessKeysPresent: 0,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  GlobalEndpointTokenVersion: 1,
}

/** @param parts what kinds say of it; what two say under one key is added */
export async function getAccountSummary<E, S>(
  parts: readonly ((reading: Reading<E, S>) => Promise<Summary>)[],
  reading: Reading<E, S>,
): Promise<sdk.GetAccountSummaryResponse> {
  const all: Record<string, number> = { ...OF_THE_ROOT_USER }
  for (const part of parts)
    for (const [key, value] of Object.entries(await part(reading))) all[key] = (all[key] ?? 0) + value
  return { SummaryMap: all }
}
