/**
 * Prefixes of the services whose resources are bound by resource control policies.
 * @see AWS Organizations User Guide, "Resource control policies": services that support RCPs; as of 2025-11
 */
const SERVICES: ReadonlySet<string> = new Set([
  'aoss',
  'cognito-identity',
  'cognito-idp',
  'dynamodb',
  'ecr',
  'kms',
  'logs',
  's3',
  'secretsmanager',
  'sqs',
  'sts',
])

/** Whether resource control policies bind an action. Retiring a grant of a key is the one exception. */
export function isUnderResourceControl(action: string): boolean {
  const lower = action.toLowerCase()
  return SERVICES.has(lower.slice(0, lower.indexOf(':'))) && lower !== 'kms:retiregrant'
}
