import type { KnownNames } from '../../../catalog/known-names.ts'
import { KEY_WORDS } from '../../../catalog/other-words.ts'
import { nearest } from '../../../diagnostics/index.ts'
import { ownValue } from '../../../model/index.ts'
import { nearestService } from '../actions/nearest-action.ts'
import { meant, type NameProblem } from '../name-problem.ts'

/** Keys of services whose prefix is another word than that of their actions. */
const OTHER_PREFIXES: ReadonlySet<string> = new Set([
  'catalog',
  'cognito-identity-auth',
  'cognito-identity-unauth',
  'identitycenter',
])

/**
 * Whether a condition key is one that is known. Of the claims of identity providers only slips are found: a provider may
 * have its own.
 */
export function keyProblem(key: string, known: KnownNames): NameProblem | null {
  const colon = key.indexOf(':')
  if (colon < 1 || colon === key.length - 1 || key.includes('${') || known.hasKey(key)) return null
  const prefix = key.slice(0, colon)
  const lower = prefix.toLowerCase()
  if (lower === 'aws') return globalKey(key, known)
  if (prefix.includes('.')) return claim(key, known)
  if (OTHER_PREFIXES.has(lower)) return null
  if (lower === 'saml') return unknownKey(key, 'saml', known.keysOf('sts'), known)
  switch (known.knowledgeOf(prefix)) {
    case 'whole':
      return unknownKey(key, lower, known.keysOf(prefix), known)
    case 'part':
      return null
    case 'none': {
      const service = nearestService(prefix, known, (each) => known.hasKey(`${each}${key.slice(colon)}`))
      const isOfAws = known.hasKey(`aws${key.slice(colon)}`)
      return {
        code: 'names.unknown-condition-key',
        message: `there is no service \`${prefix}\`, and so no condition key \`${key}\`, in the catalogue of ${known.date}`,
        help: isOfAws
          ? meant(`aws${key.slice(colon)}`)
          : service === null
            ? 'write the key as `aws:SourceIp` or `s3:prefix`'
            : meant(`${service}${key.slice(colon)}`),
      }
    }
  }
}

function globalKey(key: string, known: KnownNames): NameProblem {
  const globals = known.facts.globalConditionKeys().filter((each) => each.startsWith('aws:'))
  const [, name = key, tag = ''] = /^([^/]*)(\/.*)?$/s.exec(key) ?? []
  const families = familiesOf(globals)
  const family = families.find((each) => each.toLowerCase() === name.toLowerCase())
  const word = ownValue(KEY_WORDS, name.toLowerCase())
  const near = nearest(
    name,
    tag === '' ? globals.filter((each) => !each.includes('/')).concat(families) : families,
  )
  const isFamily = near !== null && families.includes(near)
  return {
    code: 'names.unknown-condition-key',
    message: `there is no global condition key \`${key}\` in the catalogue of ${known.date}`,
    help:
      family !== undefined
        ? `write the tag's key behind a slash: \`${family}/team\``
        : word !== undefined
          ? meant(word.replace('/KEY', tag === '' ? '/team' : tag))
          : near !== null
            ? meant(`${near}${isFamily && tag === '' ? '/team' : tag}`)
            : 'see "AWS global condition context keys" in the IAM User Guide',
  }
}

function unknownKey(key: string, prefix: string, all: readonly string[], known: KnownNames): NameProblem {
  const own = all.filter((each) => each.toLowerCase().startsWith(`${prefix}:`))
  const name = key.slice(key.indexOf(':'))
  const near = nearestKey(key, own)
  const family = familiesOf(own).find((each) => each.toLowerCase() === key.toLowerCase())
  const global = known.hasKey(`aws${name}`) ? `aws${name}` : null
  return {
    code: 'names.unknown-condition-key',
    message: `\`${prefix}\` has no condition key \`${key}\` in the catalogue of ${known.date}`,
    help:
      family !== undefined
        ? `write the tag's key behind a slash: \`${family}/team\``
        : near !== null
          ? meant(near)
          : global !== null
            ? meant(global)
            : own.length === 0
              ? 'the service has none of its own: use a global one, such as `aws:ResourceTag/team`'
              : `see the condition keys of \`${prefix}\` in the Service Authorization Reference`,
  }
}

/** Before a slash, names are compared, and behind it what the author wrote is kept. */
function nearestKey(key: string, own: readonly string[]): string | null {
  const slash = key.indexOf('/')
  const families = familiesOf(own)
  if (slash === -1) {
    const near = nearest(key, own.filter((each) => !each.includes('/')).concat(families))
    return near !== null && families.includes(near) ? `${near}/team` : near
  }
  const near = nearest(key.slice(0, slash), families)
  return near === null ? null : `${near}${key.slice(slash)}`
}

/** What stands before the slash of keys that go on with a name of somebody's choice: `ec2:ResourceTag`. */
const familiesOf = (keys: readonly string[]): readonly string[] => [
  ...new Set(keys.flatMap((key) => (key.includes('/') ? [key.slice(0, key.indexOf('/'))] : []))),
]

/** Claims that tokens of every provider may have. @see IAM User Guide, "Available keys for AWS OIDC federation" */
const OF_ALL_PROVIDERS = ['amr', 'aud', 'azp', 'email', 'id', 'iss', 'jti', 'oaud', 'sub'] as const

/** What people call claims that every provider has. */
const CLAIM_WORDS: Readonly<Record<string, string>> = {
  audience: 'aud',
  authorized_party: 'azp',
  issuer: 'iss',
  subject: 'sub',
}

function claim(key: string, known: KnownNames): NameProblem | null {
  const claims = known
    .keysOf('sts')
    .flatMap((each): readonly (readonly [host: string, name: string])[] =>
      each.includes('.') && !each.includes('${') ? [[hostOf(each), each.slice(hostOf(each).length + 1)]] : [],
    )
  const host = hostOf(key)
  const name = key.slice(host.length + 1)
  const hosts = new Set(claims.map(([each]) => each))
  const word = ownValue(CLAIM_WORDS, name.toLowerCase())
  if (word !== undefined && !known.hasKey(key))
    return {
      code: 'names.unknown-condition-key',
      message: `the provider \`${host}\` has no claim \`${name}\` in the catalogue of ${known.date}`,
      help: meant(`${host}:${word}`),
    }
  if (!hosts.has(host.toLowerCase())) {
    const near = nearest(host, hosts)
    // Hosts of one's own resemble none; one that nearly is a known one is a slip.
    return near === null
      ? null
      : {
          code: 'names.unknown-condition-key',
          message: `\`${host}\`, as in \`${key}\`, is no provider that is known`,
          help: meant(`${near}:${name}`),
        }
  }
  if (OF_ALL_PROVIDERS.some((each) => each === name.toLowerCase())) return null
  const near = nearest(name, [
    ...OF_ALL_PROVIDERS,
    ...claims.flatMap(([each, own]) => (each === host.toLowerCase() ? [own] : [])),
  ])
  return near === null
    ? null
    : {
        code: 'names.unknown-condition-key',
        message: `the provider \`${host}\` has no claim \`${name}\` in the catalogue of ${known.date}`,
        help: meant(`${host}:${near}`),
      }
}

const hostOf = (key: string): string => key.slice(0, key.indexOf(':'))
