import { type EntityStore, fieldsOf, isMoment } from '../../store/store-kind.ts'
import { ACCESS_KEY, type AccessKeyBody } from './kind.ts'

export const accessKey: EntityStore<AccessKeyBody> = {
  family: 'entity',
  longestName: 128,
  parent: ACCESS_KEY.parent,
  links: {},
  documents: {},
  readBody(json) {
    const { status, secret, lastUsed } = fieldsOf(json) ?? {}
    const use = lastUsed === undefined ? undefined : readUse(lastUsed)
    if (status !== 'Active' && status !== 'Inactive') return null
    if ((secret !== undefined && typeof secret !== 'string') || use === null) return null
    return {
      status,
      ...(secret === undefined ? {} : { secret }),
      ...(use === undefined ? {} : { lastUsed: use }),
    }
  },
}

function readUse(json: unknown): NonNullable<AccessKeyBody['lastUsed']> | null {
  const { time, service, region } = fieldsOf(json) ?? {}
  return isMoment(time) && typeof service === 'string' && typeof region === 'string'
    ? { time, service, region }
    : null
}
