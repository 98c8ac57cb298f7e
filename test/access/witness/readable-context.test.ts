// Keys and values of the requests that people read: as AWS writes them, whatever reasoning calls them.
import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../../src/model/index.ts'
import { askForTests } from '../../escalation/ask.ts'
import { ADMINISTRATOR, allows, document, HOME, trusts } from '../../escalation/estates.ts'
import { accountOf, grant, HOME as OWN } from '../../evaluator/estate-world.ts'
import { analysisForTests, inline, one, withRole, withUser } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const asked = askForTests()

const statement = (condition: PolicyStatement['Condition'], action = 'sns:Publish'): PolicyStatement =>
  allows(action, '*', condition)

const contextOf = (...statements: readonly PolicyStatement[]) => {
  const { gained } = analysis().analyzer.diffPolicies(
    { json: document(), located: null },
    { json: document(...statements), located: null },
  )
  return Object.fromEntries(gained[0]?.witness.context ?? [])
}

describe('a witness has its keys', () => {
  it.each([
    ['as AWS writes them', 'AWS:sourcevpc', 'aws:SourceVpc', 'vpc-1'],
    ['tags of a request by their own name', 'aws:requesttag/Team', 'aws:RequestTag/Team', 'payments'],
    ['that no catalogue knows as the policy has them', 'Acme:Colour', 'Acme:Colour', 'red'],
  ])('%s', (_, written, read, value) => {
    const action = /tag/.test(written) ? 'sns:CreateTopic' : 'sns:Publish'
    expect(contextOf(statement({ StringEquals: { [written]: value } }, action))).toMatchObject({
      [read]: [value],
    })
  })

  it.each([
    ['aws:SourceIp', '198.51.100.7'],
    ['aws:CurrentTime', '2030-01-01T00:00:00Z'],
  ])('whose values it can have, where only a variable names %s', (key, value) => {
    const held = (name: string) => ({
      json: document(allows('s3:GetObject', `arn:aws:s3:::x/\${${name}}/*`)),
      located: null,
    })
    const { lost } = analysis().analyzer.diffPolicies(held('aws:userid'), held(key))
    expect(lost.map(({ witness }) => witness.context.get(key))).toEqual([[value]])
  })

  it('that a way gives, and no policy asks for, as AWS writes them', () => {
    const policy = document(allows(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction']))
    const users = { ann: { policy } }
    const roles = { boss: { trust: trusts('lambda.amazonaws.com'), managed: [ADMINISTRATOR] } }
    const [found] = asked().existing({ users, roles }, 'user/ann')
    expect([...(found?.path[0]?.witness.context.keys() ?? [])]).toEqual(['iam:PassedToService'])
  })

  it('and session tags as the policy that asks for them', () => {
    const trust = document(grant({ AWS: OWN }, 'sts:AssumeRole'), grant({ AWS: OWN }, 'sts:TagSession'))
    const tagged = document(statement({ StringEquals: { 'aws:principaltag/Team': 'payments' } }))
    const caller = { policy: document(allows(['sts:AssumeRole', 'sts:TagSession'])) }
    const state = accountOf(OWN, { ann: caller }, { reader: { trust } })
    const { gained } = analysis().diff(one(state), one(withRole(state, 'reader', inline(tagged))))
    expect(gained.map(({ sessionTags, witness }) => [sessionTags, [...witness.context.keys()]])).toEqual([
      [{ Team: 'payments' }, ['aws:PrincipalTag/Team']],
    ])
  })
})

describe('an ARN among the context has a region and a name, where its service has them', () => {
  it.each([
    [
      'iam:PassRole',
      'iam:AssociatedResourceArn',
      `arn:aws:ec2:*:${HOME}:instance/*`,
      `arn:aws:ec2:us-east-1:${HOME}:instance/example`,
    ],
    ['sns:Publish', 'aws:SourceArn', 'arn:aws:s3:::*', 'arn:aws:s3:::example'],
    [
      'sns:Publish',
      'aws:SourceArn',
      `arn:aws:lambda:*:${HOME}:function:*`,
      `arn:aws:lambda:us-east-1:${HOME}:function:example`,
    ],
    ['sns:Publish', 'aws:SourceArn', 'arn:aws:s3:::acme-*', 'arn:aws:s3:::acme-example'],
  ])('%s with %s like %s', (action, key, pattern, value) => {
    const { gained } = analysis().analyzer.diffPolicies(
      { json: document(), located: null },
      { json: document(allows(action, '*', { ArnLike: { [key]: pattern } })), located: null },
    )
    expect(gained[0]?.witness.context.get(key)).toEqual([value])
  })

  it('in a way to more power as well', () => {
    const condition = { ArnLike: { 'iam:AssociatedResourceArn': `arn:aws:ec2:*:${HOME}:instance/*` } }
    const ann = document(allows('iam:PassRole', '*', condition), allows('ec2:RunInstances'))
    const roles = { boss: { trust: trusts('ec2.amazonaws.com'), managed: [ADMINISTRATOR] } }
    const [found] = asked().existing({ users: { ann: { policy: ann } }, roles }, 'user/ann')
    expect(found?.path[0]?.witness.context.get('iam:AssociatedResourceArn')).toEqual([
      `arn:aws:ec2:us-east-1:${HOME}:instance/example`,
    ])
  })

  it('but stays what a policy says, where that decides', () => {
    const before = document(statement({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::a*' } }))
    const after = document(statement({ ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::a*', 'arn:aws:s3:::b'] } }))
    const state = accountOf(OWN, { ann: { policy: before } })
    const { gained } = analysis().diff(one(state), one(withUser(state, 'ann', inline(after))))
    for (const { witness } of gained) expect(witness.context.get('aws:SourceArn')).toEqual(['arn:aws:s3:::b'])
  })
})
