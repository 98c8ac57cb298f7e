import type { NameProblem } from '../name-problem.ts'

/** Keys that hold where in an organization an account is. */
const KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgpaths',
  'aws:resourceorgpaths',
  'aws:sourceorgpaths',
])

/** @see AWS Organizations API Reference: the patterns of OrganizationId, RootId and OrganizationalUnitId */
const IDS: readonly RegExp[] = [
  /^o-[a-z0-9]{10,32}$/,
  /^r-[0-9a-z]{4,32}$/,
  /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
]

/**
 * Whether a path, with wildcards, can be one in an organization: whatever stands whole between two slashes is an id.
 * Nobody is below an id that there can't be.
 */
export function organizationPathProblem(key: string, path: string): NameProblem | null {
  if (!KEYS.has(key.toLowerCase())) return null
  const parts = path.split('/')
  const wrong = parts.find(
    (part, index) =>
      !/[*?$]/.test(part) && !(part === '' && index === parts.length - 1) && !IDS.some((id) => id.test(part)),
  )
  return wrong === undefined
    ? null
    : {
        code: 'names.kind-of-value',
        message: `no path in an organization is like \`${path}\`: \`${wrong}\` is no id`,
        help: 'write it as `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*`',
      }
}
