import { readSshKey, sshFingerprint } from '../../credentials/ssh-key.ts'
import type { ChildState } from '../../model/index.ts'
import { given } from '../../reconcile/api-values.ts'
import type { ChildObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import { observedStatus } from '../attributes/status.ts'

/** The listing has ids and status; which key one is, its body says. */
export const sshPublicKey: ChildObservation = {
  read: async (reader, UserName) => {
    const pages = await readPages((page) => reader.read('ListSSHPublicKeys', { UserName, ...page }))
    const listed = pages.flatMap(({ SSHPublicKeys = [] }) => SSHPublicKeys)
    const states: ChildState[] = []
    for (const each of listed) {
      const id = given(each.SSHPublicKeyId)
      const { SSHPublicKey } = await reader.read('GetSSHPublicKey', {
        UserName,
        SSHPublicKeyId: id,
        Encoding: 'SSH',
      })
      const body = given(SSHPublicKey?.SSHPublicKeyBody)
      const key = readSshKey(body)
      states.push({
        id,
        // Of what can't be read here, no declaration is one.
        identity: typeof key === 'string' ? id : sshFingerprint(key),
        status: observedStatus(given(SSHPublicKey?.Status)),
        body,
      })
    }
    return states
  },
  listed: async (reader, UserName) => {
    const pages = await readPages((page) => reader.read('ListSSHPublicKeys', { UserName, ...page }))
    return pages.flatMap(({ SSHPublicKeys = [] }) =>
      SSHPublicKeys.map(({ SSHPublicKeyId, Status }) => {
        const id = given(SSHPublicKeyId)
        return { id, identity: id, status: observedStatus(given(Status)) }
      }),
    )
  },
}
