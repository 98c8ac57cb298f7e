import type { Caller } from '../../iam/caller.ts'
import { operationNames } from '../../iam/operation-names.ts'
import { SIGNED_OPERATIONS, UNSIGNED_OPERATIONS } from '../../iam/sts/open-sts.ts'
import { IAM_KINDS } from '../../kinds/iam.ts'
import { userNameOf } from '../../server/calls/own-user.ts'
import type { ApiParts, Operations } from '../../server/calls/ports.ts'
import type { SigningCredential } from '../../server/signature/verify.ts'
import type { ServedAccount } from '../../target/local/open-served-account.ts'

/** The parts of an account's API that hang on the account. */
type AccountApi = Pick<ApiParts, 'services' | 'credentialOf' | 'authorize' | 'noteUse'>

/** @param noticed told of what went wrong while nobody waited */
export function servedApi(
  { iam, keys, authority }: ServedAccount,
  noticed: (error: unknown) => void,
): AccountApi {
  return {
    services: { iam: iamOperations(iam), sts: stsOperations(authority) },
    credentialOf: (accessKeyId, sessionToken) =>
      sessionToken === null
        ? longTermCredential(keys, accessKeyId)
        : sessionCredential(authority, accessKeyId, sessionToken),
    authorize: async ({ service, operation, input, caller, from }) => {
      // Operations of STS say themselves what they need.
      if (service === 'sts') return
      await authority.authorize({ operation, input: { ...input }, caller, request: from })
    },
    noteUse: ({ caller, service, from: { now, region } }) => {
      if (caller.kind === 'root' || caller.kind === 'session') return
      keys.noteUse(caller.accessKeyId, { time: now, service, region }).catch(noticed)
    },
  }
}

const NOBODY: ReadonlySet<string> = new Set()

const stsOperations = ({ sts }: ServedAccount['authority']): Operations => ({
  names: new Set([...SIGNED_OPERATIONS, ...UNSIGNED_OPERATIONS]),
  unsigned: UNSIGNED_OPERATIONS,
  call: (operation, input, caller, from) => sts.call(operation, { ...input }, caller, from),
})

function iamOperations(iam: ServedAccount['iam']): Operations {
  const { reads, writes } = operationNames(IAM_KINDS)
  return {
    names: new Set([...reads, ...writes]),
    unsigned: NOBODY,
    // What was decoded by the model is what the operations' types say: both are of the SDK's schemas.
    call: async (operation, input, caller) =>
      (reads.has(operation)
        ? await iam.read(operation as never, input as never)
        : await iam.write(
            operation as never,
            input as never,
            (caller === null ? null : userNameOf(caller)) ?? undefined,
          )) as object,
  }
}

async function longTermCredential(
  keys: ServedAccount['keys'],
  accessKeyId: string,
): Promise<SigningCredential<Caller> | null> {
  const key = await keys.find(accessKeyId)
  return key === null
    ? null
    : {
        secret: key.secret,
        isActive: key.isActive,
        identity: key.caller,
        sessionToken: null,
        expires: null,
      }
}

async function sessionCredential(
  authority: ServedAccount['authority'],
  accessKeyId: string,
  sessionToken: string,
): Promise<SigningCredential<Caller> | null> {
  const found = await authority.sessionOf(accessKeyId, sessionToken)
  if (found === null) return null
  const { secret, expires, caller } = found
  return { secret, isActive: true, identity: caller, sessionToken, expires }
}
