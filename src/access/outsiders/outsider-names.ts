import type { Outsider } from './outsider.ts'

/** Whether an ARN is that of a session of a role, which doesn't tell the role's path. */
export const isRoleSession = (arn: string): boolean => arn.includes(':assumed-role/')

/** Whether one session is meant, so that the path of its role may be any. */
export const isOfUnknownPath = (outsider: Outsider): boolean =>
  outsider.type === 'one' && outsider.role === undefined && isRoleSession(outsider.principal)

/** What names of services end with. */
export const domainOf = (partition: string): string =>
  partition === 'aws-cn' ? '.amazonaws.com.cn' : '.amazonaws.com'

/** Values of `aws:PrincipalType`. @see IAM User Guide, "AWS global condition context keys" */
export const PRINCIPAL_TYPES = {
  user: 'User',
  role: 'AssumedRole',
  root: 'Account',
  federatedUser: 'FederatedUser',
} as const
