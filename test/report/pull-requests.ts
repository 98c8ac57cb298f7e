// Pull requests as they are made every day, small enough to be read whole: the project before and after.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders

/** Files of a project, by path. */
export type Files = Readonly<Record<string, string>>

export interface PullRequest {
  readonly name: string
  readonly before: Files
  readonly after: Files
}

const ONE_ACCOUNT = `
version: 1
accounts:
  production: { id: "111122223333", target: { kind: local, database: production.db } }
scope: { users: all, groups: all, roles: all, policies: all }
`

const TWO_ACCOUNTS = `
version: 1
accounts:
  production:
    id: "111122223333"
    manifests: [shared, production]
    target: { kind: local, database: production.db }
  staging:
    id: "444455556666"
    manifests: [shared, staging]
    target: { kind: local, database: staging.db }
scope: { users: all, groups: all, roles: all, policies: all }
`

const one = (name: string, before: string, after: string): PullRequest => ({
  name,
  before: { 'iam-sync.yaml': ONE_ACCOUNT, 'iam/team.yaml': before },
  after: { 'iam-sync.yaml': ONE_ACCOUNT, 'iam/team.yaml': after },
})

/** One document with one thing in it put otherwise. */
const edited = (name: string, text: string, from: string, to: string): PullRequest => {
  const after = text.replace(from, to)
  if (after === text) throw new Error(`${name}: nothing is edited`)
  return one(name, text, after)
}

const ANALYSTS = `
groups:
  analysts:
    inlinePolicies:
      read-data:
        Version: "2012-10-17"
        Statement:
          - Sid: ReadData
            Effect: Allow
            Action: [s3:GetObject, s3:GetObjectVersion]
            Resource: arn:aws:s3:::acme-data/*
users:
  ana: { groups: [analysts] }
  ben: { groups: [analysts] }
  cem: { groups: [analysts] }
`

const ADMINS = `
users:
  dora:
    inlinePolicies:
      keys:
        Version: "2012-10-17"
        Statement:
          - Sid: RotateKeys
            Effect: Allow
            Action: [kms:ScheduleKeyDeletion, kms:DisableKey, secretsmanager:PutSecretValue]
            Resource: "*"
            Condition: { Bool: { aws:MultiFactorAuthPresent: "true" } }
`

const OPERATORS = `
policies:
  operate:
    document:
      Version: "2012-10-17"
      Statement:
        - { Sid: Operate, Effect: Allow, Action: [s3:GetObject, s3:PutObject, s3:DeleteObject], Resource: "*" }
users:
  eli: { managedPolicies: [operate] }
  fay: { managedPolicies: [operate] }
`

const NO_AUDIT = `
        - Sid: HandsOffAudit
          Effect: Deny
          Action: s3:*
          Resource: [arn:aws:s3:::acme-audit, arn:aws:s3:::acme-audit/*]`

const TEAMS = `
policies:
  own-secrets:
    document:
      Version: "2012-10-17"
      Statement:
        - Sid: OwnSecrets
          Effect: Allow
          Action: [secretsmanager:GetSecretValue, secretsmanager:PutSecretValue]
          Resource: "arn:aws:secretsmanager:*:*:secret:\${aws:PrincipalTag/team}/*"
users:
  gus: { managedPolicies: [own-secrets], tags: { team: billing } }
`

const ORDERS = `
roles:
  orders-fn:
    path: /service/
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
    inlinePolicies:
      queue:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Action: sqs:SendMessage, Resource: "arn:aws:sqs:eu-west-1:111122223333:orders" }
  replay:
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: { AWS: "arn:aws:iam::111122223333:role/service/orders-fn" }
          Action: sts:AssumeRole
`

const PEOPLE = Array.from({ length: 160 }, (_, index) => `dev-${String(index + 1).padStart(3, '0')}`)

const ops = (groups: string): string => `
groups:
  developers: {}
  ops:
    inlinePolicies:
      restart:
        Version: "2012-10-17"
        Statement:
          - { Sid: Restart, Effect: Allow, Action: [ec2:RebootInstances, ec2:StopInstances], Resource: "*" }
users:
${PEOPLE.map((name) => `  ${name}: { groups: ${groups} }`).join('\n')}
`

const CONTRACTOR = `
policies:
  contractor-boundary:
    document:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Action: s3:*, Resource: "arn:aws:s3:::acme-scratch/*" }
users:
  hal:
    permissionsBoundary: contractor-boundary
    inlinePolicies:
      storage:
        Version: "2012-10-17"
        Statement:
          - { Sid: Storage, Effect: Allow, Action: [s3:GetObject, s3:PutObject], Resource: "*" }
`

