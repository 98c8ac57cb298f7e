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

interface Elsewhere {
  /** How messages call what has the key; null: anything that has a name. */
  readonly of: 'user' | 'group' | 'role' | 'policy' | null
  readonly keys: readonly string[]
  readonly help: string
}

/** Keys for what stands in another place, or is nowhere. */
const ELSEWHERE: readonly Elsewhere[] = [
  {
    of: 'group',
    keys: ['members', 'member', 'users'],
    help: 'who is in a group stands with each user: `users: { NAME: { groups: [GROUP] } }`',
  },
  { of: 'group', keys: ['tags'], help: 'IAM groups have no tags' },
  {
    of: 'group',
    keys: ['permissionsboundary'],
    help: 'boundaries are of users and roles: write it with each of them',
  },
  {
    of: 'role',
    keys: ['statement', 'version', 'id'],
    help: 'it is a part of the policy document: indent it below `trustPolicy`',
  },
  {
    of: 'policy',
    keys: ['statement', 'version', 'id'],
    help: 'it is a part of the policy document: indent it below `document`',
  },
  {
    of: 'policy',
    keys: ['attachedto', 'users', 'groups', 'roles'],
    help: 'a policy is attached where it is held: `managedPolicies: [NAME]` of a user, group or role',
  },
  {
    of: null,
    keys: ['name', 'username', 'groupname', 'rolename', 'policyname'],
    help: 'the name is the key above it: remove this one',
  },
  { of: null, keys: ['arn'], help: 'ARNs follow from account, path and name: remove it' },
]

/** @param known the keys that may stand there; @param title of what has the key: `group \`developers\`` */
export function otherWordHelp(key: string, known: readonly string[], title: string): string | null {
  const plain = key.toLowerCase().replaceAll('_', '')
  const other = OTHER_WORDS.get(plain)
  if (other !== undefined && known.includes(other)) return `it is called \`${other}\` here`
  const kind = /^(user|group|role|policy) `/.exec(title)?.[1] ?? null
  if (kind === null) return null
  return ELSEWHERE.find(({ of, keys }) => keys.includes(plain) && (of === null || of === kind))?.help ?? null
}
