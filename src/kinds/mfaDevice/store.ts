import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { isClearSeed, MFA_DEVICE, type MfaDeviceBody } from './kind.ts'

export const mfaDevice: EntityStore<MfaDeviceBody> = {
  family: 'entity',
  longestName: 226,
  parent: MFA_DEVICE.parent,
  isParentOptional: true,
  links: {},
  documents: {},
  readBody(json) {
    const { seed, enabled, drift, used } = fieldsOf(json) ?? {}
    return typeof seed === 'string' &&
      (isClearSeed(seed) || /^v1\.[\w-]+$/.test(seed)) &&
      (enabled === null || isMoment(enabled)) &&
      Number.isSafeInteger(drift) &&
      (used === undefined || Number.isSafeInteger(used))
      ? { seed, enabled, drift: Number(drift), ...(used === undefined ? {} : { used: Number(used) }) }
      : null
  },
}
