import { IAM_REGIONS } from '../../evaluator/estate/derived-context.ts'
import {
  type AuditRecord,
  EVENT_VERSION,
  eventTime,
  type UserIdentity,
} from '../../iam/audit/audit-record.ts'
import { userIdentity } from '../../iam/audit/user-identity.ts'
import { type Account, parseArn } from '../../model/index.ts'
import type { AnsweredCall } from '../calls/ports.ts'
import { operationIn, SERVICES } from '../protocol/shapes.ts'
import { LONGEST_TEXT, shownMessage } from './shown-message.ts'
import { inputSecrets, shownValues } from './shown-values.ts'

/** @see AWS CloudTrail User Guide, "CloudTrail record contents": what is longer is left out. In characters. */
const LONGEST_SHOWN = 102_400
const LONGEST_ARN = 2048
/** Of whoever signs nothing: they may fill no disk. */
const LONGEST_OF_NOBODY = 8192

/**
 * The record of a call.
 * @returns null: it was for no operation that there is, so that it is no call
 */
export function callRecord(account: Account, call: AnsweredCall, eventID: string): AuditRecord | null {
  const { operation, input, answer, error, caller } = call
  const service = SERVICES.find(({ name }) => name === call.service)
  const model = service && operation !== null ? operationIn(service, operation) : undefined
  if (service === undefined || operation === null || model === undefined) return null
  const readOnly = isReading(operation)
  const given: unknown = input === null ? undefined : Reflect.get(input, 'RoleArn')
  const arn = typeof given === 'string' && given.length <= LONGEST_ARN ? parseArn(given) : null
  return {
    eventVersion: EVENT_VERSION,
    userIdentity: caller === null ? nobodySigned(call) : userIdentity(account, caller),
    eventTime: eventTime(call.time + call.took),
    eventSource: `${service.name}.amazonaws.com`,
    eventName: operation,
    awsRegion: regionOf(account, call),
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent?.slice(0, LONGEST_TEXT) ?? null,
    ...(error === null
      ? {}
      : {
          errorCode: error.code,
          errorMessage: shownMessage(error.message, inputSecrets(service, model.input, input)),
        }),
    requestParameters: shownValues(
      service,
      model.input,
      input,
      caller === null ? LONGEST_OF_NOBODY : LONGEST_SHOWN,
    ),
    responseElements:
      error !== null || (readOnly && !isAssuming(operation))
        ? null
        : shownValues(service, model.output, answer, LONGEST_SHOWN),
    requestID: call.requestId,
    eventID,
    readOnly,
    ...(service.name === 'sts' && arn !== null
      ? { resources: [{ accountId: arn.account, type: 'AWS::IAM::Role', ARN: String(given) }] }
      : {}),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account.id,
    eventCategory: 'Management',
  }
}

/** Calls of STS that give credentials count as reading, and are shown what they gave all the same. */
const isReading = (operation: string): boolean =>
  /^(?:Get|List|Generate|Simulate|Decode|Assume)/.test(operation)

const isAssuming = (operation: string): boolean =>
  /^Assume|^Get(?:Session|Federation|DelegatedAccess)Token$/.test(operation)

/** IAM is one for its whole partition. */
const regionOf = ({ partition }: Account, { service, region }: AnsweredCall): string =>
  (service === 'iam' ? IAM_REGIONS.get(partition) : region) ?? IAM_REGIONS.get(partition) ?? ''

/** What else stands there may be anything, a secret by mistake too. */
const KEY_ID = /^A[KS]IA[A-Z0-9]{12,28}$/

/**
 * A provider vouches for whoever signs nothing, once it was believed; what wasn't is nobody's word.
 * @see AWS CloudTrail User Guide, "CloudTrail userIdentity element": values for AWS STS APIs with SAML and web identity federation
 */
function nobodySigned({ operation, answer, claimedKeyId, invokedBy }: AnsweredCall): UserIdentity {
  if (invokedBy !== undefined) return { type: 'AWSService', invokedBy }
  const told = (member: string): string => String(Reflect.get(answer ?? {}, member) ?? '')
  switch (operation) {
    case 'AssumeRoleWithSAML':
      return {
        type: 'SAMLUser',
        ...(answer === null
          ? {}
          : {
              principalId: `${told('NameQualifier')}:${told('Subject')}`,
              userName: told('Subject'),
              identityProvider: told('NameQualifier'),
            }),
      }
    case 'AssumeRoleWithWebIdentity':
      return {
        type: 'WebIdentityUser',
        ...(answer === null
          ? {}
          : {
              principalId: `${told('Provider')}:${told('Audience')}:${told('SubjectFromWebIdentityToken')}`,
              userName: told('SubjectFromWebIdentityToken'),
              identityProvider: told('Provider'),
            }),
      }
    default:
      // Nobody has shown that it is theirs.
      return claimedKeyId !== null && KEY_ID.test(claimedKeyId)
        ? { type: 'Unknown', accessKeyId: claimedKeyId }
        : { type: 'Unknown' }
  }
}
