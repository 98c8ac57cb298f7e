/**
 * The grammar and quotas of values, each with its words. A schema names a rule as its message (`rule:userName`),
 * and `schema-issues.ts` turns that into a diagnostic here.
 * @see IAM API Reference (CreateUser, CreateRole, TagUser, …) and IAM User Guide, "IAM and AWS STS quotas"
 */
export interface ValueRule {
  readonly code: string
  /** @param shown the user's own text, in backticks */
  readonly message: (shown: string) => string
  readonly help: string
}

const NAME_HELP = 'letters, digits and `+=,.@_-`'
const LISTED = 'write a list: `[a, b]`'

const rule = (code: string, help: string, message: (shown: string) => string): ValueRule => ({
  code,
  message,
  help,
})

const name = (what: string, longest: number, made = NAME_HELP): ValueRule =>
  rule(
    'manifest.bad-name',
    `1 to ${longest} characters: ${made}`,
    (shown) => `${shown} can not be the name of ${what}`,
  )

export const RULES = {
  inlinePolicyName: name('an inline policy', 128),
  accountName: rule(
    'manifest.bad-name',
    '1 to 64 characters: letters, digits, `_`, `.` and `-`',
    (shown) => `${shown} can not be the name of an account`,
  ),
  variableName: rule(
    'manifest.bad-name',
    'a letter, then letters, digits, `_` and `-`',
    (shown) => `${shown} can not be the name of a variable`,
  ),
  organizationId: rule(
    'manifest.bad-organization',
    '`o-`, then 10 to 32 lower-case letters and digits',
    (shown) => `${shown} is not the id of an organization`,
  ),
  unitId: rule(
    'manifest.bad-organization',
    '`r-ab12` of a root, `ou-ab12-cdefgh34` of a unit; or leave it out',
    (shown) => `${shown} is not the id of a root or organizational unit`,
  ),
  organizationName: rule(
    'manifest.bad-organization',
    'write a text that is not empty',
    (shown) => `${shown} can not be the name of an account`,
  ),
  oneRoot: rule(
    'manifest.bad-organization',
    'write one: `roots: { Root: { … } }`',
    () => 'an organization has exactly one root',
  ),
  controlPolicyName: rule(
    'manifest.bad-name',
    '1 to 128 characters: letters, digits, spaces and `+=,.@_-`',
    (shown) => `${shown} can not be the name of a control policy`,
  ),
  resourceArn: rule(
    'manifest.bad-resource',
    'write the ARN of one resource, without wildcards: `arn:aws:s3:::bucket`',
    (shown) => `${shown} is not the ARN of a resource`,
  ),
  resourcePartition: rule(
    'manifest.bad-resource',
    'an ARN begins with its partition: `arn:aws:`, `arn:aws-cn:`, `arn:aws-us-gov:`, …',
    (shown) => `${shown} is of no partition that there is`,
  ),
  iamResource: rule(
    'manifest.bad-resource',
    'IAM entities stand under `users`, `groups`, `roles` and `policies`; a role has its trust policy',
    (shown) => `${shown} is an IAM entity`,
  ),
  path: rule(
    'manifest.bad-path',
    'begin and end with `/`, at most 512 characters, without spaces: `/engineering/`',
    (shown) => `${shown} is not a path`,
  ),
  policyPath: rule(
    'manifest.bad-path',
    'of a policy: letters, digits and `.,+@=_-` between single slashes, at most 512 characters: `/engineering/`',
    (shown) => `${shown} is not a path of a policy`,
  ),
  awsPath: rule(
    'manifest.aws-path',
    'what stands under `/aws-service-role/` and `/aws-reserved/` is made by AWS alone',
    (shown) => `${shown} is a path of AWS's own entities`,
  ),
  description: rule(
    'manifest.bad-description',
    'at most 1000 characters, of Latin-1 (no emoji, no typographic quotes)',
    (shown) => `${shown} can not be a description`,
  ),
  policyDescription: rule(
    'manifest.bad-description',
    'at most 1000 characters',
    (shown) => `${shown} can not be a description`,
  ),
  maxSessionDuration: rule(
    'manifest.bad-session-duration',
    'seconds, from 3600 (one hour) to 43200 (twelve hours)',
    (shown) => `${shown} is not a session duration`,
  ),
  sshKeyBody: rule(
    'manifest.bad-key',
    'write one line of OpenSSH, `ssh-rsa AAAA… comment`, or `{ file: keys/alice.pub }`',
    () => 'an SSH public key is a text of 1 to 16,384 characters',
  ),
  certificateBody: rule(
    'manifest.bad-certificate',
    'write it in PEM, as a block (`body: |`), or `{ file: certificates/alice.pem }`',
    () => 'a certificate is a text of 1 to 16,384 characters',
  ),
  required: rule(
    'manifest.wrong-type',
    'write `required`, or `{ required: true, enforce: true }`, with `keysWithoutMfa: deny` where access keys are to be denied too',
    (shown) => `${shown} says nothing of MFA`,
  ),
  credentialStatus: rule(
    'manifest.bad-status',
    'write `active` or `inactive`',
    (shown) => `${shown} is no status of a credential`,
  ),
  credentialService: rule(
    'manifest.bad-service',
    'IAM makes credentials for `codecommit`, `cassandra`, `bedrock` and `logs`',
    (shown) => `${shown} is no service that has credentials of its own`,
  ),
  credentialAge: rule(
    'manifest.bad-credential-age',
    'a whole number of days, from 1 to 36600, without quotes',
    (shown) => `${shown} is no age of a credential`,
  ),
  duration: rule(
    'manifest.bad-duration',
    'write a number and a unit: `90d`, `12h`, `30m`, `2w`',
    (shown) => `${shown} is not a duration`,
  ),
  tagKey: rule(
    'manifest.bad-tag',
    '1 to 128 characters: letters, digits, spaces and `_.:/=+-@`',
    (shown) => `${shown} can not be the key of a tag`,
  ),
  reservedTagKey: rule(
    'manifest.bad-tag',
    'tags that begin with `aws:` are set by AWS alone',
    (shown) => `the key ${shown} is reserved`,
  ),
  tagValue: rule(
    'manifest.bad-tag',
    'a string of at most 256 characters: letters, digits, spaces and `_.:/=+-@`; quote numbers',
    (shown) => `${shown} can not be the value of a tag`,
  ),
  policyNames: rule(
    'manifest.wrong-type',
    `${LISTED}, of names or ARNs of managed policies`,
    (shown) => `${shown} is not a list of managed policies`,
  ),
  accountId: rule(
    'manifest.bad-account-id',
    'twelve digits, in quotes: "111122223333"',
    (shown) => `${shown} is not an account id`,
  ),
  partition: rule(
    'manifest.bad-partition',
    '`aws` (the default), `aws-cn` or `aws-us-gov`',
    (shown) => `${shown} is not a partition`,
  ),
  alias: rule(
    'manifest.bad-alias',
    '3 to 63 lowercase letters, digits and single hyphens; it begins and ends with a letter or digit, and is not an account id',
    (shown) => `${shown} can not be an account alias`,
  ),
  version: rule(
    'manifest.bad-version',
    'write `version: 1`',
    (shown) => `${shown} is not a version of this format`,
  ),
  targetKind: rule(
    'manifest.bad-target',
    'write `kind: local`, or `kind: aws` with an `endpoint`',
    (shown) => `${shown} is not a kind of target`,
  ),
  endpoint: rule(
    'manifest.bad-endpoint',
    'write `https://HOST`, or `http://127.0.0.1:PORT` of this machine, without a user, a query or a fragment',
    () => 'calls can not be sent to this endpoint',
  ),
  region: rule(
    'manifest.bad-region',
    'write the name of a region: `eu-central-1`',
    (shown) => `${shown} is not a region`,
  ),
  database: rule(
    'manifest.bad-database',
    'a path relative to this file: `.iam-sync/production.db`',
    (shown) => `${shown} is not the path of a database file`,
  ),
  secretsTo: rule(
    'manifest.bad-secrets',
    'a folder of this project, as `.iam-sync/secrets`; a program is named where `apply` runs, by `--secrets-to exec:PROGRAM`',
    (shown) => `${shown} is not a folder that secrets can go to`,
  ),
  quota: rule('manifest.bad-quota', 'a whole number, 0 or more', (shown) => `${shown} is not a quota`),
  manifestList: rule(
    'manifest.wrong-type',
    'write a list of folders or files: `[shared, production]`',
    (shown) => `${shown} is not a list of folders or files`,
  ),
  variable: rule(
    'manifest.bad-variable',
    'variables are strings; quote numbers and dates',
    (shown) => `${shown} can not be the value of a variable`,
  ),
  scope: rule(
    'manifest.bad-scope',
    '`all`, `declared` (the default), `{ path: /managed/ }` or `{ tag: { key: value } }`',
    (shown) => `${shown} is not a scope`,
  ),
  ignored: rule(
    'manifest.bad-ignore',
    'write a list: `[{ grant: managedPolicies/NAME, reason: …, until: 2027-01-31 }]`',
    (shown) => `${shown} is not a list of grants to ignore`,
  ),
  ignoredGrant: rule(
    'manifest.bad-ignore',
    'write the key under which it would stand, and its name or ARN: `managedPolicies/NAME`',
    (shown) => `${shown} names no grant`,
  ),
  ignoredCredential: rule(
    'manifest.bad-ignore',
    'write where it would stand, and its id: `accessKeys/AKIA…`',
    (shown) => `${shown} names no credential`,
  ),
  ignoredWhat: rule(
    'manifest.bad-ignore',
    'write one of `grant: managedPolicies/NAME` and `credential: accessKeys/ID`',
    () => 'it takes what is to be ignored, one for each entry',
  ),
  ignoredReason: rule(
    'manifest.bad-ignore',
    'say in a few words why it is left alone',
    (shown) => `${shown} is no reason`,
  ),
  ignoredUntil: rule(
    'manifest.bad-ignore',
    'write the last day of it: `2027-01-31`',
    (shown) => `${shown} is not a day`,
  ),
  percent: rule('manifest.bad-guard', 'a number from 0 to 100', (shown) => `${shown} is not a percentage`),
  minimumExisting: rule(
    'manifest.bad-guard',
    'a whole number, 0 or more',
    (shown) => `${shown} is not a number of entities`,
  ),
  passwordLength: rule(
    'manifest.bad-password-policy',
    'from 6 to 128 characters',
    (shown) => `${shown} is not a minimum length of passwords`,
  ),
  passwordAge: rule(
    'manifest.bad-password-policy',
    'from 1 to 1095 days, or `null`: passwords do not expire',
    (shown) => `${shown} is not a maximum age of passwords`,
  ),
  passwordReuse: rule(
    'manifest.bad-password-policy',
    'from 1 to 24 earlier passwords, or `null`: none',
    (shown) => `${shown} is not a number of earlier passwords`,
  ),
  metadata: rule(
    'manifest.bad-metadata',
    'write `{ file: sso/metadata.xml }`, or the XML itself',
    (shown) => `${shown} is no metadata of an identity provider`,
  ),
  certificate: rule(
    'manifest.bad-certificate',
    'write `{ file: tls/web.crt }`, or its PEM as a text of several lines',
    (shown) => `${shown} is no certificate`,
  ),
  privateKey: rule(
    'manifest.bad-secret',
    'write `{ env: NAME }` or `{ file: path/to/it }`',
    () => 'a private key is nowhere',
  ),
  clientIds: rule(
    'manifest.bad-client-id',
    `${LISTED}, of texts of 1 to 255 characters`,
    (shown) => `${shown} is not a list of client ids`,
  ),
  clientId: rule(
    'manifest.bad-client-id',
    'a text of 1 to 255 characters: `sts.amazonaws.com`',
    (shown) => `${shown} can not be a client id`,
  ),
  thumbprints: rule(
    'manifest.bad-thumbprint',
    `${LISTED}, of thumbprints of 40 hexadecimal digits`,
    (shown) => `${shown} is not a list of thumbprints`,
  ),
  thumbprint: rule(
    'manifest.bad-thumbprint',
    '40 hexadecimal digits, without colons: the SHA-1 of a certificate',
    (shown) => `${shown} is not a thumbprint`,
  ),
  document: rule(
    'manifest.bad-document',
    'write the document itself, or `{ file: policies/name.json }`',
    (shown) => `${shown} is not a policy document`,
  ),
  testAction: rule(
    'manifest.bad-test',
    'one action or a list of them, without wildcards: `s3:GetObject`',
    (shown) => `${shown} is not an action`,
  ),
  testResource: rule(
    'manifest.bad-test',
    'one ARN or a list of them, such as `arn:aws:s3:::bucket/key`; or `*`, for actions without one',
    (shown) => `${shown} is neither an ARN nor \`*\``,
  ),
  testPrincipal: rule(
    'manifest.bad-test',
    'write `user/NAME`, `role/NAME`, `role/NAME/SESSION`, an ARN, a service such as `lambda.amazonaws.com`, `root`, or `*`',
    (shown) => `${shown} is not a principal`,
  ),
  testContext: rule(
    'manifest.bad-test',
    'condition keys and their values: `{ aws:SourceIp: 10.0.0.1 }`',
    (shown) => `${shown} is not the value of a condition key`,
  ),
  testName: rule(
    'manifest.bad-test',
    'say in a few words what must hold',
    (shown) => `${shown} is not the name of a test`,
  ),
  invariantAction: rule(
    'manifest.bad-invariant',
    'one action or a list of them; wildcards stand in the name: `s3:Delete*`, or `*`',
    (shown) => `${shown} is not an action`,
  ),
  invariantResource: rule(
    'manifest.bad-invariant',
    'one ARN or a list of them, with `*` and `?`: `arn:aws:s3:::data/*`; or `*`, any resource',
    (shown) => `${shown} is not a resource`,
  ),
  invariantContext: rule(
    'manifest.bad-invariant',
    'condition keys and their values: `{ aws:SourceIp: 10.0.0.1 }`',
    (shown) => `${shown} is not the value of a condition key`,
  ),
  invariantName: rule(
    'manifest.bad-invariant',
    'say in a few words what must hold',
    (shown) => `${shown} is not the name of an invariant`,
  ),
  invariantPrincipal: rule(
    'manifest.bad-invariant',
    'write `user/NAME`, `role/NAME`, `group/NAME`, `root`, an ARN, a service such as `lambda.amazonaws.com`, `federated:PROVIDER`, `account:ID`, or `anonymous`',
    (shown) => `${shown} is not a principal`,
  ),
  invariantPrincipals: rule(
    'manifest.bad-invariant',
    'name somebody; that nobody may is `expect: deny`',
    () => 'the list of principals is empty',
  ),
  expectDeny: rule(
    'manifest.bad-invariant',
    'write `expect: deny`, or one of `onlyPrincipals` and `neverPrincipals`; that somebody may is a test',
    (shown) => `${shown} is nothing that an invariant expects`,
  ),
  expect: rule('manifest.bad-test', 'write `allow` or `deny`', (shown) => `${shown} is not a decision`),
} satisfies Record<string, ValueRule>

