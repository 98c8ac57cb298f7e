import { step } from '../../model/step.ts'
import type { ChildPlan } from '../../plan/children/child-plan.ts'
import { apiStatus } from '../attributes/status.ts'
import { ACCESS_KEY, type DesiredAccessKey } from './kind.ts'

export const accessKey: ChildPlan<DesiredAccessKey> = {
  facts: ACCESS_KEY,
  declared: {
    create: (UserName) => step('CreateAccessKey', { UserName }),
    tells: {
      what: ACCESS_KEY.label,
      // As the AWS CLI reads it from a `credential_process`.
      at: {
        field: 'AccessKey',
        id: 'AccessKeyId',
        secrets: ['SecretAccessKey'],
        besides: [],
        form: { Version: 1 },
      },
    },
    written: () => ({}),
    setStatus: (UserName, AccessKeyId, status) =>
      step('UpdateAccessKey', { UserName, AccessKeyId, Status: apiStatus(status) }),
  },
  delete: (UserName, AccessKeyId) => [step('DeleteAccessKey', { UserName, AccessKeyId })],
}
