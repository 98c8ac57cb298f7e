import { step } from '../../model/step.ts'
import type { ChildPlan } from '../../plan/children/child-plan.ts'
import { MFA_DEVICE } from './kind.ts'

/** A virtual one is nobody's once it is deactivated, and stays in the account until it is deleted. */
export const mfaDevice: ChildPlan<never> = {
  facts: MFA_DEVICE,
  declared: null,
  delete: (UserName, SerialNumber) => [
    step('DeactivateMFADevice', { UserName, SerialNumber }),
    ...(/^arn:[^:]*:iam::\d{12}:mfa\//.test(SerialNumber)
      ? [step('DeleteVirtualMFADevice', { SerialNumber })]
      : []),
  ],
}
