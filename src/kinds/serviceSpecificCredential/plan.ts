import { step } from '../../model/step.ts'
import type { ChildPlan } from '../../plan/children/child-plan.ts'
import { valueDetail } from '../attributes/details.ts'
import { apiStatus } from '../attributes/status.ts'
import {
  CREDENTIAL_SERVICES,
  type DesiredServiceSpecificCredential,
  SERVICE_SPECIFIC_CREDENTIAL,
} from './kind.ts'

const DAY = 86_400_000

export const serviceSpecificCredential: ChildPlan<DesiredServiceSpecificCredential> = {
  facts: SERVICE_SPECIFIC_CREDENTIAL,
  declared: {
    create: (UserName, { variety: ServiceName, credentialAgeDays }) =>
      step('CreateServiceSpecificCredential', {
        UserName,
        ServiceName,
        ...(credentialAgeDays === null ? {} : { CredentialAgeDays: credentialAgeDays }),
      }),
    // Of some services it is a name and a password, of others a key.
    tells: {
      what: SERVICE_SPECIFIC_CREDENTIAL.label,
      at: {
        field: 'ServiceSpecificCredential',
        id: 'ServiceSpecificCredentialId',
        secrets: ['ServicePassword', 'ServiceCredentialSecret'],
        besides: ['ServiceName', 'ServiceUserName', 'ServiceCredentialAlias'],
        form: {},
      },
    },
    details: ({ variety, credentialAgeDays }) => [
      ...valueDetail('serviceName', null, variety),
      ...valueDetail('credentialAgeDays', null, credentialAgeDays),
    ],
    written: ({ variety, created, expires }) =>
      variety === undefined || !Object.hasOwn(CREDENTIAL_SERVICES, variety)
        ? null
        : {
            serviceName: variety,
            ...(created === undefined || expires === undefined
              ? {}
              : { credentialAgeDays: Math.max(1, Math.round((expires - created) / DAY)) }),
          },
    setStatus: (UserName, ServiceSpecificCredentialId, status) =>
      step('UpdateServiceSpecificCredential', {
        UserName,
        ServiceSpecificCredentialId,
        Status: apiStatus(status),
      }),
  },
  delete: (UserName, ServiceSpecificCredentialId) => [
    step('DeleteServiceSpecificCredential', { UserName, ServiceSpecificCredentialId }),
  ],
}