type RuleName = keyof typeof RULES

/** A rule as the message of a schema. */
export const ruled = (name: RuleName): string => `rule:${name}`

/** Rules that speak of one kind, or of all kinds there are. */
const RULES_OF_KINDS = {
  /** Of its names. @param what `a user`. @param made what they are made of, where it isn't what most are */
  entityName: (longest: string, what: string, made?: string) => name(what, Number(longest), made),
  /** Of a list of names. @param section `groups` */
  namesOf: (section: string) =>
    rule(
      'manifest.wrong-type',
      `${LISTED}, of names of ${section}`,
      (shown) => `${shown} is not a list of ${section}`,
    ),
  /** Of the scope of a kind without tags. */
  untaggedScope: (section: string) =>
    rule(
      'manifest.bad-scope',
      `\`all\`, \`declared\` (the default) or \`{ path: /managed/ }\`; IAM ${section} have no tags`,
      (shown) => `${shown} is not a scope of ${section}`,
    ),
  /** Of the scope of a kind without paths. */
  pathlessScope: (section: string) =>
    rule(
      'manifest.bad-scope',
      `\`all\`, \`declared\` (the default) or \`{ tag: { key: value } }\`; ${section} have no paths`,
      (shown) => `${shown} is not a scope of ${section}`,
    ),
  /** Of what names one of any kind. */
  protect: (...kinds: readonly string[]) =>
    rule(
      'manifest.bad-guard',
      `write ${alternatives(kinds.map((kind) => `\`${kind}/NAME\``))}`,
      (shown) => `${shown} names nothing to protect`,
    ),
} satisfies Record<string, (...words: never[]) => ValueRule>

const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** Such a rule as the message of a schema. @param words without a colon */
export const ruledFor = (name: keyof typeof RULES_OF_KINDS, ...words: readonly string[]): string =>
  `rule:${[name, ...words].join(':')}`

export function ruleOf(message: string): ValueRule | null {
  if (!message.startsWith('rule:')) return null
  const [name = '', ...words] = message.slice('rule:'.length).split(':')
  if (isNameIn(RULES, name)) return RULES[name]
  if (!isNameIn(RULES_OF_KINDS, name)) return null
  const make: (...words: readonly string[]) => ValueRule = RULES_OF_KINDS[name]
  return make(...words)
}

const isNameIn = <T extends object>(table: T, name: string): name is keyof T & string =>
  Object.hasOwn(table, name)
