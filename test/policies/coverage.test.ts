import { describe, expect, it } from 'vitest'
import { CONDITION_OPERATORS } from '../../src/policy/operators.ts'
import { type CorpusPolicy, policyCorpus, statementsOf, textsOf, type WrittenStatement } from './corpus.ts'

/** How many policies have each feature. */
function counted(featuresOf: (policy: CorpusPolicy) => readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const policy of policyCorpus)
    for (const feature of new Set(featuresOf(policy))) counts.set(feature, (counts.get(feature) ?? 0) + 1)
  return counts
}
/** Of what is wanted, what fewer than two policies have. */
const tooFew = (counts: ReadonlyMap<string, number>, wanted: readonly string[]): readonly string[] =>
  wanted.filter((feature) => (counts.get(feature) ?? 0) < 2)

const inStatements = (featuresOf: (statement: WrittenStatement) => readonly string[]) =>
  counted((policy) => statementsOf(policy).flatMap(featuresOf))

const SPELLINGS = CONDITION_OPERATORS.flatMap((operator) =>
  ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((qualifier) =>
    // AWS refuses `NullIfExists`.
    (operator === 'Null' ? [''] : ['', 'IfExists']).map((end) => `${qualifier}${operator}${end}`),
  ),
)
const NOT_ELEMENTS = ['NotAction', 'NotResource', 'NotPrincipal'] as const
const ELEMENTS = NOT_ELEMENTS.flatMap((element) => [`Allow ${element}`, `Deny ${element}`])

// AWS JSON policy elements: Principal
const KINDS: Readonly<Record<string, RegExp>> = {
  everybody: /^\*$/,
  'everybody as a list': /^AWS \*$/,
  'account id': /^AWS \d{12}$/,
  'account root': /^AWS arn:[^:]+:iam::\d{12}:root$/,
  user: /^AWS arn:[^:]+:iam::\d{12}:user\//,
  role: /^AWS arn:[^:]+:iam::\d{12}:role\//,
  session: /^AWS arn:[^:]+:sts::\d{12}:assumed-role\//,
  'federated user': /^AWS arn:[^:]+:sts::\d{12}:federated-user\//,
  'unique id': /^AWS A(?:ROA|IDA)/,
  service: /^Service /,
  'provider by its domain': /^Federated [a-z.-]+$/,
  'OIDC provider': /^Federated arn:.*:oidc-provider\//,
  'SAML provider': /^Federated arn:.*:saml-provider\//,
  'canonical user': /^CanonicalUser /,
}
const kindsOf = (principal: WrittenStatement['Principal']): readonly string[] => {
  const texts =
    principal === undefined
      ? []
      : typeof principal === 'string'
        ? [principal]
        : Object.entries(principal).flatMap(([type, names]) =>
            textsOf(names).map((name) => `${type} ${name}`),
          )
  return texts.flatMap((text) => {
    const found = Object.entries(KINDS).filter(([, form]) => form.test(text))
    expect(found, `is of one kind: ${text}`).toHaveLength(1)
    return found.map(([kind]) => kind)
  })
}

// IAM policy elements: Variables and tags; AWS global condition context keys
const VARIABLES = [
  ...[
    'CurrentTime',
    'EpochTime',
    'TokenIssueTime',
    'PrincipalType',
    'SecureTransport',
    'SourceIp',
    'UserAgent',
  ],
  ...['userid', 'username', 'PrincipalArn', 'PrincipalAccount', 'PrincipalOrgID', 'PrincipalTag/team'],
  ...['FederatedProvider', 'SourceIdentity', 'SourceVpc', 'SourceVpce', 'VpcSourceIp', 'SourceAccount'],
  ...['SourceArn', 'SourceOrgID', 'Referer', 'RequestedRegion', 'RequestTag/team', 'ResourceTag/team'],
  ...['ResourceAccount', 'ResourceOrgID', 'PrincipalServiceName', 'PrincipalIsAWSService', 'ViaAWSService'],
  ...['MultiFactorAuthPresent', 'MultiFactorAuthAge', 'Ec2InstanceSourceVpc'],
]
  .map((key) => `aws:${key}`)
  .concat(
    ['ec2:SourceInstanceARN', 's3:prefix', 's3:max-keys', 's3:x-amz-acl', 'sns:Endpoint', 'sns:Protocol'],
    ['saml:sub', 'saml:aud', 'saml:namequalifier', 'accounts.google.com:sub', 'www.amazon.com:user_id'],
    ['cognito-identity.amazonaws.com:sub', 'cognito-identity.amazonaws.com:aud', 'graph.facebook.com:id'],
    ['token.actions.githubusercontent.com:sub', 'sts:RoleSessionName', 'sts:ExternalId', 'redshift:DbUser'],
    ['*', '?', '$'],
  )
