import { SourceTexts, type Span } from '../../src/diagnostics/index.ts'
import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import type { Change, Plan } from '../../src/plan/plan.ts'

export const YAML = `users:
  alice:
    groups: [developers]
  mallory: {}
roles:
  deploy:
    trustPolicy:
      Version: "2012-10-17"
      Statement:
        - Sid: Ci
          Effect: Allow
          Principal: { Service: codebuild.amazonaws.com }
          Action: sts:AssumeRole
policies:
  payments: {}
tests:
  - name: nobody deletes production data
`

export const texts = new SourceTexts([['team/people.yaml', YAML]])

/** Where a word first stands in the sample file. */
export function spanOf(word: string): Span {
  const start = YAML.indexOf(word)
  return { file: 'team/people.yaml', start, end: start + word.length }
}

const read: PolicyStatement = {
  Sid: 'Read',
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: '*',
}
const write: PolicyStatement = {
  Sid: 'Write',
  Effect: 'Allow',
  Action: [
    's3:PutObject',
    's3:DeleteObject',
    's3:AbortMultipartUpload',
    's3:PutObjectTagging',
    's3:PutObjectAcl',
  ],
  Resource: ['arn:aws:s3:::acme-data/*', 'arn:aws:s3:::acme-logs/*'],
  Condition: {
    StringEquals: { 'aws:PrincipalTag/team': ['payments', 'billing'] },
    Bool: { 'aws:SecureTransport': true },
  },
}
const writeLater: PolicyStatement = {
  Sid: 'Write',
  Effect: 'Allow',
  // Another order than before, which is no difference, and one action less.
  Action: ['s3:DeleteObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectTagging'],
  Resource: ['arn:aws:s3:::acme-data/*', 'arn:aws:s3:::acme-logs/*'],
  Condition: {
    StringEquals: { 'aws:PrincipalTag/team': 'payments' },
    Bool: { 'aws:SecureTransport': 'true' },
  },
}
const deny: PolicyStatement = {
  Effect: 'Deny',
  NotAction: 'iam:*',
  Resource: '*',
  Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' } },
}
const gone: PolicyStatement = { Sid: 'Old', Effect: 'Allow', Action: 'sqs:*', Resource: '*' }

const before: PolicyDocument = { Version: '2008-10-17', Statement: [read, gone, write, read] }
const after: PolicyDocument = { Version: '2012-10-17', Statement: [read, writeLater, read, deny, read] }
const trust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: {
    Sid: 'Ci',
    Effect: 'Allow',
    Principal: { Service: 'codebuild.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
}

const arn = (resource: string) => `arn:aws:iam::111122223333:${resource}`

const changes: readonly Change[] = [
  {
    action: 'create',
    kind: 'role',
    name: 'deploy',
    arn: arn('role/deploy'),
    span: spanOf('deploy'),
    details: [
      { type: 'value', path: 'description', before: null, after: 'deploys\u001b[31m the payments service' },
      { type: 'value', path: 'maxSessionDuration', before: null, after: 7200 },
      {
        type: 'policy',
        path: 'trustPolicy',
        statements: [{ change: 'added', sid: 'Ci', before: null, after: trust.Statement as PolicyStatement }],
        before: null,
        after: trust,
      },
    ],
    steps: [0],
    brieflyWider: null,
  },
  {
    action: 'update',
    kind: 'user',
    name: 'alice',
    arn: arn('user/alice'),
    span: spanOf('alice'),
    details: [
      { type: 'value', path: 'path', before: '/', after: '/engineering/' },
      { type: 'value', path: 'permissionsBoundary', before: arn('policy/old'), after: null },
      { type: 'list', path: 'groups', added: ['developers'], removed: [] },
      {
        type: 'list',
        path: 'managedPolicies',
        added: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        removed: [arn('policy/old')],
      },
      { type: 'value', path: 'tags.team', before: null, after: ' spaced ' },
    ],
    steps: [1, 2],
    brieflyWider: null,
  },
  {
    action: 'replace',
    kind: 'policy',
    name: 'payments',
    arn: arn('policy/payments'),
    span: spanOf('payments'),
    details: [
      {
        type: 'policy',
        path: 'document',
        statements: [
          { change: 'removed', sid: 'Old', before: gone, after: null },
          { change: 'changed', sid: 'Write', before: write, after: writeLater },
          { change: 'added', sid: null, before: null, after: deny },
        ],
        before,
        after,
      },
    ],
    steps: [3],
    brieflyWider: null,
  },
  {
    action: 'update',
    kind: 'passwordPolicy',
    name: 'passwordPolicy',
    arn: arn('root'),
    span: null,
    details: [{ type: 'value', path: 'requireSymbols', before: false, after: true }],
    steps: [4],
    brieflyWider: null,
  },
  {
    action: 'delete',
    kind: 'user',
    name: 'bob',
    arn: arn('user/bob'),
    span: null,
    details: [{ type: 'list', path: 'groups', added: [], removed: ['admins', 'developers'] }],
    steps: [5],
    brieflyWider: null,
  },
]

export const emptyPlan: Plan = {
  account: { id: '111122223333', name: 'production' },
  digest: `sha256:${'0'.repeat(64)}`,
  basis: `sha256:${'1'.repeat(64)}`,
  changes: [],
  steps: [],
  unchanged: 12,
  unmanaged: [],
  refusals: [],
  facts: [],
}

export const fullPlan: Plan = {
  ...emptyPlan,
  changes,
  steps: [
    {
      operation: 'CreateRole',
      input: { RoleName: 'deploy', AssumeRolePolicyDocument: JSON.stringify(trust) },
      effects: [],
      needs: [],
    },
    {
      operation: 'UpdateUser',
      input: { UserName: 'alice', NewPath: '/engineering/' },
      effects: [],
      needs: [],
    },
    {
      operation: 'AddUserToGroup',
      input: { UserName: 'alice', GroupName: 'developers' },
      effects: [],
      needs: [],
    },
    { operation: 'DeletePolicy', input: { PolicyArn: arn('policy/payments') }, effects: [], needs: [] },
    { operation: 'UpdateAccountPasswordPolicy', input: { RequireSymbols: true }, effects: [], needs: [] },
    { operation: 'DeleteUser', input: { UserName: 'bob' }, effects: [], needs: [] },
  ],
  unmanaged: [
    ...Array.from({ length: 12 }, (_, i) => ({
      kind: 'user' as const,
      name: `someone-${String(i + 1).padStart(2, '0')}`,
      arn: arn(`user/someone-${i + 1}`),
      why: 'is not declared, and outside the scope of deletions',
    })),
    {
      kind: 'user',
      name: 'alice',
      arn: arn('user/alice'),
      why: 'has the inline policy extra: `inlinePolicies` is not declared',
    },
    {
      kind: 'policy',
      name: 'x',
      arn: arn('policy/x'),
      why: 'is not declared, and outside the scope of deletions',
    },
    {
      kind: 'policy',
      name: 'y',
      arn: arn('policy/y'),
      why: 'is not declared, and outside the scope of deletions',
    },
  ],
  refusals: [
    {
      rule: 'protect',
      message: 'a protected entity would be deleted',
      help: 'declare it again, or take it from `guard.protect`',
      entities: ['user/bob'],
    },
  ],
}
