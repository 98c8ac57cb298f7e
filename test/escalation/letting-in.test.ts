import { describe, expect, it } from 'vitest'
import type { Estate, PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import { resourceOf } from '../evaluator/estate-world.ts'
import { askForTests } from './ask.ts'
import {
  ADMINISTRATOR,
  arnOf,
  document,
  ELSEWHERE,
  estateOf,
  HOME,
  lets,
  type Parts,
  trusts,
} from './estates.ts'

const asked = askForTests()
const SECRET = `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:db-abc123`
const CANONICAL = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'

const roleWith = (trust: PolicyDocument): Parts => ({
  users: { ann: {} },
  roles: { power: { managed: [ADMINISTRATOR], trust } },
})
const secretOf = (policy: PolicyDocument): Estate => ({
  ...estateOf({ users: { ann: {} } }),
  resources: new Map([resourceOf(SECRET, HOME, policy)]),
})
const opening = (Principal: object): PolicyDocument =>
  document({ Effect: 'Allow', Principal, Action: 'secretsmanager:*', Resource: '*' } as PolicyStatement)
const openedTo = (principal: object) =>
  asked()
    .ofChange(secretOf(opening({ AWS: HOME })), secretOf(opening(principal)))
    .flatMap(({ escalations }) => escalations.map((each) => `${each.class}: ${each.why}`))

/** Whom a policy names in another account. */
const NAMED = [
  ['an account', { AWS: ELSEWHERE }],
  ['a role', { AWS: `arn:aws:iam::${ELSEWHERE}:role/partner` }],
  ['a user', { AWS: `arn:aws:iam::${ELSEWHERE}:user/partner` }],
  ['a session', { AWS: `arn:aws:sts::${ELSEWHERE}:assumed-role/partner/ci` }],
  ['a role beside one of the own', { AWS: [arnOf('user/ann'), `arn:aws:iam::${ELSEWHERE}:role/partner`] }],
] as const

describe('somebody of another account is let in who is named as', () => {
  it.each(NAMED)('%s, by a trust policy', (_, principal) => {
    const before = roleWith(trusts('ec2.amazonaws.com'))
    const after = roleWith(lets(principal, 'sts:AssumeRole'))
    const isLettingIn = ({ class: of }: { readonly class: string }) => of === 'lets-outsiders-in'
    for (const found of [asked().gained(before, after), asked().existing(after)])
      expect(found.filter(isLettingIn).map(({ why, targets }) => [why, targets])).toEqual([
        ['somebody of another account may assume role/power', [arnOf('role/power')]],
      ])
  })
  it.each([...NAMED, ['a canonical user', { CanonicalUser: CANONICAL }] as const])(
    "%s, by a resource's own policy",
    (_, principal) => {
      const found = openedTo(principal)
      expect(found).toContain(`lets-outsiders-in: somebody of another account may use ${SECRET}`)
    },
  )
  it('and may then let others in, which is no finding beside it', () => {
    expect(openedTo({ AWS: `arn:aws:iam::${ELSEWHERE}:role/partner` })).toEqual([
      `lets-outsiders-in: somebody of another account may use ${SECRET}`,
    ])
  })
})

it('nobody is let in who is of an account of the estate', () => {
  for (const who of [[HOME, arnOf('user/ann')], `arn:aws:sts::${HOME}:federated-user/ann`])
    expect(openedTo({ AWS: who }).filter((each) => each.startsWith('lets-outsiders-in'))).toEqual([])
})

// The gate of what is public and that of escalations mean the same by `anybody`
describe('everybody is let in, but', () => {
  const limitedBy = (condition: object): PolicyDocument =>
    document({
      Effect: 'Allow',
      Principal: '*',
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
      Condition: condition,
    } as PolicyStatement)
  const anybody = `lets-outsiders-in: anybody may use ${SECRET}`
  const somebody = `lets-outsiders-in: somebody outside whom its conditions let in may use ${SECRET}`
  it.each([
    ['from a private network', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, somebody],
    ['from some addresses', { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, somebody],
    ['from most addresses', { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }, anybody],
    ['through an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }, somebody],
    ['through any endpoint', { StringLike: { 'aws:SourceVpce': 'vpce-*' } }, anybody],
    ['with TLS', { Bool: { 'aws:SecureTransport': 'true' } }, anybody],
    ['by name', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci' } }, anybody],
    ['of another organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, somebody],
  ])('only %s', (_, condition, told) => {
    const policy = limitedBy(condition)
    const before = secretOf(opening({ AWS: HOME }))
    const found = asked()
      .ofChange(before, secretOf(policy))
      .flatMap(({ escalations }) => escalations.map((each) => `${each.class}: ${each.why}`))
    expect(found).toEqual([told])
    expect(asked().isPublic(secretOf(policy))).toBe(told === anybody)
  })
})
