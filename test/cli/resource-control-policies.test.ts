import { describe, expect, it } from 'vitest'
import {
  assumes,
  bucket,
  changed,
  decision,
  difference,
  document,
  HOME,
  nobodyMay,
  notPublic,
  principalsOf,
  projectOf,
  reads,
  results,
  role,
  statement,
} from './estate-questions.ts'

const ID = 'o-a1b2c3d4e5'
const MANAGEMENT = '999988887777'
const denying = (action: string, condition?: object) =>
  document(
    statement('Deny', {
      Principal: '*',
      Action: action,
      Resource: '*',
      ...(condition === undefined ? {} : { Condition: condition }),
    }),
  )
const organization = (policy: object | null, owner = HOME) => ({
  id: ID,
  managementAccount: owner === HOME ? MANAGEMENT : HOME,
  ...(policy === null ? {} : { resourceControlPolicies: { limit: policy } }),
  roots: {
    Root: {
      ...(policy === null ? {} : { resourceControlPolicies: ['limit'] }),
      accounts: { [HOME]: {}, [MANAGEMENT]: {} },
    },
  },
})
const open = {
  resources: bucket('data', reads('data', '*')),
  invariants: [
    { name: 'nobody reads', action: 's3:GetObject', resource: 'arn:aws:s3:::data/*', expect: 'deny' },
  ],
}
const under = (policy: object | null, owner = HOME) => ({
  ...open,
  organization: organization(policy, owner),
})

// AWS Organizations User Guide: Resource control policies
describe('a resource control policy takes part in every answer', () => {
  const closed = under(denying('s3:*'))
  it('a gate and an invariant hold by it, as the single decision does', async () => {
    const folder = projectOf(closed)
    expect(await decision(folder, '*', 's3:GetObject', 'arn:aws:s3:::data/x')).toBe('explicit_deny')
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(true)
    expect(await results(folder)).toEqual(['pass'])
  })
  it('added, it takes access away; removed, it gives it back', async () => {
    expect((await difference(await changed(under(null), closed))).verdict).toBe('lost')
    expect((await difference(await changed(closed, under(null)))).verdict).toBe('gained')
  })
  it('what it denies to some kinds of callers leaves the others in', async () => {
    const butUsers = under(denying('s3:*', { StringEqualsIfExists: { 'aws:username': 'u' } }))
    const folder = projectOf(butUsers)
    const user = 'arn:aws:iam::444455556666:user/v'
    expect(await decision(folder, user, 's3:GetObject', 'arn:aws:s3:::data/x')).toBe('allow')
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(false)
    expect(await results(folder)).toEqual(['fail'])
  })
  it('what it leaves to the organization is not public', async () => {
    const outside = {
      StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ID },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    }
    const queue = (policy: object | null) => ({
      organization: organization(policy),
      resources: {
        [`arn:aws:sqs:us-east-1:${HOME}:jobs`]: {
          policy: document(statement('Allow', { Principal: '*', Action: 'sqs:SendMessage', Resource: '*' })),
        },
      },
    })
    const folder = await changed(queue(null), queue(denying('sqs:*', outside)))
    expect(principalsOf((await difference(folder)).lost)).toContain('anonymous')
    expect(await notPublic(folder)).toBe(true)
    expect(await notPublic(projectOf(queue(null)))).toBe(false)
  })
  // The meaning of "public": the policy of a bucket is judged alone.
  it('the policy of a bucket is public by its own letter', async () => {
    expect(await notPublic(projectOf(closed))).toBe(false)
  })
  it('binds whoever assumes a role', async () => {
    const trusting = (policy: object | null) => ({
      organization: organization(policy),
      roles: { target: role(assumes({ AWS: '444455556666' })) },
    })
    expect(
      (await difference(await changed(trusting(null), trusting(denying('sts:AssumeRole'))))).verdict,
    ).toBe('lost')
  })
  it('does not bind the resources of the management account', async () => {
    const folder = projectOf(under(denying('s3:*'), MANAGEMENT))
    expect(await decision(folder, '*', 's3:GetObject', 'arn:aws:s3:::data/x')).toBe('allow')
    expect(await nobodyMay(folder, 's3:GetObject')).toBe(false)
  })
  it('does not bind what is of a service that has none', async () => {
    const folder = projectOf({
      organization: organization(denying('sns:*')),
      resources: {
        [`arn:aws:sns:us-east-1:${HOME}:news`]: {
          policy: document(statement('Allow', { Principal: '*', Action: 'sns:Publish', Resource: '*' })),
        },
      },
    })
    expect(await nobodyMay(folder, 'sns:Publish')).toBe(false)
  })
})
