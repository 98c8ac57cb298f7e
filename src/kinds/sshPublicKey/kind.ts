import type * as sdk from '#generated/iam-api'
import type { DesiredChild } from '../../model/child.ts'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Operation } from '../../model/operation.ts'

/** A key by which a user signs in to CodeCommit over SSH. Its identity is its fingerprint. */
export interface DesiredSshPublicKey extends DesiredChild {
  /** As it is declared: one line of OpenSSH, or PEM. */
  readonly body: string
}

/** What a store keeps of one. */
export interface SshPublicKeyBody {
  /** As it was uploaded. */
  readonly body: string
  readonly status: 'Active' | 'Inactive'
}

export interface SshPublicKeyReads {
  readonly ListSSHPublicKeys: Operation<sdk.ListSSHPublicKeysRequest, sdk.ListSSHPublicKeysResponse>
  readonly GetSSHPublicKey: Operation<sdk.GetSSHPublicKeyRequest, sdk.GetSSHPublicKeyResponse>
}

export interface SshPublicKeyWrites {
  readonly UploadSSHPublicKey: Operation<sdk.UploadSSHPublicKeyRequest, sdk.UploadSSHPublicKeyResponse>
  readonly UpdateSSHPublicKey: Operation<sdk.UpdateSSHPublicKeyRequest>
  readonly DeleteSSHPublicKey: Operation<sdk.DeleteSSHPublicKeyRequest>
}

export const SSH_PUBLIC_KEY: ChildFacts = {
  family: 'child',
  section: 'sshPublicKeys',
  label: 'SSH public key',
  article: 'an',
  plural: 'SSH public keys',
  parent: 'user',
  shownAs: 'fingerprint',
  most: 5,
  isOfOneParent: false,
  standsInTheWay: 'Cannot delete entity, must remove referenced objects first.',
}
