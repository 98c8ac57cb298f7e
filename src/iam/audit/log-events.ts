import type { Account } from '../../model/index.ts'
import { type AuditRecord, EVENT_VERSION, eventTime } from './audit-record.ts'
import { canonicalText } from './canonical-text.ts'

/** What a log has to say of itself. */
type LogEvent = 'AuditRecordsDropped' | 'AuditSealRenewed'

/** Of one of those, as its canonical text has it: no value of a record can hold it, since quotes in values are escaped. */
export const SEAL_RENEWED = '"eventName":"AuditSealRenewed"'

/** @param id makes one that nothing else has */
export const logEvents =
  (account: Account, clock: () => number, id: () => string) =>
  (eventName: LogEvent, serviceEventDetails: object): string => {
    const record: AuditRecord = {
      eventVersion: EVENT_VERSION,
      userIdentity: { type: 'AWSService', accountId: account.id, invokedBy: 'iam-sync' },
      eventTime: eventTime(clock()),
      eventSource: 'iam-sync',
      eventName,
      awsRegion: '',
      sourceIPAddress: 'iam-sync',
      userAgent: null,
      requestParameters: null,
      responseElements: null,
      serviceEventDetails,
      requestID: id(),
      eventID: id(),
      readOnly: false,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: account.id,
      eventCategory: 'Management',
    }
    return canonicalText(record)
  }
