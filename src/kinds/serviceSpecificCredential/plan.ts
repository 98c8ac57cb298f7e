import { step } from '../../model/step.ts'
import type { ChildPlan } from '../../plan/children/child-plan.ts'
import { SERVICE_SPECIFIC_CREDENTIAL } from './kind.ts'

export const serviceSpecificCredential: ChildPlan<never> = {
  facts: SERVICE_SPECIFIC_CREDENTIAL,
  declared: null,
  delete: (UserName, ServiceSpecificCredentialId) => [
    step('DeleteServiceSpecificCredential', { UserName, ServiceSpecificCredentialId }),
  ],
}
