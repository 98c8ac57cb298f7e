import { type EntityStore, fieldsOf, isTime } from '../../store/store-kind.ts'
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
      isTime(updated) &&
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
