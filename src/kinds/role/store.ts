import { type EntityStore, fieldsOf } from '../../store/store-kind.ts'
import { ROLE, type RoleBody } from './kind.ts'

export const role: EntityStore<RoleBody> = {
  family: 'entity',
  longestName: ROLE.longestName,
  parent: null,
  links: {
    policy: { to: 'policy', most: 'many' },
    boundary: { to: 'policy', most: 'one' },
    // Which unique ids the principals of the trust policy are: they may be gone, that is what these links are for.
    trust: { to: 'id' },
  },
  documents: { inline: { names: 'policy' }, trust: { names: 'none' } },
  readBody(json) {
    const { description, maxSessionDuration } = fieldsOf(json) ?? {}
    return typeof description === 'string' && Number.isSafeInteger(maxSessionDuration)
      ? { description, maxSessionDuration: Number(maxSessionDuration) }
      : null
  },
}
