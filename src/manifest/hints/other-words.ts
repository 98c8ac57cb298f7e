/** Words of the IAM API and of neighbouring tools for what is called otherwise here; lowercase, without `_`. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['assumerolepolicydocument', 'trustPolicy'],
  ['assumerolepolicy', 'trustPolicy'],
  ['trust', 'trustPolicy'],
  ['attachedpolicies', 'managedPolicies'],
  ['attachedmanagedpolicies', 'managedPolicies'],
  ['managedpolicyarns', 'managedPolicies'],
  ['policyarns', 'managedPolicies'],
  ['policyarn', 'managedPolicies'],
  ['boundary', 'permissionsBoundary'],
  ['policydocument', 'document'],
  ['policy', 'document'],
  ['policies', 'managedPolicies'],
  ['inline', 'inlinePolicies'],
  ['inlinepolicy', 'inlinePolicies'],
])

/** Keys for what stands in another place, or is nowhere. In lower case, without `_`. */
export interface Elsewhere {
  readonly keys: readonly string[]
  readonly help: string
}

/** Of anything that has a name. */
export const ELSEWHERE: readonly Elsewhere[] = [
  {
    keys: ['name', 'username', 'groupname', 'rolename', 'policyname'],
    help: 'the name is the key above it: remove this one',
  },
  { keys: ['arn'], help: 'ARNs follow from account, path and name: remove it' },
]

/**
 * @param known the keys that may stand there
 * @param elsewhere of what has the key
 */
export function otherWordHelp(
  key: string,
  known: readonly string[],
  elsewhere: readonly Elsewhere[],
): string | null {
  const plain = key.toLowerCase().replaceAll('_', '')
  const other = OTHER_WORDS.get(plain)
  if (other !== undefined && known.includes(other)) return `it is called \`${other}\` here`
  return elsewhere.find(({ keys }) => keys.includes(plain))?.help ?? null
}
