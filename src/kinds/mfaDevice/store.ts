import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { MFA_DEVICE, type MfaDeviceBody } from './kind.ts'

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
      /^[A-Z2-7]+$/.test(seed) &&
      (enabled === null || isMoment(enabled)) &&
      Number.isSafeInteger(drift) &&
      (used === undefined || Number.isSafeInteger(used))
      ? { seed, enabled, drift: Number(drift), ...(used === undefined ? {} : { used: Number(used) }) }
      : null
  },
}