const ORGANIZATION = `
organization:
  id: o-a1b2c3d4e5
  managementAccount: "999988887777"
  serviceControlPolicies:
    keep-trails:
      Version: "2012-10-17"
      Statement:
        - Sid: KeepTrails
          Effect: Deny
          Action: [cloudtrail:StopLogging, cloudtrail:DeleteTrail]
          Resource: "*"
          Condition: { ArnNotLike: { aws:PrincipalArn: "arn:aws:iam::*:role/security" } }
  roots:
    Root:
      accounts: { "999988887777": { name: management } }
      organizationalUnits:
        workloads:
          serviceControlPolicies: [FullAWSAccess, keep-trails]
          accounts: { "111122223333": { name: production } }
roles:
  platform:
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }
    inlinePolicies:
      trails:
        Version: "2012-10-17"
        Statement:
          - { Sid: Trails, Effect: Allow, Action: cloudtrail:*, Resource: "*" }
`

const PARTNER = `
roles:
  reports:
    path: /partners/
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - Sid: Partner
          Effect: Allow
          Principal: { AWS: "arn:aws:iam::111122223333:root" }
          Action: sts:AssumeRole
    inlinePolicies:
      read:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::acme-reports/*" }
`

const INCIDENT = `
users:
  ida:
    inlinePolicies:
      incident:
        Version: "2012-10-17"
        Statement:
          - Sid: Incident
            Effect: Allow
            Action: [rds:RebootDBInstance, rds:StopDBInstance]
            Resource: "*"
            Condition: { DateLessThan: { aws:CurrentTime: "2027-01-01T00:00:00Z" } }
`

const SHARED = `
roles:
  deployer:
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Principal: { Service: codebuild.amazonaws.com }, Action: sts:AssumeRole }
    inlinePolicies:
      deploy:
        Version: "2012-10-17"
        Statement:
          - { Sid: Deploy, Effect: Allow, Action: [ecs:UpdateService], Resource: "*" }
`

const twoAccounts = (shared: string): Files => ({
  'iam-sync.yaml': TWO_ACCOUNTS,
  'shared/roles.yaml': shared,
  'production/users.yaml': 'users: {}\n',
  'staging/users.yaml': 'users: {}\n',
})

export const PULL_REQUESTS: readonly PullRequest[] = [
  edited('a bucket is narrowed', ANALYSTS, 'acme-data/*', 'acme-data/curated/*'),
  edited(
    'a second factor is no longer needed',
    ADMINS,
    '            Condition: { Bool: { aws:MultiFactorAuthPresent: "true" } }\n',
    '',
  ),
  edited('a deny is added', OPERATORS, 'Resource: "*" }', `Resource: "*" }${NO_AUDIT}`),
  edited('a tag changes', TEAMS, 'team: billing', 'team: payments'),
  {
    ...one(
      'a role is replaced',
      ORDERS,
      ORDERS.replaceAll('/service/', '/functions/').replaceAll('role/service', 'role/functions'),
    ),
  },
  one('a group joins ops', ops('[developers]'), ops('[developers, ops]')),
  edited('a boundary is removed', CONTRACTOR, '    permissionsBoundary: contractor-boundary\n', ''),
  edited(
    'a boundary is widened',
    CONTRACTOR,
    '{ Effect: Allow, Action: s3:*, Resource: "arn:aws:s3:::acme-scratch/*" }',
    '{ Sid: Buckets, Effect: Allow, Action: s3:*, Resource: ["arn:aws:s3:::acme-scratch/*", "arn:aws:s3:::acme-inbox/*"] }',
  ),
  edited(
    'a control policy is loosened',
    ORGANIZATION,
    'arn:aws:iam::*:role/security"',
    'arn:aws:iam::*:role/*"',
  ),
  edited(
    'a control policy allows more',
    ORGANIZATION.replace('Effect: Deny', 'Effect: Allow')
      .replace('[FullAWSAccess, keep-trails]', '[keep-trails]')
      .replace(/ +Condition: .*\n/, ''),
    'cloudtrail:StopLogging, ',
    'cloudtrail:StopLogging, cloudtrail:StartLogging, ',
  ),
  edited(
    'somebody outside is let in',
    PARTNER,
    '{ AWS: "arn:aws:iam::111122223333:root" }',
    '{ AWS: "arn:aws:iam::777788889999:root" }',
  ),
  one('a grant has expired', INCIDENT, INCIDENT.replace('2027-01-01', '2026-01-01')),
  {
    name: 'two accounts change alike',
    before: twoAccounts(SHARED),
    after: twoAccounts(SHARED.replace('[ecs:UpdateService]', '[ecs:UpdateService, ecs:DeleteService]')),
  },
]
