// biome-ignore-all lint/suspicious/noTemplateCurlyInString: AWS writes placeholders like template ones
import { beforeAll, describe, expect, it, test } from 'vitest'
import {
  filledTemplate,
  ResourceTemplates,
  templateGlobs,
} from '../../../src/access/regions/resource-templates.ts'
import { LangTable } from '../../../src/access/symbolic/lang.ts'
import { Symbols } from '../../../src/access/symbolic/symbols.ts'
import { type ActionFacts, loadActions } from '../../../src/catalog/actions.ts'

const US = 'us-east-1:111122223333'

describe('resources of the types that an action takes', () => {
  let facts: ActionFacts
  let templates: ResourceTemplates
  beforeAll(async () => {
    facts = await loadActions()
    templates = new ResourceTemplates(facts, new Symbols(), 'aws')
  })

  test.each([
    // A bucket's name holds no slash, and is there. @see Amazon S3 User Guide, "Bucket naming rules"
    ['s3:ListBucket', 'arn:aws:s3:::b', true],
    ['s3:ListBucket', 'arn:aws:s3:::b/x', false],
    ['s3:ListBucket', 'arn:aws:s3:::', false],
    ['s3:GetObject', 'arn:aws:s3:::b/x/y:z', true],
    ['s3:GetObject', 'arn:aws:s3:::b/', false],
    ['s3:GetObject', 'arn:aws:s3:::/x', false],
    ['s3:GetObject', 'arn:aws:s3:::x/:s3:::b/y', false],
    ['s3:ListBucket', 'arn:aws-cn:s3:::b', false],
    // Where the reference writes a `*` for an account or a region, there is one, or none; recovery points have accounts.
    ['backup:CopyFromBackupVault', `arn:aws:rds:${US}:snapshot:awsbackup`, true],
    ['backup:CopyFromBackupVault', 'arn:aws:rds:us-east-1::snapshot:awsbackup', false],
    ['backup:CopyFromBackupVault', 'arn:aws:rds:us-east-1:x:snapshot:awsbackup', false],
    ['braket:GetDevice', 'arn:aws:braket:::device/qpu/a/b', true],
    ['braket:GetDevice', `arn:aws:braket:${US}:device/qpu/a/b`, true],
    ['braket:GetDevice', 'arn:aws:braket:x::device/qpu/a/b', false],
    ['health:DescribeEventDetails', 'arn:aws:health:us-east-1::event/EC2/a/b', true],
    ['health:DescribeEventDetails', 'arn:aws:health:x::event/EC2/a/b', false],
    // Neither do those of queues, topics and tables.
    ['sqs:SendMessage', `arn:aws:sqs:${US}:q`, true],
    ['sqs:SendMessage', `arn:aws:sqs:${US}:q/x`, false],
    ['sns:Publish', `arn:aws:sns:${US}:t/x`, false],
    ['dynamodb:GetItem', `arn:aws:dynamodb:${US}:table/t`, true],
    ['dynamodb:GetItem', `arn:aws:dynamodb:${US}:table/t/x`, false],
    ['dynamodb:GetRecords', `arn:aws:dynamodb:${US}:table/t/stream/2026-01-31T00:00:00.000`, true],
    [
      'cognito-identity:DescribeIdentityPool',
      `arn:aws:cognito-identity:${US}:identitypool/us-east-1:a-b`,
      true,
    ],
    ['lambda:InvokeFunction', `arn:aws:lambda:${US}:function:f`, true],
    ['lambda:InvokeFunction', `arn:aws:lambda:${US}:function:f/x`, false],
    // Paths, log groups, secrets and parameters have slashes.
    ['iam:GetUser', 'arn:aws:iam::111122223333:user/a/b', true],
    ['iam:GetSAMLProvider', 'arn:aws:iam::111122223333:saml-provider/a/b', false],
    ['logs:PutRetentionPolicy', `arn:aws:logs:${US}:log-group:/aws/x:*`, true],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${US}:secret:a/b-x`, true],
    ['ssm:GetParameter', `arn:aws:ssm:${US}:parameter/a/b`, true],
    ['ecr:PutImage', `arn:aws:ecr:${US}:repository/a/b`, true],
    ['kms:CreateAlias', `arn:aws:kms:${US}:alias/a/b`, true],
    // An account is twelve digits, a region has a name.
    ['sqs:SendMessage', 'arn:aws:sqs:us-east-1:1:q', false],
    ['sqs:SendMessage', 'arn:aws:sqs:us-east-1:aws:q', false],
    ['sqs:SendMessage', 'arn:aws:sqs::111122223333:q', false],
    ['sqs:SendMessage', 'arn:aws:sqs:x:111122223333:q', false],
    ['sqs:SendMessage', 'arn:aws:sqs:ap-southeast-7:111122223333:q', true],
    // But of what AWS owns.
    ['iam:GetPolicy', 'arn:aws:iam::aws:policy/ReadOnlyAccess', true],
    ['ssm:GetParameter', 'arn:aws:ssm:us-east-1::parameter/aws/service/x', true],
    // Types with two forms, and those whose reference writes a star.
    ['apigateway:GET', 'arn:aws:apigateway:us-east-1::/restapis/a/authorizers', true],
    ['dms:DescribeCertificates', '*', true],
    ['dms:DeleteCertificate', `arn:aws:dms:${US}:cert:x`, true],
    // No type at all.
    ['s3:ListAllMyBuckets', '*', true],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::b', false],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(templates.isTyped(action, resource)).toBe(expected)
  })

  it('every template filled with likely values is of its type, in every partition', () => {
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'])
      for (const { prefix } of facts.services())
        for (const { arn } of facts.resourceTypesOfService(prefix))
          for (const template of arn.split(', ')) {
            const lang = new LangTable().of(templateGlobs(template, partition))
            const filled = filledTemplate(template, { partition })
            expect(lang.has(filled), `${filled} of ${template}`).toBe(true)
          }
  })

  it('of an action that nobody lists anything is, and so is `*`', () => {
    expect(templates.typesOf('x:Unheard')).toMatchObject({ isUntyped: true })
  })
})

describe('regions', () => {
  test.each([
    ['aws', 'us-gov-west-1', true],
    ['aws-us-gov', 'us-gov-west-1', true],
    ['aws-us-gov', 'us-east-1', false],
    ['aws-cn', 'cn-northwest-1', true],
    ['aws-cn', 'us-east-1', false],
  ])('of %s: %s %s', (partition, region, expected) => {
    const lang = new LangTable().of(
      templateGlobs('arn:${Partition}:sqs:${Region}:${Account}:${QueueName}', partition),
    )
    expect(lang.has(`arn:${partition}:sqs:${region}:111122223333:q`)).toBe(expected)
  })
})
