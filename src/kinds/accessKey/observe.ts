import type { ChildState } from '../../model/index.ts'
import { given } from '../../reconcile/api-values.ts'
import type { ChildObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import { observedStatus } from '../attributes/status.ts'

const lastUsed: NonNullable<ChildObservation['lastUsed']> = async (reader, AccessKeyId) => {
  const { AccessKeyLastUsed } = await reader.read('GetAccessKeyLastUsed', { AccessKeyId })
  return AccessKeyLastUsed?.LastUsedDate?.getTime() ?? null
}

const listed: ChildObservation['read'] = async (reader, UserName) => {
  const pages = await readPages((page) => reader.read('ListAccessKeys', { UserName, ...page }))
  return pages
    .flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata)
    .map(({ AccessKeyId, Status, CreateDate }): ChildState => {
      const id = given(AccessKeyId)
      return {
        id,
        identity: id,
        status: observedStatus(given(Status)),
        ...(CreateDate === undefined ? {} : { created: CreateDate.getTime() }),
      }
    })
}

/** The listing has ids, states and ages; when each was last used is a call of its own. */
export const accessKey: ChildObservation = {
  read: async (reader, UserName) => {
    const states: ChildState[] = []
    for (const state of await listed(reader, UserName))
      states.push({ ...state, lastUsed: await lastUsed(reader, state.id) })
    return states
  },
  listed,
  lastUsed,
}
