// A project that takes exactly so much of a quota, for each quota that bounds something of one entity.
import type { QuotaName } from '../../src/model/quotas.ts'
import { METADATA_OF_SAMPLES, SAMPLE_CERTIFICATES } from './samples.ts'

/** By section and name. */
type Sections = Readonly<Record<string, Readonly<Record<string, object>>>>

/** @param much of the quota, of the entity named `x` of that kind, or of the name that it has */
type TakingOf = (much: number) => Sections

const numbered = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

/** A document of exactly so many characters, once the white space is gone. */
function documentOf(size: number, more: object = { Resource: '*' }): object {
  const withSid = (Sid: string) => ({
    Version: '2012-10-17',
    Statement: [{ Sid, Effect: 'Allow', ...more, Action: 's3:GetObject' }],
  })
  const least = JSON.stringify(withSid('')).length
  if (size < least + 1) throw new Error(`no document has ${size} characters`)
  return withSid('a'.repeat(size - least))
}

const trustOf = (size: number): object => {
  const withSid = (Sid: string) => ({
    Version: '2012-10-17',
    Statement: [
      { Sid, Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  })
  return withSid('a'.repeat(size - JSON.stringify(withSid('')).length))
}

const SMALL = documentOf(120)
const TRUST = trustOf(150)

const tags = (count: number) => ({
  tags: Object.fromEntries(numbered(count, 'key-').map((key) => [key, 'v'])),
})

const policies = (count: number): Sections => ({
  policies: Object.fromEntries(numbered(count, 'p-').map((name) => [name, { document: SMALL }])),
})

/** Two of them, which count together. */
const inline = (size: number) => ({ inlinePolicies: { one: SMALL, two: documentOf(size - 120) } })

const [FIRST] = SAMPLE_CERTIFICATES
const CERTIFICATE = { certificateBody: FIRST?.made.pem, privateKey: { env: `KEY_OF_${FIRST?.name}` } }

/** What bounds how many of a kind there are in an account is the kind's own (`facts.quota`). */
type OfAccount = Extract<QuotaName, `${string}PerAccount`>

/** Why nothing that is declared takes of it. */
export const NOT_DECLARED: Partial<Record<QuotaName, string>> = {
  versionsPerManagedPolicy: 'where there is no room the oldest version that is not in force goes first',
  tagsPerMfaDevice: 'devices are assigned by people',
}

/**
 * Keys under which many may stand, or a map, and which no quota of what is declared there bounds: AWS bounds the groups of each
 * member; recipients and what is ignored are no part of a call; of the others there is one.
 */
export const NOT_BOUNDED: readonly string[] = [
  'members',
  'recipients',
  'loginProfile',
  'privateKey',
  'roles',
  'ignore',
]

/** What AWS says where it doesn't say `LimitExceeded`. */
export const CODES_OF_AWS: Partial<Record<QuotaName, string>> = {
  thumbprintsPerOidcProvider: 'InvalidInput',
}

export const TAKING: Readonly<Record<Exclude<QuotaName, OfAccount>, TakingOf | null>> = {
  groupsPerUser: (much) => ({
    groups: Object.fromEntries(numbered(much, 'g-').map((name) => [name, {}])),
    users: { x: { groups: numbered(much, 'g-') } },
  }),
  managedPoliciesPerUser: (much) => ({
    ...policies(much),
    users: { x: { managedPolicies: numbered(much, 'p-') } },
  }),
  managedPoliciesPerGroup: (much) => ({
    ...policies(much),
    groups: { x: { managedPolicies: numbered(much, 'p-') } },
  }),
  managedPoliciesPerRole: (much) => ({
    ...policies(much),
    roles: { x: { trustPolicy: TRUST, managedPolicies: numbered(much, 'p-') } },
  }),
  versionsPerManagedPolicy: null,
  clientIdsPerOidcProvider: (much) => ({
    oidcProviders: { 'id.example': { clientIds: numbered(much, 'client-') } },
  }),
  thumbprintsPerOidcProvider: (much) => ({
    oidcProviders: {
      'id.example': { thumbprints: numbered(much, '').map((each) => each.padStart(40, 'a')) },
    },
  }),
  tagsPerUser: (much) => ({ users: { x: tags(much) } }),
  tagsPerRole: (much) => ({ roles: { x: { trustPolicy: TRUST, ...tags(much) } } }),
  tagsPerPolicy: (much) => ({ policies: { x: { document: SMALL, ...tags(much) } } }),
  tagsPerMfaDevice: null,
  tagsPerInstanceProfile: (much) => ({ instanceProfiles: { x: tags(much) } }),
  tagsPerOidcProvider: (much) => ({ oidcProviders: { 'id.example': tags(much) } }),
  tagsPerSamlProvider: (much) => ({
    samlProviders: { x: { metadata: METADATA_OF_SAMPLES[0], ...tags(much) } },
  }),
  tagsPerServerCertificate: (much) => ({ serverCertificates: { x: { ...CERTIFICATE, ...tags(much) } } }),
  managedPolicySize: (much) => ({ policies: { x: { document: documentOf(much) } } }),
  inlinePolicySizePerUser: (much) => ({ users: { x: inline(much) } }),
  inlinePolicySizePerGroup: (much) => ({ groups: { x: inline(much) } }),
  inlinePolicySizePerRole: (much) => ({ roles: { x: { trustPolicy: TRUST, ...inline(much) } } }),
  trustPolicySize: (much) => ({ roles: { x: { trustPolicy: trustOf(much) } } }),
}
