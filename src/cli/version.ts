import { readFileSync } from 'node:fs'
import { loadCatalogDates } from '../catalog/catalog-date.ts'

/** The version, and how old the facts about AWS are that it goes by. */
export async function versionText(): Promise<string> {
  const { managedPolicies, actions } = await loadCatalogDates()
  return `iam-sync ${packageVersion()} (AWS managed policies of ${managedPolicies}, actions of ${actions})`
}

function packageVersion(): string {
  // Two places up from `src/cli`, three from `dist/src/cli`.
  for (const up of ['../../package.json', '../../../package.json'])
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'))
      if (name === 'iam-sync') return String(version)
    } catch {}
  return 'unknown'
}
