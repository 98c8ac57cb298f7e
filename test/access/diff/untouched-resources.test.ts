import { afterEach, describe, expect, it, vi } from 'vitest'
import { Comparer } from '../../../src/access/diff/comparer.ts'
import type { PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, linesOf, roleArn } from './estate-diffs.ts'

const analysis = analysisForTests()
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
})
const bucket = (at: number) => `arn:aws:s3:::data-${at}`
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)

/** Roles that may do something, by name, and a bucket for each of them that only it may read. */
function estateOf(
  count: number,
  statementsOf: (at: number) => readonly PolicyStatement[],
  policyOf: (at: number) => PolicyStatement | null = (at) =>
    allow('s3:GetObject', { Principal: { AWS: roleArn(`r${at}`) }, Resource: `${bucket(at)}/*` }),
) {
  const roles = range(count).map(
    (at): [string, { policy?: ReturnType<typeof document>; trust: typeof TRUST }] => {
      const statements = statementsOf(at)
      return [
        `r${at}`,
        { trust: TRUST, ...(statements.length === 0 ? {} : { policy: document(...statements) }) },
      ]
    },
  )
  const resources = range(count).map((at) => {
    const statement = policyOf(at)
    return resourceOf(bucket(at), HOME, statement === null ? null : document(statement))
  })
  return estateWith([accountOf(HOME, {}, Object.fromEntries(roles))], null, resources)
}

const gains = (before: ReturnType<typeof estateOf>, after: ReturnType<typeof estateOf>) =>
  linesOf(analysis().diff(before, after))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('who changed isn’t compared on each resource that is as it was', () => {
  it.each([
    [
      'where statements name others',
      (at: number) => [allow('s3:PutObject', { Resource: `arn:aws:s3:::other-${at}/*` })],
    ],
    ['where statements are about other services', () => [allow('kms:Decrypt'), allow('sqs:SendMessage')]],
  ])('%s', (_, statementsOf) => {
    const compare = vi.spyOn(Comparer.prototype, 'compare')
    const compared = (count: number) => {
      compare.mockClear()
      const found = gains(
        estateOf(count, () => []),
        estateOf(count, statementsOf),
      )
      expect(found.length).toBeGreaterThan(0)
      return compare.mock.calls.length
    }
    expect(compared(16) / compared(8)).toBeLessThan(2.2)
  })
})

describe('and what changes on one of them is found all the same', () => {
  const before = estateOf(3, () => [])
  const only =
    (...statements: readonly PolicyStatement[]) =>
    (at: number) =>
      at === 0 ? statements : []

  it.each([
    ['itself', bucket(1), 's3:ListBucket'],
    ['what lies in it', `${bucket(1)}/a/*`, 's3:PutObject'],
    ['all that begins so', 'arn:aws:s3:::data-*', 's3:PutObject'],
  ])('where a statement names %s', (_, Resource, action) => {
    expect(gains(before, estateOf(3, only(allow(action, { Resource }))))).toEqual([
      `+ role/r0 ${action} on ${Resource}`,
    ])
  })

  it('where it is denied no more', () => {
    const denied = [allow('s3:PutObject'), deny('s3:PutObject', { Resource: `${bucket(2)}/*` })]
    expect(gains(estateOf(3, only(...denied)), estateOf(3, only(allow('s3:PutObject'))))).toEqual([
      '+ role/r0 s3:PutObject on *',
    ])
  })

  it('where the policy of a resource names somebody new', () => {
    const others = estateOf(3, () => [])
    const account = accountOf(HOME, {}, { r0: { trust: TRUST }, r1: { trust: TRUST } })
    const found = gains({ ...others, accounts: [account] }, others)
    expect(found).toContain(`+ role/r2 s3:GetObject on ${bucket(2)}/*`)
  })

  it('where the policy of a resource asks for a tag that has changed', () => {
    const asking = (at: number) =>
      allow('s3:GetObject', {
        Principal: { AWS: roleArn('r0') },
        Resource: `${bucket(at)}/*`,
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
      })
    const tagged = (team: string) => {
      const estate = estateOf(2, () => [allow('sqs:SendMessage')], asking)
      const [account] = estate.accounts
      const role = account?.entities.role.get('r0')
      if (account === undefined || role === undefined) throw new Error('no role')
      const roles = new Map([...account.entities.role, ['r0', { ...role, tags: new Map([['team', team]]) }]])
      return { ...estate, accounts: [{ ...account, entities: { ...account.entities, role: roles } }] }
    }
    expect(gains(tagged('blue'), tagged('red'))).toEqual([
      `+ role/r0 s3:GetObject on ${bucket(0)}/*`,
      `+ role/r0 s3:GetObject on ${bucket(1)}/*`,
    ])
  })
})
