import { PLAN_KINDS } from '../../src/kinds/plan.ts'
import {
  CHILD_KINDS,
  CHILDREN,
  type ChildKind,
  type EntityKind,
  type SettingKind,
  type StateOf,
} from '../../src/model/index.ts'
import fc from '../fixed-seed.ts'
import { CERTIFICATES } from './certificates.ts'
import { madeCertificate, madeMetadata } from './made-certificates.ts'
import { fewOf, tags } from './sample-parts.ts'
import { SSH_KEYS } from './ssh-keys.ts'
import { tokenVersion } from './tokenVersion/sample.ts'
import { toy } from './toy/sample.ts'

/** The names of each kind that a project declares. */
export type Names = Readonly<Record<string, readonly string[]>>

/** What one entity of a kind may declare, beside its path, where these names are declared. */
type Sample = (names: Names) => fc.Arbitrary<object>

const ACTIONS = ['s3:GetObject', 's3:*', 'iam:PassRole', 'ec2:Describe*']

const document = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.subarray(ACTIONS, { minLength: 1, maxLength: 2 }),
  })
  .map((statement) => ({ Version: '2012-10-17', Statement: [{ ...statement, Resource: '*' }] }))

const trustPolicy = fc.constantFrom('ec2.amazonaws.com', 'lambda.amazonaws.com').map((Service) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
}))

const grants = ({ policy = [] }: Names) => ({
  managedPolicies: fewOf(policy, 2),
  inlinePolicies: fc.dictionary(fc.constantFrom('one', 'two'), document, { maxKeys: 2 }),
})

const bounded = ({ policy = [] }: Names) => ({
  permissionsBoundary: fc.constantFrom(null, ...policy),
  tags,
})

const status = fc.constantFrom({}, { status: 'active' }, { status: 'inactive' })

/** What one of each kind may declare that is named under an entity; no two of them are the same. */
export const CHILDREN_OF_SOURCE: { readonly [K in ChildKind]: readonly object[] } = {
  accessKey: [{ rotateAfter: '90d', grace: '7d' }, {}, { rotateAfter: '1w' }],
  sshPublicKey: SSH_KEYS.map((body) => ({ body })),
  signingCertificate: CERTIFICATES.map((body) => ({ body })),
  serviceSpecificCredential: [
    { serviceName: 'codecommit' },
    { serviceName: 'codecommit.amazonaws.com' },
    { serviceName: 'codecommit' },
    { serviceName: 'bedrock', credentialAgeDays: 30 },
    { serviceName: 'logs' },
  ],
  // Not declared.
  mfaDevice: [],
}

/** Whether AWS makes what it is, so that a declaration has its name alone. */
export const isNamedByJournal = (kind: ChildKind): boolean =>
  PLAN_KINDS.user.children?.[kind]?.declared?.tells !== undefined

/** The kinds that can be declared. */
export const DECLARED_CHILDREN = CHILD_KINDS.filter((kind) => CHILDREN_OF_SOURCE[kind].length > 0)

/** Those of them that what is declared shows which they are: of the others a journal knows it. */
export const IDENTIFIED_CHILDREN = DECLARED_CHILDREN.filter((kind) => !isNamedByJournal(kind))

/** Of what stands in no other's place. */
const varietyOf = (declared: object): unknown => Reflect.get(declared, 'serviceName')

/** By section, some of what may be named under an entity, each in some state. */
const children = Object.fromEntries(
  DECLARED_CHILDREN.map((kind) => {
    const each = CHILDREN_OF_SOURCE[kind]
      .filter((declared, index) => index < 3 || varietyOf(declared) !== undefined)
      .map((declared, index) =>
        fc.option(status.map((more) => [`own-${index}`, { ...declared, ...more }] as const)),
      )
    const { most } = CHILDREN[kind]
    const some = fc.tuple(...each).map((all) => {
      const drawn = all.filter((one) => one !== null)
      return Object.fromEntries(
        drawn.filter(([, one], at) => {
          const before = drawn.slice(0, at).filter(([, other]) => isAlike(one, other))
          return before.length < most
        }),
      )
    })
    return [CHILDREN[kind].section, some] as const
  }),
)

const isAlike = (one: object, other: object): boolean =>
  String(varietyOf(one)).split('.')[0] === String(varietyOf(other)).split('.')[0]

