import { describe, expect, it } from 'vitest'
import type { Planned } from './plan-json.ts'
import { readPlan, roleOf, shown } from './read-plan.ts'

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: '*', Resource: '*' }],
}
const JSON_POLICY = JSON.stringify(POLICY)
const AT = 'eu-west-1:111122223333'

const created = (type: string, after: object, rest: Partial<Planned> = {}): Planned => ({
  type,
  name: 'x',
  before: null,
  after: { ...after },
  ...rest,
})

const resourcesOf = (...args: Parameters<typeof readPlan>) =>
  [...readPlan(...args).estate.resources.values()].map(({ arn, policy }) => [arn, shown(policy)])

describe('policies of resources', () => {
  it.each([
    ['aws_s3_bucket_policy', 'bucket', 'logs', 'arn:aws:s3:::logs'],
    [
      'aws_s3_bucket_policy',
      'bucket',
      'logs--euw1-az1--x-s3',
      `arn:aws:s3express:${AT}:bucket/logs--euw1-az1--x-s3`,
    ],
    [
      'aws_sqs_queue_policy',
      'queue_url',
      'https://sqs.eu-west-1.amazonaws.com/111122223333/q',
      `arn:aws:sqs:${AT}:q`,
    ],
    ['aws_sns_topic_policy', 'arn', `arn:aws:sns:${AT}:t`, `arn:aws:sns:${AT}:t`],
    ['aws_kms_key_policy', 'key_id', '1234abcd', `arn:aws:kms:${AT}:key/1234abcd`],
    [
      'aws_secretsmanager_secret_policy',
      'secret_arn',
      `arn:aws:secretsmanager:${AT}:secret:s-abcdef`,
      `arn:aws:secretsmanager:${AT}:secret:s-abcdef`,
    ],
    ['aws_ecr_repository_policy', 'repository', 'app', `arn:aws:ecr:${AT}:repository/app`],
    [
      'aws_ecrpublic_repository_policy',
      'repository_name',
      'app',
      'arn:aws:ecr-public::111122223333:repository/app',
    ],
    ['aws_backup_vault_policy', 'backup_vault_name', 'v', `arn:aws:backup:${AT}:backup-vault:v`],
    [
      'aws_dynamodb_resource_policy',
      'resource_arn',
      `arn:aws:dynamodb:${AT}:table/t`,
      `arn:aws:dynamodb:${AT}:table/t`,
    ],
    [
      'aws_kinesis_resource_policy',
      'resource_arn',
      `arn:aws:kinesis:${AT}:stream/s`,
      `arn:aws:kinesis:${AT}:stream/s`,
    ],
    ['aws_cloudwatch_event_bus_policy', 'event_bus_name', 'b', `arn:aws:events:${AT}:event-bus/b`],
    [
      'aws_efs_file_system_policy',
      'file_system_id',
      'fs-1',
      `arn:aws:elasticfilesystem:${AT}:file-system/fs-1`,
    ],
    ['aws_api_gateway_rest_api_policy', 'rest_api_id', 'abc', `arn:aws:execute-api:${AT}:abc`],
    ['aws_schemas_registry_policy', 'registry_name', 'r', `arn:aws:schemas:${AT}:registry/r`],
    [
      'aws_sesv2_email_identity_policy',
      'email_identity',
      'a.example',
      `arn:aws:ses:${AT}:identity/a.example`,
    ],
  ])('of %s by its `%s`', (type, attribute, value, arn) =>
    expect(resourcesOf([created(type, { [attribute]: value, policy: JSON_POLICY })])).toEqual([
      [arn, POLICY.Statement],
    ]),
  )

  it.each([
    [
      'aws_opensearch_domain',
      { domain_name: 'd', access_policies: JSON_POLICY },
      `arn:aws:es:${AT}:domain/d`,
    ],
    ['aws_sqs_queue', { name: 'q', policy: JSON_POLICY }, `arn:aws:sqs:${AT}:q`],
    ['aws_sns_topic', { name: 't', policy: JSON_POLICY }, `arn:aws:sns:${AT}:t`],
    [
      'aws_secretsmanager_secret',
      { name: 's', policy: JSON_POLICY },
      `arn:aws:secretsmanager:${AT}:secret:s-000000`,
    ],
    ['aws_glacier_vault', { name: 'v', access_policy: JSON_POLICY }, `arn:aws:glacier:${AT}:vaults/v`],
    ['aws_kms_key', { policy: JSON_POLICY }, `arn:aws:kms:${AT}:key/known-after-apply.aws_kms_key.x`],
  ])('of %s itself', (type, after, arn) =>
    expect(resourcesOf([created(type, after)])).toEqual([[arn, POLICY.Statement]]),
  )

  it('by what the unknown name of the resource refers to', () => {
    expect(
      resourcesOf([
        created('aws_s3_bucket', { bucket: 'logs' }, { key: 'a', computed: ['id', 'arn'] }),
        created('aws_s3_bucket', { bucket: 'data' }, { key: 'b', computed: ['id', 'arn'] }),
        created(
          'aws_s3_bucket_policy',
          { policy: JSON_POLICY },
          { key: 'b', unknown: { bucket: ['aws_s3_bucket.x', 'each.key'] } },
        ),
      ]),
    ).toEqual([['arn:aws:s3:::data', POLICY.Statement]])
  })

  it('the policy of its own resource stands before what the provider has read of it', () => {
    const bucket: Planned = {
      type: 'aws_s3_bucket',
      name: 'b',
      after: { bucket: 'logs', arn: 'arn:aws:s3:::logs', policy: JSON_POLICY },
      configuredAs: { bucket: 'logs' },
    }
    const policy: Planned = {
      type: 'aws_s3_bucket_policy',
      name: 'p',
      before: { bucket: 'logs', policy: JSON_POLICY },
      after: null,
    }
    expect(resourcesOf([bucket, policy], {}, 'before')).toEqual([['arn:aws:s3:::logs', POLICY.Statement]])
    expect(resourcesOf([bucket, policy])).toEqual([])
  })

  it('a key without a policy has that of AWS', () => {
    expect(resourcesOf([created('aws_kms_key', {}, { computed: ['policy', 'arn'] })])).toEqual([
      [
        `arn:aws:kms:${AT}:key/known-after-apply.aws_kms_key.x`,
        [
          {
            Sid: 'Enable IAM User Permissions',
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:root' },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      ],
    ])
  })

  it('the permissions of a function are its policy', () => {
    const permission = (after: object, rest: Partial<Planned> = {}) =>
      created('aws_lambda_permission', { action: 'lambda:InvokeFunction', ...after }, rest)
    const arn = `arn:aws:lambda:${AT}:function:f`
    expect(
      resourcesOf([
        created('aws_lambda_function', { function_name: 'f' }),
        permission({
          statement_id: 'sns',
          principal: 'sns.amazonaws.com',
          function_name: 'f',
          source_arn: `arn:aws:sns:${AT}:t`,
        }),
        permission(
          { principal: '444455556666' },
          { name: 'y', unknown: { function_name: ['aws_lambda_function.x.arn', 'aws_lambda_function.x'] } },
        ),
        ...[true, false].map((viaUrl) =>
          permission(
            { principal: '444455556666', function_name: 'f', invoked_via_function_url: viaUrl },
            { name: `url-${viaUrl}` },
          ),
        ),
        created('aws_lambda_function_url', { function_name: 'f', authorization_type: 'NONE' }),
      ]),
    ).toEqual([
      [
        arn,
        [
          {
            Sid: 'sns',
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'lambda:InvokeFunction',
            Resource: arn,
            Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:sns:${AT}:t` } },
          },
          {
            Effect: 'Allow',
            Principal: { AWS: '444455556666' },
            Action: 'lambda:InvokeFunction',
            Resource: arn,
          },
          {
            Effect: 'Allow',
            Principal: { AWS: '444455556666' },
            Action: 'lambda:InvokeFunction',
            Resource: arn,
            Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
          },
          {
            Effect: 'Allow',
            Principal: { AWS: '444455556666' },
            Action: 'lambda:InvokeFunction',
            Resource: arn,
          },
          {
            Sid: 'FunctionURLAllowPublicAccess',
            Effect: 'Allow',
            Principal: '*',
            Action: 'lambda:InvokeFunctionUrl',
            Resource: arn,
            Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
          },
        ],
      ],
    ])
  })

  it('a permission whose source is known after the apply is unknown, not without a source', () => {
    const permission = created(
      'aws_lambda_permission',
      { action: 'lambda:InvokeFunction', principal: 's3.amazonaws.com', function_name: 'f' },
      { unknown: { source_arn: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'] } },
    )
    expect(resourcesOf([permission])).toEqual([
      [`arn:aws:lambda:${AT}:function:f`, { unknown: 'not-yet', known: [] }],
    ])
  })
})

describe('what S3 keeps from strangers', () => {
  const bucket = created('aws_s3_bucket', { bucket: 'logs', policy: JSON_POLICY })
  const blocksOf = (resources: readonly Planned[]) =>
    [...readPlan(resources).estate.resources.values()].map(
      ({ publicAccessBlock }) => publicAccessBlock ?? null,
    )

  it.each([
    [
      'a bucket',
      created('aws_s3_bucket_public_access_block', { bucket: 'logs', restrict_public_buckets: true }),
      'resource',
    ],
    [
      'an account',
      created('aws_s3_account_public_access_block', { restrict_public_buckets: true }),
      'account',
    ],
    [
      'nothing',
      created('aws_s3_bucket_public_access_block', { bucket: 'logs', restrict_public_buckets: false }),
      null,
    ],
  ])('of %s', (_, block, expected) => expect(blocksOf([bucket, block])).toEqual([expected]))
})

describe('permission sets', () => {
  const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
  const parts: readonly Planned[] = [
    created('aws_ssoadmin_permission_set', { name: 'Admins' }, { computed: ['arn', 'id'] }),
    created(
      'aws_ssoadmin_managed_policy_attachment',
      { managed_policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      {
        unknown: {
          permission_set_arn: ['aws_ssoadmin_permission_set.x.arn', 'aws_ssoadmin_permission_set.x'],
        },
      },
    ),
    created(
      'aws_ssoadmin_account_assignment',
      { principal_id: 'g-1', target_id: '444455556666' },
      {
        unknown: {
          permission_set_arn: ['aws_ssoadmin_permission_set.x.arn', 'aws_ssoadmin_permission_set.x'],
        },
      },
    ),
  ]

  it('are roles in the accounts that they are assigned to', () => {
    const { accounts } = readPlan(parts).estate
    const roles = accounts.flatMap(({ entities }) => [...entities.role.values()])
    expect(roles.map(({ arn, managedPolicies }) => [arn, managedPolicies])).toEqual([
      [
        'arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admins_0000000000000000',
        ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      ],
    ])
  })

  it('with their inline policy, and the boundary and policies of each account', () => {
    const there = (type: string, after: object): Planned => ({
      type,
      name: 'x',
      after: { permission_set_arn: SET, ...after },
    })
    const { accounts } = readPlan([
      { type: 'aws_ssoadmin_permission_set', name: 'x', after: { name: 'Admins', arn: SET } },
      there('aws_ssoadmin_permission_set_inline_policy', { inline_policy: JSON_POLICY }),
      there('aws_ssoadmin_customer_managed_policy_attachment', {
        customer_managed_policy_reference: [{ name: 'own', path: '/' }],
      }),
      there('aws_ssoadmin_permissions_boundary_attachment', {
        permissions_boundary: [
          { customer_managed_policy_reference: [{ name: 'limit', path: '/x/' }], managed_policy_arn: '' },
        ],
      }),
      there('aws_ssoadmin_account_assignment', { principal_id: 'u-1', target_id: '111122223333' }),
    ]).estate
    const [role] = accounts.flatMap(({ entities }) => [...entities.role.values()])
    expect(role?.managedPolicies).toEqual(['arn:aws:iam::111122223333:policy/own'])
    expect(role?.permissionsBoundary).toBe('arn:aws:iam::111122223333:policy/x/limit')
    expect(shown(role?.inlinePolicies.get('AwsSSOInlinePolicy'))).toEqual(POLICY.Statement)
  })
})

describe('a permission set that the plan assigns to nobody', () => {
  const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
  const attached = (policy: string | null) =>
    policy === null
      ? null
      : { permission_set_arn: SET, managed_policy_arn: `arn:aws:iam::aws:policy/${policy}` }
  const given = (before: string | null, after: string | null): Planned => ({
    type: 'aws_ssoadmin_managed_policy_attachment',
    name: 'x',
    before: attached(before),
    after: attached(after),
  })
  const isOpen = (...parts: readonly Planned[]) => readPlan(parts).estate.unseen?.has('changes') === true

  it('may be assigned elsewhere: what changes of it is not looked at', () => {
    expect(isOpen(given(null, 'AdministratorAccess'))).toBe(true)
    expect(isOpen(given('ReadOnlyAccess', 'AdministratorAccess'))).toBe(true)
    expect(isOpen(given('ReadOnlyAccess', null))).toBe(true)
    const set = { name: 'Admins', arn: SET }
    const declared = { type: 'aws_ssoadmin_permission_set', name: 'x', before: set, after: set }
    expect(isOpen(declared, given(null, 'AdministratorAccess'))).toBe(true)
    const [finding] = readPlan([given(null, 'AdministratorAccess')]).findings.filter(
      ({ code }) => code === 'intake.not-modelled',
    )
    expect(finding?.message).toMatch(/^`aws_ssoadmin_managed_policy_attachment` speaks of access/)
  })

  it('changes nothing where it stays as it is, or is made by the plan', () => {
    expect(isOpen(given('ReadOnlyAccess', 'ReadOnlyAccess'))).toBe(false)
    const unknown = {
      permission_set_arn: ['aws_ssoadmin_permission_set.x.arn', 'aws_ssoadmin_permission_set.x'],
    }
    expect(
      isOpen(
        created('aws_ssoadmin_permission_set', { name: 'Admins' }, { computed: ['arn', 'id'] }),
        created(
          'aws_ssoadmin_managed_policy_attachment',
          { managed_policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
          { unknown },
        ),
      ),
    ).toBe(false)
  })
})

describe('what is not looked at', () => {
  it('is named where it speaks of access, and counted elsewhere', () => {
    const { findings } = readPlan([
      roleOf('a'),
      created('aws_kms_grant', { key_id: 'k' }),
      created('aws_iam_access_key', { user: 'u' }),
      created('aws_instance', {}),
      created('aws_autoscaling_policy', {}),
      created('aws_s3_bucket_acl', { acl: 'public-read' }),
    ])
    expect(
      findings.filter(({ code }) => code === 'intake.not-modelled').map(({ message }) => message),
    ).toEqual(['`aws_s3_bucket_acl` speaks of access and is not looked at: `aws_s3_bucket_acl.x`'])
    const saidBy = (wanted: string) => findings.find(({ code }) => code === wanted)?.message
    expect(saidBy('intake.passed-over')).toMatch(/^1 /)
    expect(saidBy('intake.also-there')).toBe('there, and grants nothing by itself: access keys (1)')
  })
})
