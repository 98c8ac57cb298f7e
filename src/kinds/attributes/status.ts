import type { CredentialStatus } from '../../model/child.ts'

export const apiStatus = (status: CredentialStatus): 'Active' | 'Inactive' =>
  status === 'active' ? 'Active' : 'Inactive'

/** AWS says `Active`, `Inactive` and, of what nobody can use any more, `Expired`. */
export const observedStatus = (status: string): CredentialStatus =>
  status === 'Active' ? 'active' : 'inactive'
