/**
 * One call, as CloudTrail has it. Nothing in it is a secret.
 * @see AWS CloudTrail User Guide, "CloudTrail record contents"
 */
export interface AuditRecord {
  readonly eventVersion: typeof EVENT_VERSION
  readonly userIdentity: UserIdentity
  /** When it was answered, ISO 8601 UTC to the second. */
  readonly eventTime: string
  readonly eventSource: string
  readonly eventName: string
  readonly awsRegion: string
  readonly sourceIPAddress: string
  readonly userAgent: string | null
  readonly errorCode?: string
  readonly errorMessage?: string
  readonly requestParameters: object | null
  /** null: of what only reads. */
  readonly responseElements: object | null
  readonly additionalEventData?: object
  /** Of what only the log itself has to say. */
  readonly serviceEventDetails?: object
  readonly requestID: string
  readonly eventID: string
  readonly readOnly: boolean
  readonly resources?: readonly { readonly accountId: string; readonly type: string; readonly ARN: string }[]
  readonly eventType: 'AwsApiCall' | 'AwsServiceEvent'
  readonly managementEvent: true
  readonly recipientAccountId: string
  readonly eventCategory: 'Management'
}

export const EVENT_VERSION = '1.11'

/** @see AWS CloudTrail User Guide, "CloudTrail userIdentity element" */
export interface UserIdentity {
  readonly type:
    | 'Root'
    | 'IAMUser'
    | 'AssumedRole'
    | 'FederatedUser'
    | 'SAMLUser'
    | 'WebIdentityUser'
    | 'AWSService'
    | 'Unknown'
  readonly principalId?: string
  readonly arn?: string
  readonly accountId?: string
  readonly accessKeyId?: string
  readonly userName?: string
  readonly identityProvider?: string
  readonly invokedBy?: string
  readonly sessionContext?: SessionContext
}

export interface SessionContext {
  readonly sessionIssuer?: {
    readonly type: 'Role' | 'IAMUser' | 'Root'
    readonly principalId: string
    readonly arn: string
    readonly accountId: string
    readonly userName?: string
  }
  readonly webIdFederationData?: { readonly federatedProvider: string; readonly attributes: object }
  readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: 'true' | 'false' }
  readonly sourceIdentity?: string
  readonly assumedRoot?: 'true'
}

/** As CloudTrail writes times. */
export const eventTime = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`
