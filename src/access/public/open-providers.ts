/** Claims that say whose an identity is, of one provider whose tokens anybody can get. */
export interface OpenProvider {
  /**
   * Claims that hold what only one owner's identities have: a value without wildcards says who is meant. Of `owners` the
   * beginning suffices.
   */
  readonly fixing: readonly string[]
  /** Claims whose text begins with whose it is, as far as one of these patterns goes. */
  readonly owners: Readonly<Record<string, readonly RegExp[]>>
}

/** Of an app or a pool: who is in it is up to its owner. */
const social = (...apps: readonly string[]): OpenProvider => ({
  fixing: [...apps, 'sub'],
  owners: {},
})

/** `repo:OWNER/…`, and `repo:OWNER@ID/…` of repositories made or moved since July 2026; the id may be open. */
const GITHUB_OWNER = /^[^*?]*?(?:^|:)(?:repo|repository|job_workflow_ref):[^/*?@:]+[/@]/
const GITHUB_PROPERTY =
  /^[^*?]*?(?:^|:)(?:repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id|actor_id):[^:*?]+(?::|$)/

/** By issuer. */
const OPEN_ISSUERS: readonly (readonly [issuer: string, OpenProvider])[] = [
  ['https://accounts.google.com', social('aud', 'oaud', 'email')],
  ['https://cognito-identity.amazonaws.com', social('aud')],
  ['https://graph.facebook.com', social('app_id', 'id')],
  ['https://www.amazon.com', social('app_id', 'user_id')],
  [
    'https://token.actions.githubusercontent.com',
    {
      fixing: [
        'repository',
        'repository_id',
        'repository_owner',
        'repository_owner_id',
        'enterprise_id',
        'actor_id',
        'job_workflow_ref',
        'sub',
      ],
      owners: {
        sub: [GITHUB_OWNER, GITHUB_PROPERTY],
        repository: [/^[^/*?]+\//],
        job_workflow_ref: [/^[^/*?]+\//],
      },
    },
  ],
  ['https://vstoken.actions.githubusercontent.com', shared(['sub'], GITHUB_OWNER, GITHUB_PROPERTY)],
  ['https://oidc-configuration.audit-log.githubusercontent.com', shared(['sub'])],
  ['https://gitlab.com', shared(['sub'], principalOf('project_path'))],
  ['https://app.terraform.io', shared(['sub'], principalOf('organization'))],
  ['https://agent.buildkite.com', shared(['sub'], principalOf('organization'))],
  ['https://oidc.vercel.com', shared(['sub', 'aud'], principalOf('owner'))],
  [
    'https://api.pulumi.com/oidc',
    shared(['sub', 'aud'], principalOf('pulumi:deploy:org'), principalOf('pulumi:environments:org')),
  ],
  ['https://oidc.codefresh.io', shared(['sub'], principalOf('account'))],
  ['https://studio.datachain.ai/api', shared(['sub'])],
  ['https://scalr.io', shared(['sub'], principalOf('account'))],
  ['https://tokens.cloud.shisho.dev', shared(['sub'])],
  ['https://proidc.upbound.io', shared(['sub'])],
  ['https://sandboxes.cloud', shared(['aud'])],
]

/**
 * Providers by host and path that give tokens to everybody, or to every customer: what a token's audience or branch is,
 * anybody can choose; who is meant is in the claims listed here.
 * @see IAM User Guide, "Identity provider controls for shared OIDC providers"; "Available keys for AWS OIDC federation"
 */
export const OPEN_PROVIDERS: ReadonlyMap<string, OpenProvider> = new Map(
  OPEN_ISSUERS.map(([issuer, provider]) => [issuer.slice('https://'.length), provider]),
)

/** Of a service whose customers all have the same issuer. */
function shared(fixing: readonly string[], ...owners: readonly RegExp[]): OpenProvider {
  return { fixing, owners: { sub: owners } }
}

/** A subject that begins with whose it is: `NAME:OWNER:…` or `NAME:OWNER/…`. */
function principalOf(name: string): RegExp {
  return new RegExp(`^${name}:[^:/*?]+[:/]`)
}

/**
 * A provider by whose identities it vouches for, not by whose account holds its ARN.
 * @param provider an ARN, or a host
 * @returns its host and path, in lower case; null: a SAML provider, which vouches for whoever made it
 */
export function providerHost(provider: string): string | null {
  const name = /^arn:[^:]*:iam::\d*:(oidc|saml)-provider\/(.*)$/.exec(provider)
  if (name?.[1] === 'saml') return null
  return (name?.[2] ?? provider).toLowerCase()
}

/** What claims say of whose identities of a provider that everybody can get tokens of; null: it is somebody's own. */
export const openProvider = (provider: string): OpenProvider | null =>
  OPEN_PROVIDERS.get(providerHost(provider) ?? '') ?? null

/** Whether anybody can be an identity of a provider. */
export const isOpenToAll = (provider: string): boolean => openProvider(provider) !== null
