import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { POLICY, type PolicyBody } from './kind.ts'

export const policy: EntityStore<PolicyBody> = {
  family: 'entity',
  longestName: POLICY.longestName,
  parent: null,
  links: {},
  documents: { version: { names: 'number', current: 'defaultVersion' } },
  readBody(json) {
    const { description, updated, defaultVersion, latestVersion } = fieldsOf(json) ?? {}
    return typeof description === 'string' &&
      isMoment(updated) &&
      Number.isSafeInteger(defaultVersion) &&
      Number.isSafeInteger(latestVersion)
      ? {
          description,
          updated,
          defaultVersion: Number(defaultVersion),
          latestVersion: Number(latestVersion),
        }
      : null
  },
}
