/** How old the facts are, `YYYY-MM-DD`: what `--version` prints. Two sources, so two dates. */
interface CatalogDates {
  readonly managedPolicies: string
  readonly actions: string
}

/** Loads neither catalogue. */
export async function loadCatalogDates(): Promise<CatalogDates> {
  const { managedPolicies, actions } = await import('#generated/catalog-date')
  return { managedPolicies, actions }
}
