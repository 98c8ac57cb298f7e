import { describe, expect, it } from 'vitest'
import {
  bucket,
  changed,
  decision,
  difference,
  document,
  gate,
  grants,
  HOME,
  inline,
  nobodyMay,
  planned,
  principalsOf,
  projectOf,
  reads,
  results,
  statement,
  whoCan,
} from './estate-questions.ts'

const ID = 'o-abc1234567'
const ALICE = `arn:aws:iam::${HOME}:user/alice`
const inTheOrganization = { StringEquals: { 'aws:PrincipalOrgID': ID } }
const organization = (id: string) => ({
  id,
  managementAccount: '999988887777',
  roots: { Root: { accounts: { [HOME]: {}, '999988887777': {} } } },
})
const limited = (condition: object) => ({
  users: { alice: inline(grants('s3:*', condition)) },
  invariants: [{ name: 'nobody deletes buckets', action: 's3:DeleteBucket', expect: 'deny' }],
})
/** Everything is allowed, and a deny keeps out who is not of the organization. */
const perimeter = (condition: object) => ({
  users: {
    alice: inline(
      document(
        statement('Allow', { Action: 's3:*', Resource: '*' }),
        statement('Deny', { Action: 's3:*', Resource: '*', Condition: condition }),
      ),
    ),
  },
})

describe('without a declared organization, the keys of the caller\u2019s organization are open', () => {
  it.each([
    ['by its id', inTheOrganization],
    ['by a pattern of ids', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    ['by its place', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${ID}/r-ab12/*`] } }],
    ['by being in one', { Null: { 'aws:PrincipalOrgID': 'false' } }],
    [
      'by the account that manages it',
      { StringEquals: { 'aws:PrincipalOrgMasterAccountId': '999988887777' } },
    ],
    ['by a key that no page knows', { StringEquals: { 'aws:PrincipalOrgUnit': 'x' } }],
  ])('an Allow may be met: %s', async (_, condition) => {
    const folder = projectOf(limited(condition))
    expect(await nobodyMay(folder, 's3:DeleteBucket')).toBe(false)
    expect(await results(folder)).toEqual(['fail'])
  })
  it('the plan says who gains, and when', async () => {
    const { gained } = await planned(projectOf(limited(inTheOrganization)))
    expect(principalsOf(gained)).toEqual([ALICE])
    expect(gained[0]?.conditions).toEqual({ StringEquals: { 'aws:PrincipalOrgID': [ID] } })
  })
  it.each([
    ['by its id', { StringNotEquals: { 'aws:PrincipalOrgID': ID } }],
    ['by its id, if there is one', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ID } }],
    ['by its place', { 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': [`${ID}/*`] } }],
    ['by being in one', { Null: { 'aws:PrincipalOrgID': 'true' } }],
  ])('a Deny may be escaped: %s', async (_, condition) => {
    expect(await nobodyMay(projectOf(perimeter(condition)), 's3:DeleteBucket')).toBe(false)
  })
  it('a Deny that names the organization does not strike who is in none', async () => {
    expect(await nobodyMay(projectOf(perimeter(inTheOrganization)), 's3:DeleteBucket')).toBe(false)
  })
  it('who can is conditional, as the single decision is for either value', async () => {
    const folder = projectOf(limited(inTheOrganization))
    const key = ['--context', `aws:PrincipalOrgID=${ID}`]
    expect(await decision(folder, ALICE, 's3:DeleteBucket', 'arn:aws:s3:::x', ...key)).toBe('allow')
    expect(await decision(folder, ALICE, 's3:DeleteBucket', 'arn:aws:s3:::x')).toBe('implicit_deny')
    expect((await whoCan(folder, 's3:DeleteBucket', 'arn:aws:s3:::x'))[ALICE]).toBe('conditional')
  })
  it('the policy of a bucket may let in the account\u2019s own users by it', async () => {
    const before = { users: { alice: {} } }
    const folder = await changed(before, {
      ...before,
      resources: bucket('data', reads('data', '*', inTheOrganization)),
    })
    expect(principalsOf((await difference(folder)).gained)).toContain(ALICE)
  })
  it('the organization of the resource is open, too', async () => {
    const condition = { StringEquals: { 'aws:ResourceOrgID': ID } }
    expect(await nobodyMay(projectOf(limited(condition)), 's3:DeleteBucket')).toBe(false)
  })
})

describe('a declared organization decides its keys', () => {
  it('the one that is named', async () => {
    const folder = projectOf({ ...limited(inTheOrganization), organization: organization(ID) })
    expect(await nobodyMay(folder, 's3:DeleteBucket')).toBe(false)
    const outside = { StringNotEquals: { 'aws:PrincipalOrgID': ID } }
    expect(
      await nobodyMay(projectOf({ ...limited(outside), organization: organization(ID) }), 's3:DeleteBucket'),
    ).toBe(true)
  })
  it('another one', async () => {
    const folder = projectOf({ ...limited(inTheOrganization), organization: organization('o-zzzzzzzzzz') })
    expect(await nobodyMay(folder, 's3:DeleteBucket')).toBe(true)
    expect(await results(folder)).toEqual(['pass'])
  })
  it.each([
    ['another one', { StringEquals: { 'aws:ResourceOrgID': 'o-zzzzzzzzzz' } }],
    ['any but this one', { StringNotEquals: { 'aws:ResourceOrgID': ID } }],
    ['the one that a variable names', { StringNotEquals: { 'aws:ResourceOrgID': `\${aws:PrincipalOrgID}` } }],
  ])('of resources: %s owns what the account does not', async (_, condition) => {
    const folder = projectOf({
      organization: organization(ID),
      users: { alice: inline(grants('sqs:SendMessage', condition)) },
    })
    const { holds: answer, unknown } = await gate(folder, '--not-granted', 'sqs:SendMessage')
    expect([answer, unknown.map(({ reason }) => reason)]).toEqual(['unknown', ['undeclared']])
  })
  it('of resources: this one owns what the account does', async () => {
    const condition = { StringEquals: { 'aws:ResourceOrgID': ID } }
    const folder = projectOf({
      organization: organization(ID),
      users: { alice: inline(grants('sqs:SendMessage', condition)) },
    })
    expect(await nobodyMay(folder, 'sqs:SendMessage')).toBe(false)
  })
})
