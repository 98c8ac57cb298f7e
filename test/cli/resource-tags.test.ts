import { describe, expect, it } from 'vitest'
import {
  changed,
  decision,
  difference,
  grants,
  HOME,
  inline,
  nobodyMay,
  projectOf,
  results,
} from './estate-questions.ts'

const tagged: readonly (readonly [string, string, string])[] = [
  ['ec2:ResourceTag/team', 'ec2:StopInstances', `arn:aws:ec2:eu-west-1:${HOME}:instance/i-0abc`],
  [
    'secretsmanager:ResourceTag/team',
    'secretsmanager:GetSecretValue',
    `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:s-abcdef`,
  ],
  ['ssm:ResourceTag/team', 'ssm:GetParameter', `arn:aws:ssm:eu-west-1:${HOME}:parameter/p`],
]
const estate = (key: string, action: string, arn: string, team: string) => ({
  users: { alice: inline(grants(action, { StringEquals: { [key]: 'ops' } })) },
  resources: { [arn]: { tags: { team } } },
})

// Actions, resources, and condition keys for AWS services: the key filters by the tags of the resource
describe('the key of a service for the tags of a resource', () => {
  it.each(tagged)('reads the declared tags: %s', async (key, action, arn) => {
    expect(await decision(projectOf(estate(key, action, arn, 'ops')), 'user/alice', action, arn)).toBe(
      'allow',
    )
  })
  it.each(tagged)('does not allow what is tagged otherwise: %s', async (key, action, arn) => {
    expect(await decision(projectOf(estate(key, action, arn, 'web')), 'user/alice', action, arn)).toBe(
      'implicit_deny',
    )
  })
  it('in a test', async () => {
    const [key, action, arn] = tagged[0] ?? ['', '', '']
    const test = {
      name: 'stops what is tagged',
      principal: 'user/alice',
      action,
      resource: arn,
      expect: 'allow',
    }
    expect(await results(projectOf({ ...estate(key, action, arn, 'ops'), tests: [test] }))).toEqual(['pass'])
  })
  it('is the key that all services have', async () => {
    const [, action, arn] = tagged[0] ?? ['', '', '']
    expect(
      await decision(
        projectOf(estate('aws:ResourceTag/team', action, arn, 'ops')),
        'user/alice',
        action,
        arn,
      ),
    ).toBe('allow')
  })
  it('turned into it, is no change of access', async () => {
    const [key, action, arn] = tagged[0] ?? ['', '', '']
    const folder = await changed(
      estate('aws:ResourceTag/team', action, arn, 'ops'),
      estate(key, action, arn, 'ops'),
    )
    expect((await difference(folder)).verdict).toBe('none')
  })
  it('decides a gate by the declared tags', async () => {
    const [key, action, arn] = tagged[0] ?? ['', '', '']
    const gate = (team: string) =>
      nobodyMay(projectOf(estate(key, action, arn, team)), action, '--resource', arn)
    expect(await gate('ops')).toBe(false)
    expect(await gate('web')).toBe(true)
  })
  it.each<[string, object]>([
    ['not another value', { StringNotEquals: { 'redshift:ResourceTag/team': 'ops' } }],
    ['absent', { Null: { 'redshift:ResourceTag/team': 'true' } }],
    ['the value', { StringEquals: { 'redshift:ResourceTag/team': 'ops' } }],
  ])('that the catalogue does not know says nothing of the tags: %s', async (_, condition) => {
    const arn = `arn:aws:redshift:eu-west-1:${HOME}:cluster:c`
    const folder = projectOf({
      users: { alice: inline(grants('redshift:DeleteCluster', condition)) },
      resources: { [arn]: { tags: { team: 'ops' } } },
    })
    expect(await nobodyMay(folder, 'redshift:DeleteCluster', '--resource', arn)).toBe(false)
  })
  it('is another service\u2019s for an action that does not have it', async () => {
    const arn = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
    const folder = projectOf(estate('ec2:ResourceTag/team', 'sqs:SendMessage', arn, 'ops'))
    expect(await decision(folder, 'user/alice', 'sqs:SendMessage', arn)).toBe('implicit_deny')
  })
})
