import { actions, managedPolicies } from '#generated/catalog-date'

/** How old the facts are, `YYYY-MM-DD`: what `--version` prints. Two sources, so two dates; neither catalogue is loaded. */
export const catalogDates: { readonly managedPolicies: string; readonly actions: string } = {
  managedPolicies,
  actions,
}
