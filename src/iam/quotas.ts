/** Counts per account or per entity; sizes in characters without white space. */
export interface Quotas {
  readonly users: number
  readonly groups: number
  readonly roles: number
  readonly policies: number
  readonly groupsPerUser: number
  readonly managedPoliciesPerUser: number
  readonly managedPoliciesPerGroup: number
  readonly managedPoliciesPerRole: number
  readonly versionsPerPolicy: number
  readonly tagsPerEntity: number
  readonly managedPolicySize: number
  readonly trustPolicySize: number
  readonly userInlinePolicySize: number
  readonly groupInlinePolicySize: number
  readonly roleInlinePolicySize: number
}

/** @see IAM User Guide, "IAM and AWS STS quotas": the default quotas */
export const DEFAULT_QUOTAS: Quotas = {
  users: 5000,
  groups: 300,
  roles: 1000,
  policies: 1500,
  groupsPerUser: 10,
  managedPoliciesPerUser: 10,
  managedPoliciesPerGroup: 10,
  managedPoliciesPerRole: 10,
  versionsPerPolicy: 5,
  tagsPerEntity: 50,
  managedPolicySize: 6144,
  trustPolicySize: 2048,
  userInlinePolicySize: 2048,
  groupInlinePolicySize: 5120,
  roleInlinePolicySize: 10240,
}
