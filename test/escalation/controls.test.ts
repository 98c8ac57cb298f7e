import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests, told } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, document, lets, type Parts } from './estates.ts'

const asked = askForTests()

const SOME = ['iam:*', 'sts:*', 's3:*', 'kms:*', 'lambda:*', 'ec2:*', 'logs:*']
/** All but these services is denied to the account. */
const controlled = (parts: Parts, ...services: readonly string[]): Parts => ({
  ...parts,
  control: [{ Effect: 'Deny', NotAction: services, Resource: '*' } as PolicyStatement],
})
const ops = (...services: readonly string[]): Parts =>
  controlled(
    {
      users: { ann: { policy: document(allows('sts:AssumeRole', arnOf('role/ops'))) } },
      roles: { ops: { managed: [ADMINISTRATOR], trust: lets({ AWS: arnOf('root') }, 'sts:AssumeRole') } },
    },
    ...services,
  )
const holding = (services: readonly string[], ...held: readonly PolicyStatement[]): Parts =>
  controlled({ users: { ann: { policy: document(...held) } } }, ...services)

// AWS Organizations User Guide, "Service control policies": they bound everybody of an account alike
describe('under control policies that leave little of everything', () => {
  it('an administrator by policies of its own is the end of every path', () => {
    expect(told(asked().existing(ops(...SOME)))).toEqual([
      'user/ann: assume-role: may become administrator: assumes role/ops (sts:AssumeRole)',
    ])
  })
  it('who becomes one that may write no permissions there acts as it', () => {
    expect(told(asked().existing(ops('sts:*', 's3:*')))).toEqual([
      'user/ann: assume-role: may act as role/ops: assumes role/ops (sts:AssumeRole)',
    ])
  })
  it.each([
    ['everything', [allows('*')]],
    ['all that they leave', [allows(SOME)]],
  ])('who holds %s comes to nothing', (_, held) => {
    expect(told(asked().existing(holding(SOME, ...held)))).toEqual([])
  })
  it('who holds everything may take them away where that is left', () => {
    const found = asked().existing(holding([...SOME, 'organizations:LeaveOrganization'], allows('*')))
    expect(found.map((each) => each.class)).toEqual(['weakens-guardrail'])
  })
  it('who writes permissions alone comes to all that they leave', () => {
    expect(
      asked()
        .existing(holding(SOME, allows('iam:*')))
        .map((each) => each.class),
    ).toContain('administrator')
  })
})

describe('who becomes an administrator by several statements', () => {
  const gained = (before: Parts, after: Parts) =>
    asked()
      .gained(before, after)
      .filter((each) => each.class === 'administrator')
      .map(({ principals, severity }) => [...principals, severity])
  const NOW = [[arnOf('user/ann'), 'critical']]
  it('is told, under control policies', () => {
    const held = SOME.map((service) => allows(service))
    expect(gained(holding(SOME, allows('s3:*')), holding(SOME, ...held))).toEqual(NOW)
    expect(gained(holding(SOME, allows('s3:*')), holding(SOME, allows('*')))).toEqual(NOW)
  })
  it('is told where each is no administrator’s', () => {
    const user = (...managed: readonly string[]): Parts => ({ users: { ann: { managed } } })
    expect(gained(user('PowerUserAccess'), user('PowerUserAccess', 'IAMFullAccess'))).toEqual(NOW)
  })
  it('is not told where they leave no writing of permissions', () => {
    expect(gained(holding(['s3:*'], allows('s3:GetObject')), holding(['s3:*'], allows('*')))).toEqual([])
  })
  it('is not told again of who was one', () => {
    expect(gained(holding(SOME, allows('iam:*'), allows(SOME)), holding(SOME, allows('*')))).toEqual([])
  })
})
