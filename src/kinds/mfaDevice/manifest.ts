import type { RequirementManifest } from '../../manifest/manifest-kind.ts'
import { MFA_DEVICE } from './kind.ts'

export const MFA_DEVICE_MANIFEST: RequirementManifest = {
  facts: MFA_DEVICE,
  key: 'mfa',
  told: '`required`: a plan says so where the user has no MFA device. Who holds one assigns it.',
}
