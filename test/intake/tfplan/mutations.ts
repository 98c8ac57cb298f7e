import type { Planned } from './plan-json.ts'
import { allowing, roleOf, trusting } from './read-plan.ts'

/** Somebody of each kind, with whatever a plan may say of them. */
export const RICH: readonly Planned[] = [
  roleOf('deploy', {
    after: {
      name: 'deploy',
      path: '/ci/',
      assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')),
      inline_policy: [{ name: 'own', policy: JSON.stringify(allowing('s3:*')) }],
      managed_policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      permissions_boundary: 'arn:aws:iam::111122223333:policy/limit',
      max_session_duration: 3600,
      tags_all: { team: 'a' },
    },
    computed: ['arn'],
  }),
  { type: 'aws_iam_user', name: 'u', before: null, after: { name: 'u', path: '/' } },
  { type: 'aws_iam_group', name: 'g', before: null, after: { name: 'g', path: '/' } },
  {
    type: 'aws_organizations_organization',
    name: 'o',
    mode: 'data',
    after: { id: 'o-1', master_account_id: '444455556666' },
  },
  {
    type: 'aws_organizations_account',
    name: 'a',
    after: { id: '111122223333', parent_id: 'ou-ab12-11111111' },
  },
  {
    type: 'aws_organizations_organizational_units',
    name: 'us',
    mode: 'data',
    after: { parent_id: 'r-ab12', children: [{ id: 'ou-ab12-11111111', name: 'u' }] },
  },
  {
    type: 'aws_organizations_policy',
    name: 'guard',
    after: {
      id: 'p-1',
      name: 'guard',
      type: 'SERVICE_CONTROL_POLICY',
      content: JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] }),
    },
  },
  {
    type: 'aws_organizations_policy_attachment',
    name: 'guard',
    after: { policy_id: 'p-1', target_id: 'r-ab12' },
  },
  {
    type: 'aws_iam_policy',
    name: 'limit',
    after: {
      name: 'limit',
      path: '/',
      arn: 'arn:aws:iam::111122223333:policy/limit',
      policy: JSON.stringify(allowing('*')),
    },
  },
  {
    type: 'aws_iam_user_group_membership',
    name: 'm',
    before: null,
    after: { user: 'u', groups: ['g'] },
  },
  {
    type: 'aws_iam_role_policy_attachment',
    name: 'a',
    key: 'x',
    module: 'module.m["k"]',
    before: null,
    after: { role: 'deploy' },
    unknown: { policy_arn: ['aws_iam_policy.limit.arn', 'aws_iam_policy.limit'] },
  },
  {
    type: 'aws_iam_group_policy',
    name: 'p',
    before: null,
    after: { group: 'g', name: 'p' },
    unknown: { policy: ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'] },
  },
  {
    type: 'aws_iam_policy_document',
    name: 'd',
    mode: 'data',
    after: {
      statement: [
        {
          actions: ['s3:*'],
          resources: ['*'],
          principals: [{ type: 'AWS', identifiers: ['*'] }],
          condition: [{ test: 'StringEquals', variable: 'aws:username', values: ['u'] }],
        },
        { actions: ['sqs:*'], resources: [null] },
      ],
    },
    partly: { json: true, statement: [{ actions: [false] }, { resources: [true] }] },
  },
  {
    type: 'aws_s3_bucket_policy',
    name: 'b',
    before: null,
    after: {
      bucket: 'logs',
      policy:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/*"}]}',
    },
  },
  {
    type: 'aws_lambda_permission',
    name: 'l',
    before: null,
    after: {
      action: 'lambda:InvokeFunction',
      principal: '*',
      function_name: 'f',
      source_account: '111122223333',
    },
  },
  { type: 'aws_ssoadmin_permission_set', name: 's', before: null, after: { name: 'Admins' } },
  {
    type: 'aws_ssoadmin_account_assignment',
    name: 's',
    before: null,
    after: { target_id: '111122223333' },
    unknown: { permission_set_arn: ['aws_ssoadmin_permission_set.s.arn', 'aws_ssoadmin_permission_set.s'] },
  },
]

/** What may stand where something else should. */
export const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  '',
  'x',
  [],
  [[]],
  {},
  { a: [] },
  '__proto__',
  1e308,
  '*',
  'arn:aws:iam::*:role/*',
  'arn:::::',
  'arn:aws:iam::111122223333:policy/',
  '/',
  'a/b',
  '\u0000\u202e\n',
  '{"Version":"2012-10-17","Statement":[]}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"x"}]}',
  '{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["*"]},"Action":"*:*","Resource":"arn:aws:s3"}}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:user/*"},"Action":"a:b:c","Condition":{"Bogus":{"k":"v"}}}]}',
  ['s3:*', null, 7],
  'x'.repeat(2000),
]

/** All places of a value, the whole left out. */
export const placesIn = (value: unknown): readonly (readonly (string | number)[])[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, each]) => [[key], ...placesIn(each).map((path) => [key, ...path])])

/** A copy of a JSON text's value with something else at one place. */
export function mutated(text: string, path: readonly (string | number)[], value: unknown): unknown {
  const json: unknown = JSON.parse(text)
  // Each step but the last leads to a list or a map: it is a path of the value.
  let at = json as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>
  at[path.at(-1) ?? ''] = value
  return json
}
