// Three states of an account that lead from one to the next by every call that a plan makes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { operationNames } from '../../src/iam/operation-names.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { CERTIFICATES } from '../kinds/certificates.ts'
import { METADATA_OF_SAMPLES, SAMPLE_CERTIFICATES } from '../kinds/samples.ts'
import { SSH_KEYS } from '../kinds/ssh-keys.ts'

const SRC = join(import.meta.dirname, '../../src')

/** Where plans get their calls, and applies theirs. */
const MAKES_CALLS = /^(?:kinds\/[^/]+\/(?:plan|observe)\.ts|kinds\/attributes\/|plan\/|reconcile\/)/

/** A device is made by hand, on a terminal: its own suite loses the answers. */
const BY_HAND = 'reconcile/enroll-device.ts'

/** Every operation that changes an account and that is named where calls are made. */
export function sentWrites(): readonly string[] {
  const texts = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && MAKES_CALLS.test(file) && file !== BY_HAND)
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
  const named = new Set(texts.flatMap((text) => [...text.matchAll(/'([A-Z]\w+)'/g)].map(([, name]) => name)))
  return [...operationNames(IAM_KINDS).writes].filter((name) => named.has(name)).sort()
}

const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const trusting = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
})
const [first, second] = SAMPLE_CERTIFICATES
const server = (sample: typeof first) => ({
  certificateBody: sample?.made.pem,
  privateKey: { env: `KEY_OF_${sample?.name}` },
})
const RECIPIENTS = ['age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj']

/** Two of each kind, with all that they can have. */
const MADE = {
  passwordPolicy: { minimumPasswordLength: 14 },
  groups: {
    staff: { managedPolicies: ['read'], inlinePolicies: { one: allow('s3:GetObject') } },
    other: {},
  },
  users: {
    ada: {
      groups: ['staff'],
      managedPolicies: ['read'],
      inlinePolicies: { one: allow('s3:GetObject') },
      permissionsBoundary: 'read',
      tags: { team: 'a' },
      loginProfile: { passwordResetRequired: true },
      recipients: RECIPIENTS,
      accessKeys: { ci: {} },
      sshPublicKeys: { laptop: { body: SSH_KEYS[0] } },
      signingCertificates: { batch: { body: CERTIFICATES[0] } },
      serviceSpecificCredentials: { git: { serviceName: 'codecommit' } },
    },
    bob: { loginProfile: { passwordResetRequired: false }, recipients: RECIPIENTS, accessKeys: { ci: {} } },
  },
  policies: { read: { document: allow('s3:GetObject'), tags: { team: 'a' } } },
  roles: {
    web: {
      trustPolicy: trusting('ec2.amazonaws.com'),
      managedPolicies: ['read'],
      inlinePolicies: { one: allow('s3:GetObject') },
      permissionsBoundary: 'read',
      tags: { team: 'a' },
    },
    db: { trustPolicy: trusting('ec2.amazonaws.com') },
  },
  instanceProfiles: { web: { role: 'web', tags: { team: 'a' } }, idle: {} },
  serviceLinkedRoles: { 'autoscaling.amazonaws.com': {} },
  oidcProviders: {
    'token.example': { clientIds: ['app'], thumbprints: ['0'.repeat(40)], tags: { team: 'a' } },
  },
  samlProviders: { corp: { metadata: METADATA_OF_SAMPLES[0], tags: { team: 'a' } } },
  serverCertificates: { web: { ...server(first), tags: { team: 'a' } } },
}

/** All of it changed. */
const CHANGED = {
  groups: {
    staff: { path: '/x/', managedPolicies: [], inlinePolicies: {} },
    other: {},
  },
  users: {
    ada: {
      path: '/x/',
      groups: ['other'],
      managedPolicies: [],
      inlinePolicies: {},
      permissionsBoundary: null,
      tags: { owner: 'b' },
      loginProfile: { passwordResetRequired: false },
      recipients: RECIPIENTS,
      accessKeys: { ci: { status: 'inactive' } },
      sshPublicKeys: { laptop: { body: SSH_KEYS[0], status: 'inactive' } },
      signingCertificates: { batch: { body: CERTIFICATES[0], status: 'inactive' } },
      serviceSpecificCredentials: { git: { serviceName: 'codecommit', status: 'inactive' } },
    },
    bob: { permissionsBoundary: 'read', loginProfile: null, accessKeys: {} },
  },
  policies: { read: { document: allow('s3:GetBucketAcl'), tags: { owner: 'b' } } },
  roles: {
    web: {
      trustPolicy: trusting('lambda.amazonaws.com'),
      description: 'of the web',
      maxSessionDuration: 7200,
      managedPolicies: [],
      inlinePolicies: {},
      permissionsBoundary: null,
      tags: { owner: 'b' },
    },
    db: { trustPolicy: trusting('ec2.amazonaws.com'), permissionsBoundary: 'read' },
  },
  instanceProfiles: { web: { role: null, tags: { owner: 'b' } }, idle: { role: 'web' } },
  serviceLinkedRoles: { 'autoscaling.amazonaws.com': { description: 'of groups' } },
  oidcProviders: {
    'token.example': { clientIds: ['other'], thumbprints: ['1'.repeat(40)], tags: { owner: 'b' } },
  },
  samlProviders: { corp: { metadata: METADATA_OF_SAMPLES[1], tags: { owner: 'b' } } },
  serverCertificates: { web: { ...server(first), path: '/x/', tags: { owner: 'b' } }, more: server(second) },
}

/** What accounts hold, one after the other; `alias` stands in the project file. */
export const STATES: readonly { readonly alias: string | null; readonly manifest: object }[] = [
  { alias: 'acme', manifest: MADE },
  { alias: 'acme-2', manifest: CHANGED },
  {
    alias: null,
    manifest: {
      passwordPolicy: null,
      serviceLinkedRoles: { 'autoscaling.amazonaws.com': { delete: true } },
    },
  },
]
