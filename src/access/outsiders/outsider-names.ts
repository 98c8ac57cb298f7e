import { parsePrincipal } from '../../evaluator/principal.ts'

/** Of a role or one of its sessions; null: it is neither. */
export const roleArnOf = (text: string): string | null => parsePrincipal(text)?.roleArn ?? null

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
