import { name, version } from '#generated/package'
import { catalogDates } from '../catalog/catalog-date.ts'

/** The version, and how old the facts about AWS are that it goes by. */
export function versionText(): string {
  const { managedPolicies, actions } = catalogDates
  return `${name} ${version} (AWS managed policies of ${managedPolicies}, actions of ${actions})`
}
