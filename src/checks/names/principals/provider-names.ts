import { nearest } from '../../../diagnostics/index.ts'
import { WELL_KNOWN_PROVIDERS } from '../../../policy/principals.ts'
import { meant, type NameProblem } from '../name-problem.ts'

/** Hosts of identity providers that many accounts have. @see the guides of each: "OpenID Connect with AWS" */
const HOSTS: readonly string[] = [
  ...'token.actions.githubusercontent.com gitlab.com agent.buildkite.com app.terraform.io oidc.circleci.com'.split(
    ' ',
  ),
  'api.bitbucket.org',
  'accounts.google.com',
  ...WELL_KNOWN_PROVIDERS,
]

/**
 * Whether a provider is nearly one that is known. Hosts of one's own resemble none.
 * @param provider a host with or without a path, or the ARN of an OIDC provider
 */
export function providerProblem(provider: string): NameProblem | null {
  const [, start = '', bare = null] =
    /^(arn:[^:]*:iam::[^:]*:oidc-provider\/)?https?:\/\/(.+)$/i.exec(provider) ?? []
  if (bare !== null)
    return {
      code: 'names.unknown-provider',
      message: `no identity provider is called \`${provider}\`: names of providers have no scheme`,
      help: meant(`${start}${bare}`),
    }
  const [, before = '', host = '', path = ''] =
    /^(arn:[^:]*:iam::[^:]*:oidc-provider\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:\/.*)?)$/i.exec(provider) ?? []
  if (host === '' || HOSTS.includes(host.toLowerCase())) return null
  // `github.com` has enterprises, and is near another host.
  const near = /^github\.com$/i.test(host) ? null : (nearest(host, HOSTS) ?? ofNearDomain(host))
  return near === null
    ? null
    : {
        code: 'names.unknown-provider',
        message: `\`${host}\` is no identity provider that is known`,
        help: meant(`${before}${near}${path}`),
      }
}

/** `gogle.com`: the domain of a provider that is known, or nearly, without what stands before it. */
function ofNearDomain(host: string): string | null {
  const byDomain = new Map(HOSTS.map((each) => [each.split('.').slice(-2).join('.'), each]))
  const lower = host.toLowerCase()
  return byDomain.get(lower) ?? byDomain.get(nearest(lower, byDomain.keys()) ?? '') ?? null
}

/** The audience of tokens of a provider. */
export const isAudience = (key: string): boolean => /^[^:]*\.[^:]*:aud$/i.test(key)

const AUDIENCES = ['sts.amazonaws.com', 'sts.amazonaws.com.cn']

/** An audience may be anything; one that is nearly that of STS is a slip. */
export function audienceProblem(value: string): NameProblem | null {
  const near = AUDIENCES.includes(value) ? null : nearest(value, AUDIENCES)
  return near === null
    ? null
    : {
        code: 'names.kind-of-value',
        message: `\`${value}\` is nearly the audience of STS, and no token for STS has it`,
        help: meant(near),
      }
}
