import type { Project } from '../manifest/desired.ts'
import type { Estate } from '../model/index.ts'
import { declaredState } from './declared-state.ts'

/** All accounts of a project as the YAML alone describes them, with its organization and the resources it tells of. */
export const declaredEstate = ({
  accounts,
  organization,
  resources,
}: Pick<Project, 'accounts' | 'organization' | 'resources'>): Estate => ({
  accounts: accounts.flatMap(({ desired }) => (desired === null ? [] : [declaredState(desired)])),
  organization,
  resources,
})
