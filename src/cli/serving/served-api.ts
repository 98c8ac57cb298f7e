import type { Caller } from '../../iam/caller.ts'
import { operationNames } from '../../iam/operation-names.ts'
import { IamError } from '../../iam/service-error.ts'
import { IAM_KINDS } from '../../kinds/iam.ts'
import type { Account } from '../../model/index.ts'
import { userNameOf } from '../../server/calls/own-user.ts'
import type { ApiParts, AskedCall, Operations } from '../../server/calls/ports.ts'
import type { SigningCredential } from '../../server/signature/verify.ts'
import type { ServedAccount } from '../../target/local/open-served-account.ts'

/** The parts of an account's API that hang on the account. */
type AccountApi = Pick<ApiParts, 'services' | 'credentialOf' | 'authorize' | 'noteUse'>

/** @param noticed told of what went wrong while nobody waited */
export function servedApi(
  account: Account,
  { iam, keys }: ServedAccount,
  noticed: (error: unknown) => void,
): AccountApi {
  return {
    services: { iam: iamOperations(iam), sts: NOTHING },
    credentialOf: (accessKeyId) => longTermCredential(keys, accessKeyId),
    authorize: (call) => authorized(account, call),
    noteUse: ({ caller, service, from: { now, region } }) => {
      if (caller.kind !== 'user') return
      keys.noteUse(caller.accessKeyId, { time: now, service, region }).catch(noticed)
    },
  }
}

const NOBODY: ReadonlySet<string> = new Set()

const NOTHING: Operations = {
  names: NOBODY,
  unsigned: NOBODY,
  call: (operation) => Promise.reject(new IamError('ServiceFailure', `${operation} is left out`)),
}

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

/** The root user may do everything; who else may do what is still to come. */
async function authorized(
  { id, partition }: Account,
  { caller, service, operation }: AskedCall,
): Promise<void> {
  if (caller.kind === 'root') return
  throw new IamError(
    'AccessDenied',
    `User: arn:${partition}:iam::${id}:user/${userNameOf(caller) ?? ''} is not authorized to perform: ${service}:${operation} because no identity-based policy allows the ${service}:${operation} action`,
  )
}
