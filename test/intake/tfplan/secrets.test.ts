import { describe, expect, it } from 'vitest'
import { DiagnosticError, SourceTexts } from '../../../src/diagnostics/index.ts'
import { readTfplan } from '../../../src/intake/tfplan/read-tfplan.ts'
import { type Planned, planBytes, planJson } from './plan-json.ts'
import { allowing, roleOf } from './read-plan.ts'

const SECRET = 'pl4nted-s3cret'
const POLICY = JSON.stringify(allowing(`s3:${SECRET}`))

/** Wherever a plan may have a secret: what the provider's schema calls one, and what somebody has marked. */
const PLANTED: readonly Planned[] = [
  roleOf('deploy'),
  {
    type: 'aws_iam_access_key',
    name: 'k',
    after: { user: 'u', secret: SECRET, ses_smtp_password_v4: SECRET, encrypted_secret: SECRET },
    sensitive: { secret: true, ses_smtp_password_v4: true },
  },
  {
    type: 'aws_iam_user_login_profile',
    name: 'l',
    after: { user: 'u', password: SECRET, encrypted_password: SECRET },
    sensitive: { password: true },
  },
  {
    type: 'aws_iam_user',
    name: 'u',
    after: { name: SECRET, path: '/', tags: { a: SECRET } },
    sensitive: { name: true, tags: true },
  },
  {
    type: 'aws_iam_user',
    name: 'v',
    after: { name: 'v', path: '/', tags: { a: SECRET } },
    sensitive: { tags: { a: true } },
  },
  {
    type: 'aws_iam_role_policy',
    name: 'p',
    after: { role: 'deploy', name: 'p', policy: POLICY },
    sensitive: { policy: true },
  },
  {
    type: 'aws_iam_role',
    name: 'r',
    after: {
      name: 'r',
      path: `/${SECRET}/`,
      description: SECRET,
      assume_role_policy: POLICY,
      inline_policy: [{ name: 'i', policy: POLICY }],
      permissions_boundary: SECRET,
      managed_policy_arns: [SECRET],
    },
    sensitive: {
      path: true,
      description: true,
      assume_role_policy: true,
      inline_policy: [{ policy: true }],
      permissions_boundary: true,
      managed_policy_arns: true,
    },
  },
  {
    type: 'aws_s3_bucket_policy',
    name: 'b',
    after: { bucket: SECRET, policy: POLICY },
    sensitive: { bucket: true, policy: true },
  },
  {
    type: 'aws_secretsmanager_secret_version',
    name: 's',
    after: { secret_string: SECRET },
    sensitive: { secret_string: true },
  },
  { type: 'aws_db_instance', name: 'd', after: { password: SECRET } },
  {
    type: 'aws_lambda_function',
    name: 'f',
    after: { function_name: 'f', environment: [{ variables: { TOKEN: SECRET } }], tags: { a: 'b' } },
  },
  {
    type: 'aws_iam_policy_document',
    name: 'd',
    mode: 'data',
    after: { statement: [{ actions: [SECRET], resources: ['*'] }] },
    sensitive: { statement: [{ actions: [true] }] },
  },
  {
    type: 'aws_iam_role_policy',
    name: 'q',
    before: null,
    after: { role: 'deploy', name: 'q' },
    unknown: { policy: ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'] },
  },
  {
    type: 'aws_s3_bucket_acl',
    name: 'c',
    after: { bucket: SECRET, acl: SECRET, access_control_policy: [{ owner: [{ id: SECRET }] }] },
    sensitive: { bucket: true, acl: true, access_control_policy: true },
  },
  {
    type: 'aws_s3_object',
    name: 'o',
    after: { bucket: 'b', key: SECRET, content: SECRET, acl: 'public-read' },
    sensitive: { content: true },
  },
  {
    type: 'aws_kms_grant',
    name: 'g',
    after: { key_id: 'k', grantee_principal: SECRET, grant_token: SECRET, constraints: [{ a: SECRET }] },
    sensitive: { grant_token: true, grantee_principal: true },
  },
  {
    type: 'aws_instance',
    name: 'i',
    after: { user_data: SECRET, iam_instance_profile: SECRET, password_data: SECRET },
    sensitive: { iam_instance_profile: true },
  },
  {
    type: 'aws_lambda_function',
    name: 'h',
    after: { function_name: SECRET, role: SECRET, environment: [{ variables: { TOKEN: SECRET } }] },
    sensitive: { function_name: true, role: true },
  },
  {
    type: 'aws_iam_instance_profile',
    name: 'j',
    after: { name: SECRET, role: 'deploy' },
    sensitive: { name: true },
  },
  {
    type: 'aws_iam_saml_provider',
    name: 'm',
    after: { name: 'corp', saml_metadata_document: SECRET },
  },
  { type: 'aws_iam_openid_connect_provider', name: 'n', after: { url: SECRET }, sensitive: { url: true } },
  { type: 'random_password', name: 'x', after: { result: SECRET }, sensitive: { result: true } },
]
const PLAN = planJson(PLANTED, {
  state: [
    {
      type: 'aws_ssm_parameter',
      name: 'd',
      mode: 'data',
      after: { value: SECRET },
      sensitive: { value: true },
    },
  ],
  extra: {
    variables: { token: { value: SECRET }, region: { value: SECRET } },
    output_changes: { token: { actions: ['create'], before: null, after: SECRET, after_sensitive: true } },
    relevant_attributes: [],
  },
})

/** Everything that can be come to from a value. */
function textOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (seen.has(value)) return ''
  seen.add(value)
  const isListed = value instanceof Map || value instanceof Set || Array.isArray(value)
  const parts: readonly unknown[] = isListed ? [...value] : Object.entries(value).flat()
  return parts.map((part) => textOf(part, seen)).join('\n')
}

describe('secrets of a plan', () => {
  it.each(['before', null] as const)('are in nothing that is read of it (%s)', (side) => {
    const texts = new SourceTexts()
    const bytes = planBytes(PLAN)
    expect(new TextDecoder().decode(bytes)).toContain(SECRET)
    const intake = readTfplan({
      file: 'plan.json',
      bytes,
      side,
      account: { id: null, partition: null },
      texts,
    })
    expect(intake.estate.accounts[0]?.entities.role.size).toBe(2)
    expect(textOf(intake)).toContain('role/deploy')
    expect(textOf(intake)).not.toContain(SECRET)
  })

  it('are in no message about a file that is no plan, or that is cut in the middle of one', () => {
    const text = new TextDecoder().decode(planBytes(PLAN))
    const broken = [
      text.slice(0, text.indexOf(SECRET) + 5),
      text.replace(`"${SECRET}"`, SECRET),
      text.replace('"format_version"', `"${SECRET}"`),
      JSON.stringify({ format_version: SECRET, resource_changes: [] }),
      JSON.stringify({ format_version: '1.0', resource_changes: [{ address: SECRET }] }),
    ]
    for (const each of broken)
      try {
        const bytes = new TextEncoder().encode(each)
        readTfplan({
          file: 'plan.json',
          bytes,
          side: null,
          account: { id: null, partition: null },
          texts: new SourceTexts(),
        })
        throw new Error('read')
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error
        expect(textOf(error.diagnostics)).not.toContain(SECRET.slice(0, 5))
      }
  })
})
