import type * as sdk from '@aws-sdk/client-sts'
import { InvariantError } from '../../diagnostics/index.ts'
import type { Operation } from '../../model/operation.ts'
import type { Call, RequestFacts } from '../authorization/call.ts'
import type { Caller } from '../caller.ts'
import { assumeRole } from './assume-role.ts'
import { assumeRoot } from './assume-root.ts'
import { getFederationToken, getSessionToken } from './own-sessions.ts'
import { assumeRoleWithSaml } from './saml.ts'
import { assumeByService, type ServiceSession } from './service-session.ts'
import type { StsCall, StsContext } from './sts-call.ts'
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from './told-identities.ts'
import { assumeRoleWithWebIdentity } from './web-identity.ts'

/** The operations of STS that calls are signed for. */
interface SignedOperations {
  readonly AssumeRole: Operation<sdk.AssumeRoleRequest, sdk.AssumeRoleResponse>
  readonly AssumeRoot: Operation<sdk.AssumeRootRequest, sdk.AssumeRootResponse>
  readonly DecodeAuthorizationMessage: Operation<
    sdk.DecodeAuthorizationMessageRequest,
    sdk.DecodeAuthorizationMessageResponse
  >
  readonly GetAccessKeyInfo: Operation<sdk.GetAccessKeyInfoRequest, sdk.GetAccessKeyInfoResponse>
  readonly GetCallerIdentity: Operation<sdk.GetCallerIdentityRequest, sdk.GetCallerIdentityResponse>
  readonly GetFederationToken: Operation<sdk.GetFederationTokenRequest, sdk.GetFederationTokenResponse>
  readonly GetSessionToken: Operation<sdk.GetSessionTokenRequest, sdk.GetSessionTokenResponse>
}

type SignedOperation = keyof SignedOperations
type Handler<Input, Output> = (context: StsContext, call: StsCall<Input>) => Promise<Output>

const SIGNED: {
  readonly [O in SignedOperation]: Handler<SignedOperations[O]['input'], SignedOperations[O]['output']>
} = {
  AssumeRole: assumeRole,
  AssumeRoot: assumeRoot,
  DecodeAuthorizationMessage: decodeAuthorizationMessage,
  GetAccessKeyInfo: getAccessKeyInfo,
  GetCallerIdentity: getCallerIdentity,
  GetFederationToken: getFederationToken,
  GetSessionToken: getSessionToken,
}

/** Those that nobody signs: a provider vouches for whoever calls. */
interface UnsignedOperations {
  readonly AssumeRoleWithSAML: (
    context: StsContext,
    input: Parameters<typeof assumeRoleWithSaml>[1],
    request: RequestFacts,
  ) => Promise<sdk.AssumeRoleWithSAMLResponse>
  readonly AssumeRoleWithWebIdentity: (
    context: StsContext,
    input: Parameters<typeof assumeRoleWithWebIdentity>[1],
    request: RequestFacts,
  ) => Promise<sdk.AssumeRoleWithWebIdentityResponse>
}

const UNSIGNED: UnsignedOperations = {
  AssumeRoleWithSAML: assumeRoleWithSaml,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
}

export const UNSIGNED_OPERATIONS: ReadonlySet<string> = new Set(Object.keys(UNSIGNED))
export const SIGNED_OPERATIONS: ReadonlySet<string> = new Set(Object.keys(SIGNED))

type UnsignedHandler = (context: StsContext, input: Call['input'], request: RequestFacts) => Promise<object>

const isUnsigned = (operation: string): operation is keyof UnsignedOperations =>
  Object.hasOwn(UNSIGNED, operation)

const isSigned = (operation: string): operation is SignedOperation => Object.hasOwn(SIGNED, operation)

export interface Sts {
  /**
   * Authorizes a call that is signed, and carries it out.
   * @param call its input is of the operation's shape; what is in it is checked here
   * @throws IamError with STS's codes
   */
  signed<O extends SignedOperation>(
    operation: O,
    call: Omit<Call, 'operation'>,
  ): Promise<SignedOperations[O]['output']>
  /**
   * As they come from a server, of which operation is not known before.
   * @param caller null: it was not signed
   */
  call(operation: string, input: Call['input'], caller: Caller | null, request: RequestFacts): Promise<object>
  /** A session that a service of AWS begins by itself. @throws IamError AccessDenied: the role does not trust it */
  byService(session: ServiceSession, request: RequestFacts): ReturnType<typeof assumeByService>
}

/** STS of one account. Nothing of a session is kept. */
export function openSts(context: StsContext): Sts {
  const signed = async <O extends SignedOperation>(operation: O, call: Omit<Call, 'operation'>) => {
    // Of an operation and the input of another one handlers refuse what they can't read.
    const carryOut = SIGNED[operation] as Handler<object, SignedOperations[O]['output']>
    return carryOut(context, { ...call, operation })
  }
  return {
    signed,
    byService: (session, request) => assumeByService(context, session, request),
    call: async (operation, input, caller, request) => {
      // Whoever signs such a call all the same is not asked: the provider's word counts alone.
      if (isUnsigned(operation)) {
        const carryOut = UNSIGNED[operation] as UnsignedHandler
        return carryOut(context, input, request)
      }
      if (caller === null || !isSigned(operation))
        throw new InvariantError(`${operation} is no operation that such a call can have`)
      return signed(operation, { input, caller, request })
    },
  }
}
