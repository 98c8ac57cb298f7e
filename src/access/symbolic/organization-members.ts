/** The accounts of an organization, as it is declared. */
export interface OrganizationMembers {
  /** Equal ones say the same. */
  readonly mark: string
  /** Of the organization. */
  readonly id: string
  /** By account: where it stands, as `aws:PrincipalOrgPaths` shows it; null: some id isn't known. */
  readonly paths: ReadonlyMap<string, string | null>
  /** Whether these are all: no account is declared without its id. */
  readonly areAll: boolean
}
