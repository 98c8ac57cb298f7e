// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// What two policies allow whoever holds them, where they ask who that is: examples name somebody who can be.
import { describe, expect, it } from 'vitest'
import { parsePrincipal } from '../../../src/evaluator/principal.ts'
import type { PolicyStatement } from '../../../src/model/index.ts'
import { allow, document, placed } from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const diff = (...statements: readonly PolicyStatement[]) =>
  analysis().analyzer.diffPolicies(placed(document()), placed(document(...statements)))
const sending = (condition: object, action = 'sqs:SendMessage') => allow(action, { Condition: condition })

it('an organization that nobody knows has an id of its form', () => {
  const { gained } = diff(
    sending({
      StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      Null: { 'aws:PrincipalOrgID': 'false' },
    }),
  )
  const ids = gained.flatMap(({ witness }) => witness.context.get('aws:PrincipalOrgID') ?? [])
  expect(ids).toEqual([expect.stringMatching(/^o-[^*?]+$/)])
})

it('whoever holds a policy is no service', () => {
  expect(diff(sending({ Bool: { 'aws:PrincipalIsAWSService': 'true' } }))).toMatchObject({
    gained: [],
    unknown: [],
  })
  expect(diff(sending({ Null: { 'aws:PrincipalServiceName': 'false' } }))).toMatchObject({
    gained: [],
    unknown: [],
  })
  expect(diff(sending({ Bool: { 'aws:PrincipalIsAWSService': 'false' } })).gained).toHaveLength(1)
})

describe('a condition on who holds the policy', () => {
  it.each<[string, object, string]>([
    ['any account', { Null: { 'aws:PrincipalAccount': 'false' } }, 'arn:aws:iam::123456789012:user/example'],
    [
      'an account',
      { StringEquals: { 'aws:PrincipalAccount': '444455556666' } },
      'arn:aws:iam::444455556666:user/example',
    ],
    [
      'accounts by a pattern',
      { StringLike: { 'aws:PrincipalAccount': '4444*' } },
      'arn:aws:iam::444400000000:user/example',
    ],
    [
      'all accounts but some',
      { StringNotLike: { 'aws:PrincipalAccount': '1*' } },
      'arn:aws:iam::999999999999:user/example',
    ],
    ['a user', { StringEquals: { 'aws:username': 'bob' } }, 'arn:aws:iam::123456789012:user/bob'],
    [
      'a role',
      { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/ops' } },
      'arn:aws:iam::444455556666:role/ops',
    ],
    [
      'a kind',
      { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } },
      'arn:aws:iam::123456789012:role/example',
    ],
    [
      'a federated user',
      { StringEquals: { 'aws:PrincipalType': 'FederatedUser' } },
      'arn:aws:sts::123456789012:federated-user/example',
    ],
    ['a session', { StringLike: { 'aws:userid': 'AROA*:x' } }, 'arn:aws:iam::123456789012:role/example'],
  ])('%s: the example is theirs', (_, condition, principal) => {
    const { gained, unknown } = diff(sending(condition))
    expect(unknown).toEqual([])
    expect(gained.map(({ witness }) => witness.principal)).toEqual([principal])
    const account = parsePrincipal(principal)?.account
    expect(gained[0]?.witness.resource).toBe(`arn:aws:sqs:us-east-1:${account}:example`)
    expect(
      [...(gained[0]?.witness.context.keys() ?? [])].filter((key) =>
        /principal(?:account|arn)|username/i.test(key),
      ),
    ).toEqual([])
  })

  it('an account, of what stays in it', () => {
    const { gained } = diff(
      sending({ StringEquals: { 'aws:PrincipalAccount': '444455556666' } }, 'iam:CreateAccessKey'),
    )
    expect(gained.map(({ witness }) => witness)).toMatchObject([
      {
        principal: 'arn:aws:iam::444455556666:user/example',
        resource: 'arn:aws:iam::444455556666:user/example',
      },
    ])
  })

  it('that nobody can be: whether anybody is isn’t known', () => {
    const { verdict, gained, unknown } = diff(
      sending({
        StringEquals: { 'aws:PrincipalAccount': '444455556666' },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:*' },
      }),
    )
    expect(verdict).toBe('unknown')
    expect(gained).toEqual([])
    expect(unknown.map(({ reason }) => reason)).toEqual(['variables'])
  })

  it('what one of several statements grants without asking is told once', () => {
    const { gained } = diff(
      allow('sqs:SendMessage'),
      sending({ StringEquals: { 'aws:username': 'bob' } }, 'sns:Publish'),
    )
    expect(gained.map(({ actions }) => actions.join())).toEqual(['sns:Publish', 'sqs:SendMessage'])
  })
})

describe('a name that holds a variable of who holds the policy', () => {
  const named = (variable: string) => allow('s3:GetObject', { Resource: `arn:aws:s3:::a/${variable}/*` })
  const witnesses = (statement: PolicyStatement) => diff(statement).gained.map(({ witness }) => witness)

  it('is that of whoever asks in the example', () => {
    expect(witnesses(named('${aws:username}'))).toMatchObject([
      {
        principal: 'arn:aws:iam::123456789012:user/x',
        resource: 'arn:aws:s3:::a/x/example',
        context: new Map(),
      },
    ])
    expect(witnesses(named('${aws:PrincipalAccount}'))).toMatchObject([
      {
        principal: 'arn:aws:iam::123456789012:user/example',
        resource: 'arn:aws:s3:::a/123456789012/example',
      },
    ])
  })

  it('holds an id of its form', () => {
    const [found] = witnesses(named('${aws:userid}'))
    const [id] = found?.context.get('aws:userid') ?? []
    expect(id).toMatch(/^AIDA\w+$/)
    expect(found?.resource).toContain(`/${id}/`)
  })

  it('where one name takes the place of another, examples contradict themselves nowhere', () => {
    const { gained, lost } = analysis().analyzer.diffPolicies(
      placed(document(named('${aws:username}'))),
      placed(document(named('${aws:userid}'))),
    )
    expect(gained).toHaveLength(1)
    expect(lost).toHaveLength(1)
    for (const { witness } of [...gained, ...lost]) {
      expect(witness.principal).toMatch(/:user\//)
      expect([...witness.context.keys()]).not.toContain('aws:username')
      for (const id of witness.context.get('aws:userid') ?? []) expect(id).toMatch(/^AIDA\w+$/)
    }
  })
})