const ISSUER = madeCertificate({ subject: 'issuer.example' })
/** With the variable of the environment that has the key: `KEY_OF_first`. */
export const SAMPLE_CERTIFICATES = ['first', 'second'].map((name) => ({
  name,
  made: madeCertificate({ subject: `${name}.example`, issuer: ISSUER }),
}))
export const METADATA_OF_SAMPLES = SAMPLE_CERTIFICATES.map(({ name, made }) =>
  madeMetadata({ issuer: `https://${name}.example`, certificates: [made] }),
)

/** The keys of what samples declare, by variables of the environment. */
export const SAMPLE_SECRETS: ReadonlyMap<string, string> = new Map(
  SAMPLE_CERTIFICATES.map(({ name, made }) => [`KEY_OF_${name}`, made.key]),
)

/** A kind of `src` without one doesn't compile; of any other, `test/kinds/suites` tells that it is missing. */
const OF_SOURCE: { readonly [K in EntityKind]: Sample } = {
  user: (names) =>
    fc.record(
      {
        groups: fewOf(names.group, 2),
        ...grants(names),
        ...bounded(names),
        ...children,
        loginProfile: fc.constantFrom(
          null,
          { passwordResetRequired: false },
          { passwordResetRequired: true },
        ),
        mfa: fc.constantFrom({ required: true }, { required: true, enforce: true, keysWithoutMfa: 'deny' }),
        recipients: fc.constant(['age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj']),
      },
      { requiredKeys: [] },
    ),
  group: (names) => fc.record(grants(names), { requiredKeys: [] }),
  role: (names) =>
    fc.record(
      {
        trustPolicy,
        description: fc.constantFrom('', 'for deploys'),
        maxSessionDuration: fc.constantFrom(3600, 7200),
        ...grants(names),
        ...bounded(names),
      },
      { requiredKeys: ['trustPolicy'] },
    ),
  instanceProfile: ({ role = [] }) =>
    fc.record({ role: fc.constantFrom(null, ...role), tags }, { requiredKeys: [] }),
  serviceLinkedRole: () =>
    fc.record({ description: fc.constantFrom('', 'for groups') }, { requiredKeys: [] }),
  policy: () =>
    fc.record({ document, description: fc.constantFrom('', 'reads'), tags }, { requiredKeys: ['document'] }),
  oidcProvider: () =>
    fc.record(
      {
        clientIds: fc.subarray(['sts.amazonaws.com', 'app', 'https://app.example/']),
        thumbprints: fc.subarray(['0', '1', 'f'].map((digit) => digit.repeat(40))),
        tags,
      },
      { requiredKeys: [] },
    ),
  samlProvider: () =>
    fc.record({ metadata: fc.constantFrom(...METADATA_OF_SAMPLES), tags }, { requiredKeys: ['metadata'] }),
  serverCertificate: () =>
    fc
      .tuple(
        fc.constantFrom(...SAMPLE_CERTIFICATES),
        fc.record({ certificateChain: fc.constantFrom(null, ISSUER.pem), tags }, { requiredKeys: [] }),
      )
      .map(([{ name, made }, rest]) => ({
        certificateBody: made.pem,
        privateKey: { env: `KEY_OF_${name}` },
        ...rest,
      })),
}

/** Of kinds whose names aren't any. */
export const SAMPLE_NAMES: Readonly<Record<string, readonly string[]>> = {
  serviceLinkedRole: ['autoscaling.amazonaws.com', 'autoscaling.amazonaws.com_blue', 'rds.amazonaws.com'],
}

export const SAMPLES: Readonly<Record<string, Sample>> = { ...OF_SOURCE, toy }

/** Values of each setting of an account, as they may be declared. */
const SETTINGS_OF_SOURCE: { readonly [K in SettingKind]: fc.Arbitrary<StateOf<K>> } = {
  passwordPolicy: fc.record({
    minimumPasswordLength: fc.integer({ min: 6, max: 128 }),
    requireSymbols: fc.boolean(),
    requireNumbers: fc.boolean(),
    requireUppercaseCharacters: fc.boolean(),
    requireLowercaseCharacters: fc.boolean(),
    allowUsersToChangePassword: fc.boolean(),
    maxPasswordAge: fc.option(fc.integer({ min: 1, max: 1095 })),
    passwordReusePrevention: fc.option(fc.integer({ min: 1, max: 24 })),
    hardExpiry: fc.boolean(),
  }),
  accountAlias: fc.stringMatching(/^[a-z][a-z0-9]{2,20}$/),
}

export const SETTING_SAMPLES: Readonly<Record<string, fc.Arbitrary<StateOf<SettingKind>>>> = {
  ...SETTINGS_OF_SOURCE,
  tokenVersion,
}
