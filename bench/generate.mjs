// Writes an IAM folder as large as an AWS account can be by default, from a seed: the same sizes give the same bytes.
//
//   node bench/generate.mjs DIR [--quick] [--kinds]       --kinds: with some of every kind
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { everyKind, NOTHING_MORE } from './every-kind.mjs'
import { randomSource } from './random.mjs'

/** AWS's default quotas, filled up. */
export const FULL = { users: 5000, groups: 300, roles: 1000, policies: 1500 }
export const QUICK = { users: 250, groups: 15, roles: 50, policies: 75 }
export const SEED = 20_260_926
const ACCOUNT = '111122223333'

const DEPARTMENTS = ['engineering', 'data', 'operations', 'finance', 'sales', 'legal', 'research', 'support']
const SERVICES = [
  'orders',
  'billing',
  'search',
  'ledger',
  'catalog',
  'pricing',
  'stock',
  'mail',
  'maps',
  'media',
]
const PARTS = ['api', 'worker', 'ingest', 'export', 'sync', 'index', 'gateway', 'report', 'audit', 'cron']
const TEAMS = SERVICES.map((service) => `team-${service}`)
const GIVEN = [
  'ada',
  'ben',
  'cleo',
  'dan',
  'eva',
  'finn',
  'gia',
  'hugo',
  'ines',
  'jo',
  'kai',
  'lea',
  'mo',
  'nia',
  'ole',
]
const FAMILY = [
  'abel',
  'berg',
  'costa',
  'dahl',
  'evans',
  'frey',
  'gold',
  'hart',
  'ito',
  'jung',
  'king',
  'lind',
  'moss',
]
const AWS_MANAGED = [
  'ReadOnlyAccess',
  'ViewOnlyAccess',
  'SecurityAudit',
  'CloudWatchReadOnlyAccess',
  'AWSSupportAccess',
]
const ACTIONS = {
  s3: ['GetObject', 'PutObject', 'DeleteObject', 'ListBucket', 'GetBucketLocation', 'GetObjectTagging'],
  dynamodb: ['GetItem', 'PutItem', 'Query', 'UpdateItem', 'BatchGetItem', 'Scan', 'DescribeTable'],
  sqs: ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'],
  ec2: [
    'DescribeInstances',
    'StartInstances',
    'StopInstances',
    'CreateTags',
    'DescribeVolumes',
    'RunInstances',
  ],
  logs: ['CreateLogStream', 'PutLogEvents', 'FilterLogEvents', 'GetLogEvents', 'StartQuery'],
  kms: ['Decrypt', 'Encrypt', 'GenerateDataKey', 'DescribeKey'],
  lambda: ['InvokeFunction', 'UpdateFunctionCode', 'GetFunction', 'ListFunctions'],
  secretsmanager: ['GetSecretValue', 'DescribeSecret', 'PutSecretValue'],
}

const resourceOf = (random, service) => {
  const name = `${random.pick(SERVICES)}-${random.between(1, 90)}`
  switch (service) {
    case 's3':
      return `arn:aws:s3:::bench-${name}/*`
    case 'dynamodb':
      return `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${name}`
    case 'sqs':
      return `"arn:aws:sqs:eu-west-1:{{ account.id }}:\${aws:PrincipalTag/team}-*"`
    case 'lambda':
      return `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`
    case 'secretsmanager':
      return `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:${name}/*`
    default:
      return '"*"'
  }
}

