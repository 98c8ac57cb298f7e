/** Bad input, by the rule that it breaks. `manifest` stands in `main.yaml` of a project with one account. */
interface BadInput {
  readonly name: string
  readonly manifest?: string
  readonly files?: Readonly<Record<string, string>>
}

const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }'
const READ = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: "*" }] }'

const account = (keys: string, rest = ''): Readonly<Record<string, string>> => ({
  'iam-sync.yaml': `version: 1\naccounts:\n  production:\n    id: "111122223333"\n    ${keys}\n${rest}`,
})
const project = (text: string): Readonly<Record<string, string>> => ({ 'iam-sync.yaml': text })
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

export const BAD_INPUT: readonly BadInput[] = [
  // YAML itself
  { name: 'a tab in the indentation', manifest: 'users:\n\talice: {}\n' },
  {
    name: 'a missing closing quote points at the opening one',
    manifest: 'users:\n  alice: { path: "/x/ }\n  bob: {}\n',
  },
  { name: 'an unclosed bracket', manifest: 'users:\n  alice: { groups: [a, b }\n' },
  { name: 'a second colon in a line', manifest: 'roles:\n  deploy: trustPolicy: x\n' },
  { name: 'entries in different columns', manifest: 'users:\n  alice:\n    path: /a/\n   groups: []\n' },
  { name: 'a text that begins with an at sign', manifest: 'users:\n  alice: { tags: { mail: @example } }\n' },
  { name: 'a backslash that escapes nothing', manifest: 'users:\n  alice: { path: "\\q" }\n' },
  {
    name: 'a key twice shows both places',
    manifest: 'users:\n  alice:\n    path: /a/\n    tags: {}\n    path: /b/\n',
  },
  { name: 'an entity twice in one map', manifest: 'users:\n  alice: {}\n  bob: {}\n  alice: {}\n' },
  { name: 'a list as a key', manifest: 'users:\n  ? [a, b]\n  : {}\n' },
  { name: 'an unknown tag', manifest: 'users:\n  alice: { path: !Sub "/x/" }\n' },
  { name: 'an alias without its anchor', manifest: 'users:\n  alice: *nobody\n' },
  { name: 'an alias inside its own anchor', manifest: 'users:\n  alice: &a { groups: [x, *a] }\n' },
  {
    name: 'aliases of aliases without bound',
    manifest: `a: &a0 [x, x, x, x, x, x, x, x, x, x]\n${lines(9, (i) => `b${i}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)}\n`,
  },
  { name: 'a merge of something that is no map', manifest: 'users:\n  alice: { <<: [x] }\n' },
  {
    name: 'a number that would lose its leading zero',
    manifest: 'users:\n  alice: { tags: { cost: 0042 } }\n',
  },
  {
    name: 'a number that can not be held exactly',
    manifest: 'users:\n  alice: { tags: { cost: 12345678901234567890 } }\n',
  },
  {
    name: 'brackets nested ten thousand deep',
    manifest: `users: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
  },
  {
    name: 'lists nested more than a hundred deep',
    manifest: `users: ${'['.repeat(120)}${']'.repeat(120)}\n`,
  },
  {
    name: 'a conflict marker of git',
    manifest: 'users:\n<<<<<<< HEAD\n  alice: {}\n=======\n  bob: {}\n>>>>>>> main\n',
  },
  {
    name: 'every problem of every file in one run',
    files: {
      'a.yaml': 'users:\n  alice: { pth: /a/, tags: [] }\n',
      'b.yaml': 'groups: []\n',
      'c.yaml': 'users: {\n',
    },
  },

  // variables
  {
    name: 'an undefined variable',
    manifest: 'users:\n  alice: { tags: { account: "{{ account.ids }}" } }\n',
  },
  {
    name: 'an undefined variable of the project',
    manifest: 'users:\n  alice: { tags: { region: "in {{ variables.region }}" } }\n',
  },
  {
    name: 'a variable without quotes as a value',
    manifest: 'users:\n  alice: { tags: {} }\n  bob:\n    path: {{ variables.path }}\n',
  },
  {
    name: 'a variable without quotes inside a text',
    manifest: 'users:\n  alice:\n    path: /{{ account.name }}/\n',
  },
  {
    name: 'a variable without quotes followed by text',
    manifest: 'users:\n  alice:\n    path: {{ account.name }}/x/\n    tags: {}\n',
  },
  { name: 'a variable without quotes as a key', manifest: 'users:\n  {{ account.name }}: {}\n' },
  {
    name: 'an expression instead of a variable',
    manifest: 'users:\n  alice: { tags: { x: "{{ account.id | upper }}" } }\n',
  },
  { name: 'braces that are not closed', manifest: 'users:\n  alice: { tags: { x: "{{ account.id" } }\n' },
  {
    name: 'a variable in a document file',
    manifest: 'policies:\n  read: { document: { file: read.json } }\n',
    files: {
      'read.json':
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::{{ variables.bukcet }}"}}',
    },
  },
  {
    name: 'a variable in the guard',
    files: account('alias: "{{ account.name }}"', 'guard: { protect: ["role/{{ account.name }}"] }\n'),
  },
  {
    name: 'two keys that become one by their variables',
    manifest: 'users:\n  "production-ci": {}\n  "{{ account.name }}-ci": {}\n',
  },

  // structure
  { name: 'a manifest that is a list', manifest: '- users\n' },
  { name: 'a section that is misspelt', manifest: 'usres:\n  alice: {}\n' },
  { name: 'a key of the project file in a manifest', manifest: 'guard: { protect: [] }\n' },
  { name: 'users as a list', manifest: 'users:\n  - alice\n' },
  { name: 'an unknown key with a near one', manifest: 'users:\n  alice: { group: [] }\n' },
  { name: 'an unknown key without a near one', manifest: 'users:\n  alice: { email: a@example.com }\n' },
  {
    name: 'a key in the words of the API',
    manifest: `roles:\n  deploy: { AssumeRolePolicyDocument: ${TRUST}, MaxSessionDuration: 3600 }\n`,
  },
  {
    name: 'a key whose feature is still to come',
    manifest: 'users:\n  alice: { accessKeys: {}, expires: 2026-12-31 }\nlint: {}\n',
  },
  {
    name: 'service-specific credentials of services that have none, without a service, that never end, and too many of one',
    manifest: `users:
  alice:
    serviceSpecificCredentials:
      a: { serviceName: s3 }
      b: { credentialAgeDays: 30 }
      c: { serviceName: codecommit, credentialAgeDays: 30 }
      d: { serviceName: bedrock, credentialAgeDays: 36601 }
      e: { serviceName: logs, credentialAgeDays: "30" }
      f: { serviceName: codecommit.amazonaws.com, status: off }
      g: { serviceName: codecommit }
      h: null
`,
  },
  {
    name: 'a string where a list belongs',
    manifest: 'users:\n  alice: { groups: developers, managedPolicies: ReadOnlyAccess }\n',
  },
  {
    name: 'a login profile with a password, or that is none',
    manifest:
      'users:\n  alice: { loginProfile: { password: hunter2 } }\n  bob: { loginProfile: true }\n  carol: { loginProfile: { passwordResetRequired: yes please } }\n',
  },
  {
    name: 'recipients that are mistyped, secret keys, or none',
    manifest:
      'users:\n  alice: { recipients: [age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk, ssh-ed25519 AAAA] }\n  bob: { recipients: [AGE-SECRET-KEY-1QQPQQ] }\n  carol: { recipients: AGE-SECRET-KEY-1QQ }\n  dave: { recipients: [7, {}] }\n',
  },
  { name: 'a number as a tag', manifest: 'users:\n  alice: { tags: { cost-center: 4711, empty: } }\n' },
  { name: 'tags as a list', manifest: 'users:\n  alice: { tags: [team] }\n' },
  { name: 'a role without a trust policy', manifest: 'roles:\n  deploy: { path: /x/ }\n' },
  { name: 'a role without anything', manifest: 'roles:\n  deploy:\n' },
  { name: 'a policy without a document', manifest: 'policies:\n  read: { description: reads }\n' },
  { name: 'an entity that is a text', manifest: 'users:\n  alice: yes please\n' },

  // names, paths, quotas
  {
    name: 'names that IAM does not take',
    manifest: `users:\n  "alice smith": {}\n  ${'u'.repeat(65)}: {}\ngroups:\n  "a/b": {}\n`,
  },
  { name: 'a path without its slashes', manifest: 'users:\n  alice: { path: engineering }\n' },
  {
    name: "a path of AWS's own",
    manifest: `roles:\n  x: { path: /aws-service-role/x/, trustPolicy: ${TRUST} }\n`,
  },
  {
    name: 'a description that IAM does not take',
    manifest: `roles:\n  x: { description: "deploys – quickly", trustPolicy: ${TRUST} }\n`,
  },
  {
    name: 'a session that is too short, and one that is no whole number',
    manifest: `roles:\n  x: { maxSessionDuration: 60, trustPolicy: ${TRUST} }\n  y: { maxSessionDuration: 3600.5, trustPolicy: ${TRUST} }\n`,
  },
  {
    name: 'tags that IAM does not take',
    manifest: `users:\n  alice: { tags: { "aws:x": "1", "a;b": "2", c: "${'v'.repeat(257)}" } }\n`,
  },
  { name: 'tags that differ only in case', manifest: 'users:\n  alice: { tags: { Team: a, team: b } }\n' },
  {
    name: 'more than fifty tags',
    manifest: `users:\n  alice:\n    tags:\n${lines(51, (i) => `      t${i}: x`)}\n`,
  },
  {
    name: 'more than ten groups',
    manifest: `users:\n  alice: { groups: [${lines(11, (i) => `g${i}`).replaceAll('\n', ', ')}] }\ngroups:\n${lines(11, (i) => `  g${i}: {}`)}\n`,
  },
  {
    name: 'more managed policies than a quota of the target allows',
    files: {
      ...account('target: { kind: local, quotas: { managedPoliciesPerUser: 1 } }'),
      'main.yaml': 'users:\n  alice: { managedPolicies: [ReadOnlyAccess, PowerUserAccess] }\n',
    },
  },
  {
    name: 'inline policies that are too large together',
    manifest: `users:\n  alice:\n    inlinePolicies:\n${lines(2, (i) => `      p${i}: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: [${lines(25, (j) => `"arn:aws:s3:::bucket-number-${i}-${j}-of-many/*"`).replaceAll('\n', ', ')}] }] }`)}\n`,
  },
  {
    name: 'password policy values out of range',
    manifest:
      'passwordPolicy: { minimumPasswordLength: 4, maxPasswordAge: 0, passwordReusePrevention: 25, requireSymbols: "yes" }\n',
  },

  // declarations
  {
    name: 'an entity in two files shows both places',
    files: { 'a.yaml': 'users:\n  alice: {}\n', 'b.yaml': 'users:\n  alice: {}\n' },
  },
  {
    name: 'names that differ only in case',
    files: { 'a.yaml': 'groups:\n  Admins: {}\n', 'b.yaml': 'groups:\n  admins: {}\n' },
  },
  {
    name: 'two password policies',
    files: { 'a.yaml': 'passwordPolicy: null\n', 'b.yaml': 'passwordPolicy: { requireSymbols: true }\n' },
  },

  // references
  {
    name: 'a group that is nowhere',
    manifest: 'users:\n  alice: { groups: [develpers] }\ngroups:\n  developers: {}\n',
  },
  {
    name: 'a group of another account',
    manifest: 'users:\n  alice: { groups: ["arn:aws:iam::444455556666:group/x"] }\n',
  },
  {
    name: 'a policy that is nowhere',
    manifest: 'users:\n  alice: { managedPolicies: [ReadOnlyAcces, nothing-like-it] }\n',
  },
  {
    name: 'a boundary that is nowhere',
    manifest: `users:\n  alice: { permissionsBoundary: limits }\npolicies:\n  limit: { document: ${READ} }\n`,
  },
  {
    name: "a name that is the project's and AWS's",
    manifest: `users:\n  alice: { managedPolicies: [ReadOnlyAccess] }\npolicies:\n  ReadOnlyAccess: { document: ${READ} }\n`,
  },
  {
    name: 'a policy ARN of another account',
    manifest: 'users:\n  alice: { managedPolicies: ["arn:aws:iam::444455556666:policy/x"] }\n',
  },
  {
    name: 'a policy ARN of another partition',
    manifest: 'users:\n  alice: { managedPolicies: ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"] }\n',
  },
  {
    name: 'an ARN that is no policy',
    manifest: 'users:\n  alice: { managedPolicies: ["arn:aws:iam::111122223333:role/x"] }\n',
  },
  {
    name: 'the ARN of a declared policy with another path',
    manifest: `users:\n  alice: { managedPolicies: ["arn:aws:iam::111122223333:policy/read"] }\npolicies:\n  read: { path: /managed/, document: ${READ} }\n`,
  },
  {
    name: "a policy of AWS that the catalogue doesn't know is a warning",
    manifest:
      'users:\n  alice: { managedPolicies: ["arn:aws:iam::aws:policy/ViewOnlyAccess", "arn:aws:iam::aws:policy/BrandNew"] }\n',
  },
  {
    name: 'names are not missed while a file can not be read',
    files: {
      'a.yaml': 'users:\n  alice: { groups: [developers], managedPolicies: [read] }\n',
      'b.yaml': 'groups: { developers: {}\n',
    },
  },

  // documents
  { name: 'a document that is a text', manifest: 'policies:\n  read: { document: read.json }\n' },
  {
    name: 'a malformed document points into the manifest',
    manifest:
      'policies:\n  read:\n    document:\n      Version: "2012-10-17"\n      Statement:\n        - Effect: allow\n          Actions: s3:GetObject\n          Resource: "*"\n',
  },
  {
    name: 'a malformed document points into its own file',
    manifest: 'policies:\n  read: { document: { file: read.json } }\n',
    files: {
      'read.json':
        '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow", "Action": "s3GetObject", "Resource": "*" }]\n}\n',
    },
  },
  {
    name: 'a document file that is not there',
    manifest: 'policies:\n  read: { document: { file: policies/raed.json } }\n',
    files: { 'policies/read.json': '{}' },
  },
  {
    name: 'a document file outside of the folder',
    manifest:
      'policies:\n  read: { document: { file: ../../secrets.json } }\n  other: { document: { file: /etc/passwd } }\n',
  },
  {
    name: 'a document file that may be either of two',
    files: {
      'a/main.yaml': 'policies:\n  read: { document: { file: read.json } }\n',
      'a/read.json': '{}',
      'read.json': '{}',
    },
  },
  {
    name: 'a document file that is empty',
    manifest: 'policies:\n  read: { document: { file: read.json } }\n',
    files: { 'read.json': '' },
  },
  {
    name: 'a document file with a key twice',
    manifest: 'policies:\n  read: { document: { file: read.json } }\n',
    files: { 'read.json': '{ "Version": "2012-10-17", "Version": "2008-10-17", "Statement": [] }' },
  },
  {
    name: 'file with something beside it',
    manifest: 'policies:\n  read: { document: { file: read.json, Version: "2012-10-17" } }\n',
    files: { 'read.json': '{}' },
  },
  {
    name: 'a document in YAML that no manifest names',
    files: { 'read.yaml': 'Version: "2012-10-17"\nStatement: []\n' },
  },
  {
    name: 'a managed policy that is too large',
    manifest: `policies:\n  read:\n    document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: [${lines(150, (j) => `"arn:aws:s3:::bucket-number-${j}-of-very-many/*"`).replaceAll('\n', ', ')}] }] }\n`,
  },

  // tests
  {
    name: 'tests with missing and wrong keys',
    manifest:
      'users: { alice: {} }\ntests:\n  - name: one\n    principal: user/alice\n    action: s3:Get*\n    expect: allowed\n  - principal: user/alice\n    action: s3:GetObject\n    resource: x\n    expect: deny\n    contxt: {}\n  - nonsense\n',
  },
  {
    name: 'a test of a principal that is nowhere',
    manifest:
      'users: { alice: {} }\ntests:\n  - { name: x, principal: user/alcie, action: s3:GetObject, expect: deny }\n  - { name: y, principal: alice, action: s3:GetObject, expect: deny }\n',
  },
  // invariants
  {
    name: 'invariants with missing and wrong keys',
    manifest:
      'invariants:\n  - name: one\n    action: [s3Get, s3:Get*]\n    resource: bucket\n    expect: allow\n  - action: "*"\n    expect: deny\n    context: { aws:SourceIp: { a: b } }\n    contxt: {}\n  - name: three\n    action: []\n    onlyPrincipals: []\n  - nonsense\n',
  },
  {
    name: 'an invariant says one thing about who may not',
    manifest:
      'roles: {}\ninvariants:\n  - { name: nothing, action: "s3:*" }\n  - name: two\n    action: "s3:*"\n    neverPrincipals: [root]\n    expect: deny\n',
  },
  {
    name: 'an invariant about principals that are nowhere',
    manifest:
      'users: { alice: { path: /team/ } }\ninvariants:\n  - name: x\n    action: "*"\n    onlyPrincipals: [user/alcie, role/ci, group/admins, alice, "user/*", user/team/alice, role/ci/session, "111122223333", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:policy/p", "arn:aws:iam::444455556666:role/prod-*"]\n',
  },
  { name: 'invariants that are no list', manifest: 'invariants: { name: x }\n' },

  // the project file
  { name: 'no project file', files: { 'iam-sync.yml': 'version: 1\n' } },
  { name: 'an empty project file', files: project('# nothing yet\n') },
  { name: 'a project file without accounts', files: project('version: 1\n') },
  { name: 'a project file that is a list', files: project('- version: 1\n') },
  {
    name: 'a project file of two documents',
    files: project('version: 1\naccounts: { a: { id: "111122223333" } }\n---\nversion: 1\n'),
  },
  {
    name: 'another version, and an unknown key',
    files: project('version: 2\nacounts: {}\naccounts: { a: { id: "111122223333" } }\n'),
  },
  {
    name: 'an account id without quotes',
    files: project('version: 1\naccounts:\n  production:\n    id: 111122223333\n'),
  },
  {
    name: 'an account id without quotes that loses its zero',
    files: project('version: 1\naccounts:\n  production:\n    id: 011122223333\n'),
  },
  {
    name: 'an account id of eleven digits',
    files: project('version: 1\naccounts:\n  production:\n    id: "11112222333"\n'),
  },
  { name: 'an account without an id', files: project('version: 1\naccounts:\n  production: {}\n') },
  {
    name: 'an account name with a space',
    files: project('version: 1\naccounts:\n  my account: { id: "111122223333" }\n'),
  },
  { name: 'a partition that is none', files: account('partition: aws-eu') },
  { name: 'an alias that IAM does not take', files: account('alias: Acme--Corp') },
  { name: 'a target that is still to come', files: account('target: { kind: aws, profile: prod }') },
  { name: 'a target that is none', files: account('target: { kind: gcp }') },
  { name: 'a target without a kind', files: account('target: { endpoint: "https://iam.test" }') },
  { name: 'a target that is no map', files: account('target: aws') },
  {
    name: 'an endpoint of another machine without TLS, in a region that is none',
    files: account(
      'target: { kind: aws, endpoint: "http://10.0.0.1:8080", region: Frankfurt, databse: x.db }',
    ),
  },
  {
    name: 'an endpoint with a user',
    files: account('target: { kind: aws, endpoint: "https://me@iam.test" }'),
  },
  {
    name: 'an endpoint that is AWS itself',
    files: account('target: { kind: aws, endpoint: "https://iam.amazonaws.com" }'),
  },
  { name: 'a quota that is none', files: account('target: { kind: local, quotas: { usersPerAcount: 10 } }') },
  {
    name: 'two accounts in one database',
    files: project(
      'version: 1\naccounts:\n  a: { id: "111122223333", target: { kind: local, database: .iam-sync/x.db } }\n  b: { id: "444455556666", target: { kind: local, database: ./.iam-sync/x.db } }\n',
    ),
  },
  {
    name: 'one account twice',
    files: project('version: 1\naccounts:\n  a: { id: "111122223333" }\n  b: { id: "111122223333" }\n'),
  },
  {
    name: 'manifests that are nowhere',
    files: { ...account('manifests: [prodction, ../x, production]'), 'production/x.yaml': 'users: {}\n' },
  },
  {
    name: 'a manifest that no account takes is a warning',
    files: {
      ...account('manifests: [production]'),
      'production/x.yaml': 'users: {}\n',
      'staging/x.yaml': 'users: {}\n',
    },
  },
  { name: 'variables that are no strings', files: account('variables: { region: 5, "a b": x }') },
  {
    name: 'scopes that are none',
    files: account(
      '',
      'scope: { users: everything, groups: { tag: { a: b } }, roles: { path: x }, polices: all }\n',
    ),
  },
  {
    name: 'a guard that is none',
    files: account(
      '',
      'guard: { maxDeletePercent: 130, minimumExisting: -1, protect: [break-glass], other: 1 }\n',
    ),
  },
  ...['exec:./to-vault', '../outside', '/etc', '.', '""'].map((to) => ({
    name: `secrets that would go to ${to === '""' ? 'nothing' : to.replaceAll('/', ' ')}`,
    files: account('', `secrets: { to: ${to} }\n`),
  })),
  { name: 'the organization in the project file', files: account('', 'organization: {}\n') },
  {
    name: 'manifests of an account with errors are read all the same',
    files: {
      ...project(
        'version: 1\naccounts:\n  a: { id: 111122223333, target: { kind: aws }, variables: { n: 1 } }\n',
      ),
      'main.yaml':
        'users:\n  alice: { pth: /x/, groups: [nowhere, "arn:aws:iam::111122223333:group/g"], tags: { n: "{{ variables.n }}" } }\n',
    },
  },
  {
    name: 'an account whose manifests can not be told',
    files: {
      ...project(
        'version: 1\naccounts:\n  a: { id: "111122223333", manifest: [a] }\n  b: { id: "444455556666", manifests: b }\n  c: nonsense\n',
      ),
      'main.yaml': 'users: []\n',
    },
  },
  {
    name: 'wrong types in an entity',
    manifest:
      'users: { u: { managedPolicies: [1, null, [x]], groups: [[]], permissionsBoundary: 5, inlinePolicies: { a: x, "b c": {} } } }\npolicies:\n  p: { document: [], tags: { a: [1] }, path: 7 }\n  q: { document: { file: } }\npasswordPolicy: 7\ntests: {}\n',
  },
  {
    name: 'a project file that can not be read hides no unreadable manifest',
    files: { ...project('version: 1\naccounts: {\n'), 'a.yaml': 'users: *x\n', 'b.yaml': 'users: []\n' },
  },
  {
    name: 'an organization with everything wrong',
    manifest: `organization:
  id: acme
  managementAccount: 111122223333
  serviceControlPolicies:
    FullAWSAccess: { Statement: [] }
    guardrail: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "s3:Delete*", Resource: "*", Principal: "*" }] }
    lonely: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "s3:*", Resource: "*" }] }
  resourceControlPolicies:
    opens: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*" }] }
  roots:
    Root:
      id: root
      serviceControlPolicies: [FullAwsAccess, guardrail]
      resourceControlPolicies: [opens]
      units: {}
      accounts: { "1234": ~, "444455556666": ~ }
      organizationalUnits:
        workloads: { accounts: { "444455556666": { nme: x } } }
`,
  },
  {
    name: 'an organization without its management account, and with two roots',
    manifest:
      'organization: { id: o-a1b2c3d4e5, managementAccount: "999999999999", roots: { Root: { accounts: { "111122223333": ~ } }, Other: {} } }\n',
  },
  {
    name: 'units that are nested too deep, and one that allows nothing',
    manifest: `organization:
  id: o-a1b2c3d4e5
  managementAccount: "111122223333"
  roots:
    Root:
      accounts: { "111122223333": ~ }
      organizationalUnits: { a: { organizationalUnits: { b: { organizationalUnits: { c: { organizationalUnits: { d: { organizationalUnits: { e: { organizationalUnits: { f: { serviceControlPolicies: [] } } } } } } } } } } } }
`,
  },
  {
    name: 'an organization declared twice, in files of two accounts',
    files: {
      ...project(
        'version: 1\naccounts:\n  a: { id: "111122223333", manifests: [a.yaml] }\n  b: { id: "444455556666", manifests: [b.yaml] }\n',
      ),
      'a.yaml':
        'organization: { id: o-a1b2c3d4e5, managementAccount: "111122223333", roots: { Root: { accounts: { "111122223333": ~ } } } }\n',
      'b.yaml':
        'organization: { id: o-a1b2c3d4e5, managementAccount: "444455556666", roots: { Root: { accounts: { "444455556666": ~ } } } }\n',
    },
  },
  {
    name: 'resources that are none',
    manifest: `resources:
  bucket: {}
  arn:aws:s3:::data*: {}
  arn:aws:iam::111122223333:role/deploy: {}
  arn:aws:sqs:eu-west-1:444455556666:q: { account: "111122223333" }
  arn:aws:s3:::data: { policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] }, tags: [a], owner: x }
  arn:aws:s3:::logs: []
`,
  },
  {
    name: 'a resource of nobody knows which account, and one declared twice',
    files: {
      ...project(
        'version: 1\naccounts:\n  a: { id: "111122223333", manifests: [a.yaml, both.yaml] }\n  b: { id: "444455556666", manifests: [b.yaml, both.yaml] }\n',
      ),
      'both.yaml': 'resources:\n  arn:aws:s3:::shared: {}\n',
      'a.yaml': 'resources:\n  arn:aws:s3:::data: {}\n',
      'b.yaml': 'resources:\n  arn:aws:s3:::data: {}\n',
    },
  },
  // What the author did, rather than what the parser met
  {
    name: 'a text where a number belongs, by a variable or in quotes',
    manifest: `passwordPolicy: { minimumPasswordLength: "{{ account.id }}", maxPasswordAge: "90", requireSymbols: "true", passwordReusePrevention: many }
roles:
  deploy: { trustPolicy: ${TRUST}, maxSessionDuration: "3600" }
`,
  },
  {
    name: 'numbers of the project file in quotes',
    files: {
      'iam-sync.yaml':
        'version: "1"\naccounts:\n  production: { id: "111122223333", target: { kind: local, quotas: { groupsPerUser: "3" } } }\nguard: { maxDeletePercent: "30" }\n',
    },
  },
  {
    name: 'accounts as a list',
    files: project('version: 1\naccounts:\n  - name: production\n    id: "111122223333"\n'),
  },
  { name: 'accounts as a text', files: project('version: 1\naccounts: production\n') },
  {
    name: 'accounts that are not indented',
    files: project('version: 1\naccounts:\nproduction:\n  id: "111122223333"\n'),
  },
  {
    name: 'entities that are not indented',
    manifest: `users:
alice:
  groups: [developers]
bob: {}
groups:
developers: {}
tests:
  - { name: t, principal: user/alice, action: s3:GetObject, expect: deny }
`,
  },
  {
    name: 'keys of an entity that are not indented',
    manifest: `users:
  alice:
    tags:
    team: x
    mail: y
  bob:
  groups: [developers]
roles:
  deploy:
    trustPolicy:
    Version: "2012-10-17"
    Statement: []
`,
  },
  {
    name: 'an anchor that was removed is said once',
    manifest: `users:
  a: { tags: *team }
  b: { tags: *team, groups: [*other] }
  c:
    <<: *team
    tags: *team
`,
  },
  {
    name: 'names with their path, or with their kind',
    manifest: `users:
  alice:
    groups: [group/developers, /eng/developers]
    managedPolicies: [policy/read, service-role/ViewOnlyAccess, job-function/ViewOnlyAcces, policy/nowhere]
    permissionsBoundary: aws:policy/ReadOnlyAccess
groups: { developers: {} }
policies: { read: { document: ${READ} } }
tests:
  - { name: bare, principal: alice, action: s3:GetObject, expect: deny }
  - { name: with a path, principal: user/eng/alice, action: s3:GetObject, expect: deny }
  - { name: a group, principal: group/developers, action: s3:GetObject, expect: deny }
`,
  },
  {
    name: 'members of a group, and other keys that stand elsewhere',
    manifest: `groups:
  developers: { members: [alice], users: [bob], tags: { a: b } }
users:
  alice: { policy_arns: [], name: alice, groups: [] }
`,
  },
  {
    name: 'a document that is a text of JSON, or URL-encoded, or a path',
    manifest: `policies:
  a: { document: '{"Version":"2012-10-17","Statement":[]}' }
  b: { document: "%7B%22Version%22%3A%222012-10-17%22%7D" }
  c: { document: policies/c.json }
  d: { document: { file: d.json } }
  e: { document: { file: e.yaml } }
`,
    files: {
      'd.json': '%7B%22Version%22%3A%222012-10-17%22%7D\n',
      'e.yaml': '%7B%22Version%22%3A%222012-10-17%22%7D\n',
    },
  },
  {
    name: 'commas that are missing in JSON and in YAML',
    manifest: `policies:
  a: { document: { file: a.json } }
  b: { document: { Version: "2012-10-17", Statement: [{ "Effect": "Allow", "Action": "s3:GetObject" "Resource": "*" }] } }
  c: { document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: [a b, "c" "d"], Resource: "*" } { Effect: Deny }] } }
`,
    files: {
      'a.json':
        '{ "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow" "Action": "s3:GetObject", "Resource": "*" }] }\n',
    },
  },
  {
    name: 'principals with a wildcard, by their kind',
    manifest: `roles:
  a: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: "*.amazonaws.com", AWS: "arn:aws:iam::111122223333:role/*", Federated: "arn:aws:iam::111122223333:saml-provider/*" } }] } }
  b: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: "*" } }] } }
`,
  },
  {
    name: 'the key that JavaScript treats as no other, wherever names are free',
    files: {
      'iam-sync.yaml': `version: 1
accounts:
  production: { id: "111122223333", variables: { __proto__: x }, target: { kind: local, quotas: { __proto__: 5 } } }
  __proto__: { id: "222233334444" }
scope: { users: { tag: { __proto__: x } } }
`,
      'a.yaml': `users: { alice: {} }
tests: [{ name: t, principal: user/alice, action: s3:GetObject, expect: deny, context: { __proto__: x } }]
invariants: [{ name: i, action: s3:GetObject, expect: deny, context: { __proto__: x } }]
`,
    },
  },
  {
    name: 'the same key as a name of an entity, and within one',
    manifest: `users: { __proto__: {}, alice: { tags: { __proto__: x }, inlinePolicies: { __proto__: { file: a.json } } } }
groups: { __proto__: {} }
policies: { __proto__: { document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] } } }
resources: { "arn:aws:s3:::data": { tags: { __proto__: x } } }
`,
  },
  {
    name: 'the same key in an organization',
    manifest: `organization:
  id: o-exampleorgid
  managementAccount: "111122223333"
  roots:
    __proto__: {}
    Root: { serviceControlPolicies: [FullAWSAccess], accounts: { "111122223333": {}, __proto__: {} }, organizationalUnits: { __proto__: { accounts: { __proto__: {} } } } }
`,
  },
  {
    name: 'a first line that is indented more than those below it',
    manifest: '  users:\n    alice: {}\ngroups: {}\nroles: {}\n',
  },
  {
    name: 'a statement beside its document',
    manifest: `roles:\n  r:\n    trustPolicy:\n      Version: "2012-10-17"\n    Statement: []\n`,
  },
  {
    name: 'an unknown key of an account hides nothing of its manifests',
    files: {
      ...account('target: { kind: local, quotas: { foo: 1 } }\n    color: red'),
      'a.yaml': 'users: { alice: { groups: [nowhere] } }\n',
    },
  },
  {
    name: 'every problem of one test',
    manifest: `users: { alice: {} }
tests:
  - { name: t, principal: alice, action: "s3:*", resource: "s3:::b/x", expect: allowed, context: { a: { b: c } } }
  - { name: u, principal: user/bob, action: GetObject, resource: [arn:aws:s3:::b/x, bucket], expects: deny }
  - { principal: user/bob, resource: "arn:aws:s3" }
invariants:
  - { name: i, action: GetObject, resource: bucket, onlyPrincipals: [alice, user/bob], neverPrincipals: [user/carol] }
`,
  },
]
