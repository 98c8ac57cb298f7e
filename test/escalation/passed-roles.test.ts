import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests } from './ask.ts'
import { ADMINISTRATOR, allows, document, ELSEWHERE, HOME, lets, type Parts } from './estates.ts'

const asked = askForTests()

/** Which roles `user/ann` comes to, and whether it is certain. */
const passedBy = (parts: Omit<Parts, 'users'>, held: readonly PolicyStatement[]): readonly string[] =>
  asked()
    .existing({ users: { ann: { policy: document(...held) } }, ...parts }, 'user/ann')
    .flatMap(({ targets, isPotential }) =>
      targets.map((arn) => `${arn.split('/').at(-1)}${isPotential ? ' perhaps' : ''}`),
    )

// IAM User Guide, "The confused deputy problem"; "AWS global condition context keys"
describe('what a trust policy asks of a service’s request', () => {
  const PASSING = [allows(['iam:PassRole', 'lambda:CreateFunction'])]
  const trusting = (...conditions: readonly object[]): Omit<Parts, 'users'> => ({
    roles: Object.fromEntries(
      conditions.map((condition, index) => [
        `r${index}`,
        {
          managed: [ADMINISTRATOR],
          trust: lets({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole', condition),
        },
      ]),
    ),
  })
  const functionOf = (account: string) => `arn:aws:lambda:eu-west-1:${account}:function:*`

  it('holds for none that can be made in the role’s account', () => {
    const impossible = [
      { StringEquals: { 'aws:SourceAccount': ELSEWHERE } },
      { StringNotEquals: { 'aws:SourceAccount': HOME }, Null: { 'aws:SourceAccount': 'false' } },
      { ArnLike: { 'aws:SourceArn': functionOf(ELSEWHERE) } },
      { StringEquals: { 'sts:ExternalId': 'agreed' } },
      { StringLike: { 'sts:ExternalId': '*' } },
      { Null: { 'sts:ExternalId': 'false' } },
    ]
    expect(passedBy(trusting(...impossible), PASSING)).toEqual([])
  })
  it('holds for those of the account itself', () => {
    const possible = [
      { StringEquals: { 'aws:SourceAccount': HOME } },
      { ArnLike: { 'aws:SourceArn': functionOf(HOME) } },
      { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } },
      { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } },
      { StringEqualsIfExists: { 'sts:ExternalId': 'agreed' } },
      { Null: { 'sts:ExternalId': 'true' } },
    ]
    expect([...passedBy(trusting(...possible), PASSING)].sort()).toEqual(
      possible.map((_, index) => `r${index}`),
    )
  })
  it('is of the role’s organization, where one is declared', () => {
    const roles = trusting(
      { StringEquals: { 'aws:SourceOrgID': 'o-zzzzzzzzzz' } },
      { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } },
      { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-zzzzzzzzzz/*' } },
      { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-abcdefghij/r-ab12/*' } },
    )
    expect(passedBy({ ...roles, control: [allows('*')] }, PASSING)).toEqual(['r1', 'r3'])
  })
})