const variablesIn = (statement: WrittenStatement): readonly string[] =>
  [...JSON.stringify(statement).matchAll(/\$\{([^},]+)(,[^}]*)?\}/g)].flatMap(([, name = '', fallback]) =>
    fallback === undefined ? [name] : [name, 'with a default'],
  )

const TYPES = ['identity', 'boundary', 'session', 'scp', 'rcp', 'resource', 'trust', 'endpoint']
/** Services whose resources have policies of their own. */
const OWNERS = ['s3', 'sqs', 'sns', 'kms', 'lambda', 'secretsmanager', 'ecr']

describe('the corpus of policies has at least two of', () => {
  it('each operator, with each qualifier, with and without IfExists', () => {
    const counts = inStatements(({ Condition = {} }) => Object.keys(Condition))
    expect(tooFew(counts, SPELLINGS)).toEqual([])
    expect([...counts.keys()].filter((name) => !SPELLINGS.includes(name))).toEqual([])
  })
  it('each Not element, with either effect', () => {
    const counts = inStatements((statement) =>
      NOT_ELEMENTS.filter((element) => statement[element] !== undefined).map(
        (element) => `${statement.Effect} ${element}`,
      ),
    )
    expect(tooFew(counts, ELEMENTS)).toEqual([])
  })
  it('each kind of principal, allowed and denied', () => {
    const counts = inStatements(({ Effect, Principal }) =>
      kindsOf(Principal).map((kind) => `${Effect} ${kind}`),
    )
    expect(
      tooFew(
        counts,
        Object.keys(KINDS).map((kind) => `Allow ${kind}`),
      ),
    ).toEqual([])
    expect(Object.keys(KINDS).filter((kind) => !counts.has(`Deny ${kind}`))).toEqual([])
  })
  it('each kind of principal that a trust policy takes', () => {
    const trusted = new Map<string, number>()
    for (const policy of policyCorpus.filter(({ type }) => type === 'trust'))
      for (const kind of new Set(statementsOf(policy).flatMap(({ Principal }) => kindsOf(Principal))))
        trusted.set(kind, (trusted.get(kind) ?? 0) + 1)
    const taken = [
      'everybody as a list',
      'account id',
      'user',
      'role',
      'service',
      'OIDC provider',
      'SAML provider',
    ]
    expect(tooFew(trusted, [...taken, 'provider by its domain'])).toEqual([])
  })
  it('each variable, in a resource and in a condition', () => {
    const inResources = inStatements(({ Resource, NotResource }) =>
      variablesIn({ Resource, NotResource } as WrittenStatement),
    )
    const inConditions = inStatements(({ Condition }) => variablesIn({ Condition } as WrittenStatement))
    const both = new Map(
      [...VARIABLES, 'with a default'].map((name) => [
        name,
        (inResources.get(name) ?? 0) + (inConditions.get(name) ?? 0),
      ]),
    )
    expect(tooFew(both, [...both.keys()])).toEqual([])
    expect([...both.keys()].filter((name) => !inResources.has(name) || !inConditions.has(name))).toEqual([])
  })
  it('each type, and resources of each kind that has policies', () => {
    expect(
      tooFew(
        counted(({ type }) => [type]),
        TYPES,
      ),
    ).toEqual([])
    const owners = counted(({ attachedTo }) =>
      attachedTo === undefined ? [] : [attachedTo.split(':')[2] ?? ''],
    )
    expect(tooFew(owners, OWNERS)).toEqual([])
  })
  it('each version, and none at all', () => {
    const versions = counted(({ policy }) => [String(policy.Version)])
    expect([...versions.keys()].sort()).toEqual(['2008-10-17', '2012-10-17', 'undefined'])
  })
})

describe('the corpus of policies', () => {
  it('calls each policy once by its name', () => {
    expect(new Set(policyCorpus.map(({ name }) => name)).size).toBe(policyCorpus.length)
  })
  it('holds no policy twice', () => {
    const texts = policyCorpus.map(({ type, attachedTo, policy }) =>
      JSON.stringify([type, attachedTo, policy]),
    )
    expect(new Set(texts).size).toBe(texts.length)
  })
  it('says of every resource policy, and of no other, whose it is', () => {
    for (const { name, type, attachedTo } of policyCorpus)
      expect(attachedTo !== undefined, name).toBe(type === 'resource')
  })
})
