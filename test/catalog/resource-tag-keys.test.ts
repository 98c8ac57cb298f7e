import { beforeAll, describe, expect, test } from 'vitest'
import { loadTagKeys } from '../../src/catalog/resource-tag-keys.ts'

let tagKeysOf: Awaited<ReturnType<typeof loadTagKeys>>
beforeAll(async () => {
  tagKeysOf = await loadTagKeys()
})

const arn = (service: string, resource: string, account = '111122223333') =>
  `arn:aws:${service}:eu-west-1:${account}:${resource}`

describe('the names under which a service shows the tags of a resource', () => {
  test.each([
    ['ec2:StopInstances', arn('ec2', 'instance/i-0'), ['ec2:ResourceTag/']],
    ['EC2:stopinstances', arn('ec2', 'instance/i-0'), ['ec2:ResourceTag/']],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:x-abc'), ['secretsmanager:ResourceTag/']],
    ['ssm:GetParameter', arn('ssm', 'parameter/team/x'), ['ssm:resourceTag/']],
    ['rds:StartDBInstance', arn('rds', 'db:x'), ['rds:db-tag/']],
    ['ecr:PutImage', arn('ecr', 'repository/team/x'), ['ecr:ResourceTag/']],
    ['ecs:RunTask', arn('ecs', 'task-definition/x:1'), ['ecs:ResourceTag/']],
  ])('%s on %s', (action, resource, expected) => {
    expect(tagKeysOf(action, resource)).toEqual(expected)
  })

  test.each([
    ['sqs:SendMessage', arn('sqs', 'q')],
    ['s3:GetObject', 'arn:aws:s3:::bucket/x'],
    ['ec2:StopInstances', arn('ec2', 'volume/v-0')],
    ['ec2:NoSuchAction', arn('ec2', 'instance/i-0')],
    ['nothing', '*'],
  ])('%s on %s: none that the catalogue lists', (action, resource) => {
    expect(tagKeysOf(action, resource)).toEqual([])
  })

  test.each([
    ['ec2:RunInstances', arn('ec2', 'instance/i-0')],
    ['secretsmanager:CreateSecret', arn('secretsmanager', 'secret:x-abc')],
    ['rds:CreateDBInstance', arn('rds', 'db:x')],
    ['rds:CreateDBSnapshot', arn('rds', 'snapshot:x')],
    ['elasticloadbalancing:CreateLoadBalancer', arn('elasticloadbalancing', 'loadbalancer/app/x/1')],
  ])('%s makes %s, which has no tags yet', (action, resource) => {
    expect(tagKeysOf(action, resource)).toEqual([])
  })

  test.each([
    ['ec2:RunInstances', arn('ec2', 'image/ami-0', ''), 'ec2:ResourceTag/'],
    ['ec2:RunInstances', arn('ec2', 'subnet/s-0'), 'ec2:ResourceTag/'],
    ['rds:CreateDBSnapshot', arn('rds', 'db:x'), 'rds:db-tag/'],
    [
      'elasticloadbalancing:CreateListener',
      arn('elasticloadbalancing', 'loadbalancer/app/x/1'),
      'elasticloadbalancing:ResourceTag/',
    ],
  ])('%s makes something else out of %s, which has', (action, resource, expected) => {
    expect(tagKeysOf(action, resource)).toEqual([expected])
  })
})
