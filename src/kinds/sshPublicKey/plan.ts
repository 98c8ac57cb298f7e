import { step } from '../../model/step.ts'
import type { ChildPlan } from '../../plan/children/child-plan.ts'
import { apiStatus } from '../attributes/status.ts'
import { type DesiredSshPublicKey, SSH_PUBLIC_KEY } from './kind.ts'

export const sshPublicKey: ChildPlan<DesiredSshPublicKey> = {
  facts: SSH_PUBLIC_KEY,
  declared: {
    create: (UserName, { body: SSHPublicKeyBody }) =>
      step('UploadSSHPublicKey', { UserName, SSHPublicKeyBody }),
    written: ({ body }) => (body === undefined ? null : { body }),
    setStatus: (UserName, SSHPublicKeyId, status) =>
      step('UpdateSSHPublicKey', { UserName, SSHPublicKeyId, Status: apiStatus(status) }),
  },
  delete: (UserName, SSHPublicKeyId) => [step('DeleteSSHPublicKey', { UserName, SSHPublicKeyId })],
}