const CONDITIONS = [
  ['Bool: { aws:MultiFactorAuthPresent: "true" }'],
  ['IpAddress: { aws:SourceIp: [198.51.100.0/24, 203.0.113.0/24] }'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
  ['StringEquals: { aws:ResourceTag/team: "${aws:PrincipalTag/team}" }'],
  [
    'StringEquals: { aws:RequestedRegion: [eu-west-1, eu-central-1] }',
    'NumericLessThan: { aws:MultiFactorAuthAge: 3600 }',
  ],
  ['ArnLike: { aws:PrincipalArn: "arn:aws:iam::{{ account.id }}:role/service/*" }'],
  ['ForAllValues:StringEquals: { aws:TagKeys: [team, service, environment] }'],
]

/** Lines of one statement, indented by `pad`. */
const statement = (random, pad, sid) => {
  const service = random.pick(Object.keys(ACTIONS))
  const actions = random.sample(ACTIONS[service], random.between(1, 5)).map((name) => `${service}:${name}`)
  const resources = Array.from({ length: random.between(1, 2) }, () => resourceOf(random, service))
  const lines = [
    `- Sid: ${sid}`,
    `  Effect: ${random.chance(0.12) ? 'Deny' : 'Allow'}`,
    `  Action: [${actions.join(', ')}]`,
    `  Resource: [${[...new Set(resources)].join(', ')}]`,
  ]
  if (random.chance(0.35)) {
    lines.push('  Condition:', ...random.pick(CONDITIONS).map((condition) => `    ${condition}`))
  }
  return lines.map((line) => pad + line)
}

const documentLines = (random, pad, statements) => [
  `${pad}Version: "2012-10-17"`,
  `${pad}Statement:`,
  ...Array.from({ length: statements }, (_, number) =>
    statement(random, `${pad}  `, `S${number + 1}`),
  ).flat(),
]

const trustLines = (random, pad) => {
  const kind = random.below(4)
  const principal = [
    `{ Service: ${random.pick(['ecs-tasks', 'lambda', 'ec2', 'states'])}.amazonaws.com }`,
    '{ AWS: "{{ account.id }}" }',
    `{ Federated: "arn:aws:iam::{{ account.id }}:oidc-provider/token.actions.githubusercontent.com" }`,
    '{ AWS: arn:aws:iam::444455556666:root }',
  ][kind]
  const condition = [
    null,
    'Bool: { aws:MultiFactorAuthPresent: "true" }',
    `StringEquals: { token.actions.githubusercontent.com:sub: "repo:bench/${random.pick(SERVICES)}:ref:refs/heads/main" }`,
    'StringEquals: { sts:ExternalId: bench }',
  ][kind]
  return [
    `${pad}Version: "2012-10-17"`,
    `${pad}Statement:`,
    `${pad}  - Effect: Allow`,
    `${pad}    Principal: ${principal}`,
    `${pad}    Action: ${kind === 2 ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole'}`,
    ...(condition === null ? [] : [`${pad}    Condition:`, `${pad}      ${condition}`]),
  ]
}

const project = (
  sizes,
) => `# ${sizes.users} users, ${sizes.groups} groups, ${sizes.roles} roles, ${sizes.policies} policies.
version: 1
accounts:
  bench:
    id: "${ACCOUNT}"
    alias: bench-account
    target: { kind: local, database: .iam-sync/bench.db }
scope: { users: all, groups: all, roles: all, policies: all }
`

/**
 * @param more what it has besides, of its own randomness, so that all else is as it is without
 * @returns path → text of a whole IAM folder; about 60 files and 2.5 MB at full size
 */
export function generateAccount(sizes = FULL, seed = SEED, more = NOTHING_MORE) {
  const random = randomSource(seed)
  const files = new Map([['iam-sync.yaml', project(sizes) + more.project]])
  const number = (value) => String(value).padStart(4, '0')
  const boundaries = ['boundary-people', 'boundary-services']
  const policyNames = Array.from({ length: sizes.policies - boundaries.length }, (_, place) =>
    [random.pick(SERVICES), random.pick(PARTS), number(place)].join('-'),
  )
  const groupNames = Array.from(
    { length: sizes.groups },
    (_, place) => `${random.pick(DEPARTMENTS)}-${number(place)}`,
  )

  /** Writes entities in files of so many. */
  const write = (section, entities, perFile) => {
    for (let first = 0; first < entities.length; first += perFile) {
      const name = `${section}/${section}-${String(first / perFile + 1).padStart(2, '0')}.yaml`
      files.set(name, `${[`${section}:`, ...entities.slice(first, first + perFile).flat()].join('\n')}\n`)
    }
  }

  const policies = [
    ...boundaries.map((name) => [
      `  ${name}:`,
      '    path: /boundaries/',
      '    document:',
      '      Version: "2012-10-17"',
      '      Statement: [{ Effect: Allow, NotAction: [iam:*, organizations:*], Resource: "*" }]',
      '',
    ]),
    ...policyNames.map((name) => [
      `  ${name}:`,
      '    path: /managed/',
      `    description: What ${name} needs`,
      `    tags: { owner: ${random.pick(TEAMS)} }`,
      '    document:',
      ...documentLines(random, '      ', random.between(1, 3)),
      '',
    ]),
  ]
  write('policies', policies, Math.ceil(sizes.policies / 20))

  const groups = groupNames.map((name) => [
    `  ${name}:`,
    `    managedPolicies: [${[...random.sample(policyNames, random.between(2, 6)), random.pick(AWS_MANAGED)].join(', ')}]`,
    ...(random.chance(0.1)
      ? ['    inlinePolicies:', '      extra:', ...documentLines(random, '        ', 1)]
      : []),
    '',
  ])
  const roles = Array.from({ length: sizes.roles }, (_, place) => {
    const service = random.pick(SERVICES)
    const name = `${service}-${random.pick(PARTS)}-${number(place)}`
    const trust = trustLines(random, '      ')
    return [
      `  ${name}:`,
      '    path: /service/',
      `    description: Runs ${service}`,
      '    trustPolicy:',
      ...trust,
      `    managedPolicies: [${random.sample(policyNames, random.between(1, 4)).join(', ')}]`,
      ...(random.chance(0.7) ? ['    permissionsBoundary: boundary-services'] : []),
      `    tags: { team: team-${service}, environment: ${random.pick(['production', 'staging'])} }`,
      ...(random.chance(0.5)
        ? ['    inlinePolicies:', '      own:', ...documentLines(random, '        ', random.between(1, 2))]
        : []),
      ...more.ofRole(trust.join('\n')),
      '',
    ]
  })
  const membersOf = new Map(groupNames.map((name) => [name, []]))
  const users = Array.from({ length: sizes.users }, (_, place) => {
    const name = `${random.pick(GIVEN)}.${random.pick(FAMILY)}.${number(place)}`
    const path = `/${random.pick(DEPARTMENTS)}/`
    const memberships = random.sample(groupNames, random.between(2, 5))
    for (const group of memberships) membersOf.get(group).push(name)
    return [
      `  ${name}:`,
      `    path: ${path}`,
      `    groups: [${memberships.join(', ')}]`,
      ...(random.chance(0.05) ? [`    managedPolicies: [${random.pick(policyNames)}]`] : []),
      ...(random.chance(0.6) ? ['    permissionsBoundary: boundary-people'] : []),
      `    tags: { team: ${random.pick(TEAMS)}, employee: "${100_000 + place}" }`,
      ...(random.chance(0.03)
        ? ['    inlinePolicies:', '      own:', ...documentLines(random, '        ', 1)]
        : []),
      ...more.ofUser(name),
      '',
    ]
  })
  write(
    'groups',
    groups.map((lines, place) => [
      ...lines.slice(0, -1),
      ...more.ofGroup(place, membersOf.get(groupNames[place])),
      '',
    ]),
    Math.ceil(sizes.groups / 3),
  )
  write('roles', roles, Math.ceil(sizes.roles / 13))
  write('users', users, Math.ceil(sizes.users / 25))
  for (const [path, text] of more.files()) files.set(path, text)
  return files
}

export function writeAccount(folder, files) {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  if (folder === undefined) {
    console.error('usage: node bench/generate.mjs DIR [--quick] [--kinds]')
    process.exit(1)
  }
  const sizes = process.argv.includes('--quick') ? QUICK : FULL
  const files = generateAccount(
    sizes,
    SEED,
    process.argv.includes('--kinds') ? everyKind(sizes) : NOTHING_MORE,
  )
  writeAccount(folder, files)
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  console.log(`${files.size} files, ${(bytes / 1e6).toFixed(2)} MB in ${folder}`)
}
