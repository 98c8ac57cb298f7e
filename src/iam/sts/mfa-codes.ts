import { takeCode } from '../../kinds/mfaDevice/iam.ts'
import { users } from '../../kinds/user/iam.ts'
import type { CallingPrincipal } from '../authorization/calling-principal.ts'
import { refused } from '../refusals.ts'
import type { StsContext } from './sts-call.ts'

/**
 * Takes the code that a call shows.
 * @returns whether one was shown
 * @throws IamError AccessDenied for any that isn't good
 */
export async function takeShownCode(
  { write }: Pick<StsContext, 'write'>,
  { row }: CallingPrincipal,
  { SerialNumber, TokenCode }: { readonly SerialNumber?: unknown; readonly TokenCode?: unknown },
): Promise<boolean> {
  if (SerialNumber === undefined && TokenCode === undefined) return false
  if (typeof SerialNumber !== 'string' || typeof TokenCode !== 'string')
    throw denied(
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    )
  const taken =
    row?.kind === users.kind
      ? await write((writing) => takeCode(writing, row.id, SerialNumber, TokenCode))
      : null
  if (taken === null)
    throw denied(
      'MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.',
    )
  if (!taken) throw denied('MultiFactorAuthentication failed with invalid MFA one time pass code.')
  return true
}

const denied = (message: string) => refused('AccessDenied', message)
