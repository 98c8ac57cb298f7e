import type { QuotaName, Quotas } from '../model/quotas.ts'

/** What every account starts with. @see IAM User Guide, "IAM and AWS STS quotas" */
export const DEFAULT_QUOTAS: Quotas = {
  usersPerAccount: 5000,
  groupsPerAccount: 300,
  rolesPerAccount: 1000,
  customerManagedPoliciesPerAccount: 1500,
  instanceProfilesPerAccount: 1000,
  oidcProvidersPerAccount: 100,
  samlProvidersPerAccount: 100,
  serverCertificatesPerAccount: 20,
  groupsPerUser: 10,
  managedPoliciesPerUser: 10,
  managedPoliciesPerGroup: 10,
  managedPoliciesPerRole: 10,
  versionsPerManagedPolicy: 5,
  clientIdsPerOidcProvider: 100,
  thumbprintsPerOidcProvider: 5,
  tagsPerUser: 50,
  tagsPerRole: 50,
  tagsPerPolicy: 50,
  tagsPerMfaDevice: 50,
  tagsPerInstanceProfile: 50,
  tagsPerOidcProvider: 50,
  tagsPerSamlProvider: 50,
  tagsPerServerCertificate: 50,
  managedPolicySize: 6144,
  inlinePolicySizePerUser: 2048,
  inlinePolicySizePerGroup: 5120,
  inlinePolicySizePerRole: 10240,
  trustPolicySize: 2048,
}

/**
 * The quotas that AWS raises on request, and how far; all others are fixed.
 * @see IAM User Guide, "IAM and AWS STS quotas", the table of automatically approved increases
 */
export const ADJUSTABLE_QUOTAS: Readonly<Partial<Quotas>> = {
  groupsPerAccount: 500,
  rolesPerAccount: 10_000,
  customerManagedPoliciesPerAccount: 10_000,
  instanceProfilesPerAccount: 10_000,
  managedPoliciesPerUser: 20,
  managedPoliciesPerRole: 25,
  trustPolicySize: 8192,
}

export const QUOTA_NAMES = Object.keys(DEFAULT_QUOTAS) as readonly QuotaName[]

export const isQuotaName = (text: string): text is QuotaName => Object.hasOwn(DEFAULT_QUOTAS, text)
