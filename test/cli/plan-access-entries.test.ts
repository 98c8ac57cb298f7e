import { describe, expect, it } from 'vitest'
import { declare, EC2_ROLE, grants, HOME, inline, planned, projectOf } from './estate-questions.ts'
import { runHere } from './in-process.ts'

describe('a pattern entry does not stand beside a typed one of the same statement', () => {
  it.each([
    ['a bucket', 'arn:aws:s3:::data'],
    ['a queue', `arn:aws:sqs:us-east-1:${HOME}:jobs`],
    ['an instance', `arn:aws:ec2:us-east-1:${HOME}:instance/i-0abc`],
  ])('with %s declared', async (_, resource) => {
    const folder = projectOf({
      roles: { d: { ...EC2_ROLE, ...inline(grants('sts:AssumeRole')) } },
      resources: { [resource]: { tags: { a: 'b' } } },
    })
    const { gained } = await planned(folder)
    const assuming = gained.filter(
      ({ principals, actions }) =>
        principals.includes(`arn:aws:iam::${HOME}:role/d`) && actions.includes('sts:AssumeRole'),
    )
    expect(assuming.map(({ tier }) => tier)).toEqual(['typed'])
  })
  it('without a declared resource there is one', async () => {
    const { gained } = await planned(projectOf({ users: { ann: inline(grants('sts:AssumeRole')) } }))
    expect(gained.map(({ tier }) => tier)).toEqual(['typed'])
  })
})

// IAM API Reference: UpdateUser
describe('a user who moves to another path is the same one', () => {
  const apply = async (folder: string) => {
    const ran = await runHere('apply', '--yes', '--dir', folder, '--json')
    if (ran.code !== 0) throw new Error(ran.out)
  }
  const moved = async (before: object, after: object, more: object = {}) => {
    const folder = projectOf({ users: { alice: before }, ...more })
    await apply(folder)
    declare(folder, { 'access.yaml': { users: { alice: after }, ...more } })
    return planned(folder)
  }
  const stays = async (_: string, user: object) => {
    const { verdict, gained, lost, escalations } = await moved(user, { ...user, path: '/dep/' })
    expect([verdict, gained, lost, escalations]).toEqual(['none', [], [], []])
  }
  it.each([
    ['an administrator', { managedPolicies: ['AdministratorAccess'] }],
    ['somebody with one grant', inline(grants('s3:GetObject'))],
  ] as readonly (readonly [string, object])[])('who gains and loses nothing: %s', stays)
  it('who gains and loses nothing: somebody with nothing', () => stays('', {}))
  it('who gains what else the change gives', async () => {
    const { gained, lost } = await moved(inline(grants('s3:GetObject')), {
      ...inline(grants(['s3:GetObject', 's3:PutObject'])),
      path: '/dep/',
    })
    expect(gained.flatMap(({ actions }) => actions)).toEqual(['s3:PutObject'])
    expect(lost).toEqual([])
  })
  it('who is not called new', async () => {
    const folder = projectOf({ users: { alice: inline(grants('s3:GetObject')) } })
    await apply(folder)
    const more = { ...inline(grants(['s3:GetObject', 's3:PutObject'])), path: '/dep/' }
    declare(folder, { 'access.yaml': { users: { alice: more } } })
    const { out } = await runHere('plan', '--dir', folder)
    expect(out).toContain('access: gained by 1 principal\n')
    expect(out).toContain('+ user/alice\n')
  })
  const named = (arn: string) => ({
    resources: {
      'arn:aws:s3:::data': {
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: 'arn:aws:s3:::data/*',
              Condition: { ArnEquals: { 'aws:PrincipalArn': arn } },
            },
          ],
        },
      },
    },
  })
  it('who loses what a condition gives to the old name', async () => {
    const { lost } = await moved({}, { path: '/dep/' }, named(`arn:aws:iam::${HOME}:user/alice`))
    expect(lost.flatMap(({ actions }) => actions)).toEqual(['s3:GetObject'])
  })
  it('who gains what a condition gives to the new name', async () => {
    const { gained } = await moved({}, { path: '/dep/' }, named(`arn:aws:iam::${HOME}:user/dep/alice`))
    expect(gained.flatMap(({ actions }) => actions)).toEqual(['s3:GetObject'])
  })
})
