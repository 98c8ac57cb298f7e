import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { type Access, document, statement } from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const allow = (action: unknown, resource: unknown) =>
  statement('Allow', { Action: action, Resource: resource })
const deny = (action: unknown, resource: unknown) => statement('Deny', { Action: action, Resource: resource })
type Statements = readonly ReturnType<typeof statement>[]

async function between(
  old: Statements,
  fresh: Statements,
): Promise<Access & { readonly code: number | null }> {
  const folder = temporaryFolder({
    'old.json': JSON.stringify(document(...old)),
    'new.json': JSON.stringify(document(...fresh)),
  })
  const ran = await runHere(
    'access',
    'diff',
    join(folder, 'old.json'),
    join(folder, 'new.json'),
    '--exit-code',
    '--json',
  )
  return { ...jsonOf(ran).accounts[0].access, code: ran.code }
}
const isNothing = async (old: Statements, fresh: Statements) => {
  for (const { verdict, gained, code } of [await between(old, fresh), await between(fresh, old)]) {
    expect(verdict).toBe('none')
    expect(code).toBe(0)
    expect(gained.filter(({ tier }) => tier !== 'pattern')).toEqual([])
  }
}

// Bucket naming rules; Amazon SQS queue quotas; Amazon SNS topics; Amazon DynamoDB naming rules
describe('a name holds no character that names of its kind do not have', () => {
  it.each([
    ['a bucket', 's3:ListBucket', 'arn:aws:s3:::b/*'],
    ['a queue', 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:111122223333:q/*'],
    ['a topic', 'sns:Publish', 'arn:aws:sns:us-east-1:111122223333:t/*'],
    ['a table', 'dynamodb:DeleteTable', 'arn:aws:dynamodb:us-east-1:111122223333:table/t/x/*'],
    ['a bucket that is deleted', 's3:DeleteBucket', 'arn:aws:s3:::b/logs'],
  ])('%s: nothing is gained', async (_, action, resource) => {
    const kept = allow('s3:GetObject', 'arn:aws:s3:::b/*')
    await isNothing([kept], [kept, allow(action, resource)])
  })
  it('an object, a parameter and a role have slashes', async () => {
    for (const [action, resource] of [
      ['s3:GetObject', 'arn:aws:s3:::b/*'],
      ['ssm:GetParameter', 'arn:aws:ssm:us-east-1:111122223333:parameter/a/b/*'],
      ['iam:GetRole', 'arn:aws:iam::111122223333:role/a/b/*'],
    ])
      expect(
        (await between([allow('sns:Publish', '*')], [allow('sns:Publish', '*'), allow(action, resource)]))
          .verdict,
      ).toBe('gained')
  })
})

// Bucket naming rules; IAM JSON policy elements: Resource
describe('a wildcard of an early segment finds no resource that does not exist', () => {
  const read = (resource: string) => [allow('s3:GetObject', resource)]
  it.each([
    ['the partition', 'arn:*:s3:::b/*'],
    ['the region', 'arn:aws:s3:*::b/*'],
  ])('%s', async (_, resource) => {
    await isNothing(read('arn:aws:s3:::b/*'), read(resource))
  })
  it('the region and the account of a stack hold no colon', async () => {
    const stack = (arn: string) => [allow('cloudformation:DescribeStacks', arn)]
    const { gained } = await between(
      stack('arn:aws:cloudformation:us-east-1:111122223333:stack/open/*'),
      stack('arn:aws:cloudformation:*:*:stack/open/*'),
    )
    const typed = gained.filter(({ tier }) => tier === 'typed')
    expect(typed.length).toBeGreaterThan(0)
    expect(typed.filter(({ witness }) => witness.resource.split(':').length !== 6)).toEqual([])
  })
})

describe('what no resource can be decides no verdict and no exit code', () => {
  const besideWhatIsLost = async (action: string, named: (name: string) => string) => {
    const { verdict, gained, code } = await between(
      [allow('*', '*'), deny(action, named('secret'))],
      [allow(action, named('open'))],
    )
    expect(verdict).toBe('lost')
    expect(gained.filter(({ tier }) => tier === 'typed')).toEqual([])
    expect(code).toBe(2)
  }
  it.each([
    ['ecs:RunTask', (name: string) => `arn:aws:ecs:*:*:task-definition/${name}:*`],
    ['cloudformation:DeleteStack', (name: string) => `arn:aws:cloudformation:*:*:stack/${name}/*`],
    ['lambda:InvokeFunction', (name: string) => `arn:aws:lambda:*:*:function:${name}:*`],
  ] as const)('a pattern entry beside what is lost: %s', besideWhatIsLost)
  it('a pattern entry alone', async () => {
    const kept = allow('ecs:ListClusters', '*')
    const { verdict, code } = await between(
      [kept],
      [kept, allow('ecs:RunTask', 'arn:aws:ecs:us-east-1:111122223333:nothing/x')],
    )
    expect([verdict, code]).toEqual(['none', 0])
  })
  it('an action of a type that its service does not have', async () => {
    const kept = allow('ecs:ListClusters', '*')
    const { verdict, code } = await between(
      [kept],
      [kept, allow('s3:GetObject', 'arn:aws:s3:::bucket-alone')],
    )
    expect([verdict, code]).toEqual(['none', 0])
  })
})

describe('`empty` stands for no policy', () => {
  const folder = temporaryFolder({
    'policy.json': JSON.stringify(document(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*'))),
    'nothing.json': JSON.stringify(document(deny('*', '*'))),
    empty: JSON.stringify(document(allow('sqs:SendMessage', '*'))),
  })
  const sides = async (old: string, recent: string) => {
    const named = (side: string) => (side === 'empty' ? side : `${folder}/${side}`)
    const ran = await runHere('access', 'diff', named(old), named(recent), '--exit-code', '--json')
    const { verdict, gained, lost } = jsonOf(ran).accounts[0].access as Access
    const actions = (entries: Access['gained']) => entries.flatMap((each) => each.actions)
    return [verdict, actions(gained), actions(lost), ran.code]
  }
  const BOTH = ['s3:GetObject', 's3:PutObject']
  it('before a policy: everything that it grants is gained', async () => {
    expect(await sides('empty', 'policy.json')).toEqual(['gained', BOTH, [], 2])
  })
  it('after it: everything is lost', async () => {
    expect(await sides('policy.json', 'empty')).toEqual(['lost', [], BOTH, 2])
  })
  it('is no change beside a policy that grants nothing, or itself', async () => {
    expect(await sides('empty', 'nothing.json')).toEqual(['none', [], [], 0])
    expect(await sides('empty', 'empty')).toEqual(['none', [], [], 0])
  })
  it('is no name of a file: that has a path', async () => {
    expect(await sides('./empty', 'empty')).toEqual(['lost', [], ['sqs:SendMessage'], 2])
  })
  it('is no state of a project', async () => {
    const ran = await runHere('access', 'diff', 'empty', 'desired', '--dir', folder, '--json')
    expect([ran.code, jsonOf(ran).diagnostics[0].code]).toEqual([1, 'cli.mixed-comparison'])
  })
})
