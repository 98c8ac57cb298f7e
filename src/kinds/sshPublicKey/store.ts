import { type EntityStore, fieldsOf } from '../../store/store-kind.ts'
import { SSH_PUBLIC_KEY, type SshPublicKeyBody } from './kind.ts'

export const sshPublicKey: EntityStore<SshPublicKeyBody> = {
  family: 'entity',
  longestName: 128,
  parent: SSH_PUBLIC_KEY.parent,
  links: {},
  documents: {},
  readBody(json) {
    const { body, status } = fieldsOf(json) ?? {}
    return typeof body === 'string' && (status === 'Active' || status === 'Inactive')
      ? { body, status }
      : null
  },
}
