/**
 * Quotas on IAM. Sizes are characters of a document without its white space; everything else is a count.
 * @see IAM User Guide, "IAM and AWS STS quotas"
 */
export interface Quotas {
  readonly usersPerAccount: number
  readonly groupsPerAccount: number
  readonly rolesPerAccount: number
  readonly customerManagedPoliciesPerAccount: number
  readonly instanceProfilesPerAccount: number
  readonly oidcProvidersPerAccount: number
  readonly samlProvidersPerAccount: number
  readonly serverCertificatesPerAccount: number
  readonly groupsPerUser: number
  readonly managedPoliciesPerUser: number
  readonly managedPoliciesPerGroup: number
  readonly managedPoliciesPerRole: number
  readonly versionsPerManagedPolicy: number
  readonly clientIdsPerOidcProvider: number
  readonly thumbprintsPerOidcProvider: number
  readonly tagsPerUser: number
  readonly tagsPerRole: number
  readonly tagsPerPolicy: number
  readonly tagsPerMfaDevice: number
  readonly tagsPerInstanceProfile: number
  readonly tagsPerOidcProvider: number
  readonly tagsPerSamlProvider: number
  readonly tagsPerServerCertificate: number
  /** One document. */
  readonly managedPolicySize: number
  /** All inline policies of one user together. */
  readonly inlinePolicySizePerUser: number
  readonly inlinePolicySizePerGroup: number
  readonly inlinePolicySizePerRole: number
  readonly trustPolicySize: number
}

export type QuotaName = keyof Quotas
