import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { type StoredPassword, USER, type UserBody } from './kind.ts'

export const user: EntityStore<UserBody> = {
  family: 'entity',
  longestName: USER.longestName,
  parent: null,
  links: {
    policy: { to: 'policy', most: 'many' },
    boundary: { to: 'policy', most: 'one' },
    group: { to: 'entity', kind: 'group' },
  },
  documents: { inline: { names: 'policy' } },
  readBody(json) {
    const fields = fieldsOf(json)
    if (fields === null) return null
    if (fields.password === undefined) return NO_PASSWORD
    const password = passwordIn(fields.password)
    return password === null ? null : { password }
  },
}

const NO_PASSWORD: UserBody = {}

function passwordIn(json: unknown): StoredPassword | null {
  const { created, changed, resetRequired, hash, earlier } = fieldsOf(json) ?? {}
  return isMoment(created) &&
    isMoment(changed) &&
    typeof resetRequired === 'boolean' &&
    typeof hash === 'string' &&
    Array.isArray(earlier) &&
    earlier.every((each) => typeof each === 'string')
    ? { created, changed, resetRequired, hash, earlier }
    : null
}
