import { name, version } from '#generated/package'
import { loadCatalogDates } from '../catalog/catalog-date.ts'

/** The version, and how old the facts about AWS are that it goes by. */
export async function versionText(): Promise<string> {
  const { managedPolicies, actions } = await loadCatalogDates()
  return `${name} ${version} (AWS managed policies of ${managedPolicies}, actions of ${actions})`
}
