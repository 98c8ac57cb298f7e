import type * as sdk from '#generated/iam-api'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/*
 * A device that shows codes. People assign them to users, since whoever holds one must read codes from it: no manifest
 * declares any, and no apply makes one. A user that goes loses theirs.
 */

/** Whether a seed stands there as it is, in base 32: a sealed one never does. */
export const isClearSeed = (seed: string): boolean => /^[A-Z2-7]+$/.test(seed)

/** What a store keeps of one. */
export interface MfaDeviceBody {
  /** What its codes are made of: sealed, about the device's id, where there is a master key; else as `isClearSeed` says. */
  readonly seed: string
  /** When it was enabled; null: it is nobody's. */
  readonly enabled: number | null
  /** How many steps its clock was off when it was last heard of. */
  readonly drift: number
  /** The step of the last code that was taken: none before it, nor it again, is taken. Absent: none was. */
  readonly used?: number
}

export interface MfaDeviceReads {
  readonly ListMFADevices: Operation<sdk.ListMFADevicesRequest, sdk.ListMFADevicesResponse>
  readonly ListVirtualMFADevices: Operation<
    sdk.ListVirtualMFADevicesRequest,
    sdk.ListVirtualMFADevicesResponse
  >
  readonly GetMFADevice: Operation<sdk.GetMFADeviceRequest, sdk.GetMFADeviceResponse>
  readonly ListMFADeviceTags: Operation<sdk.ListMFADeviceTagsRequest, sdk.ListMFADeviceTagsResponse>
}

export interface MfaDeviceWrites {
  readonly CreateVirtualMFADevice: Operation<
    sdk.CreateVirtualMFADeviceRequest,
    sdk.CreateVirtualMFADeviceResponse
  >
  readonly EnableMFADevice: Operation<sdk.EnableMFADeviceRequest>
  readonly ResyncMFADevice: Operation<sdk.ResyncMFADeviceRequest>
  readonly DeactivateMFADevice: Operation<sdk.DeactivateMFADeviceRequest>
  readonly DeleteVirtualMFADevice: Operation<sdk.DeleteVirtualMFADeviceRequest>
  readonly TagMFADevice: Operation<sdk.TagMFADeviceRequest>
  readonly UntagMFADevice: Operation<sdk.UntagMFADeviceRequest>
}

export const MFA_DEVICE: ChildFacts = {
  family: 'child',
  section: 'mfaDevices',
  label: 'MFA device',
  article: 'an',
  plural: 'MFA devices',
  parent: 'user',
  shownAs: 'serialNumber',
  most: 8,
  isOfOneParent: true,
  standsInTheWay: 'Cannot delete entity, must delete MFA device first.',
  reportedIn: 'mfa_active',
}
