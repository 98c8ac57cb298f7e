// One entry is of all who may do what its witness shows: as they would ask for it, or as it says itself.
import { describe, expect, test } from 'vitest'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import { accountOf, document, estateWith, grant, HOME, resourceOf } from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`
const CANONICAL_ID = '00f1e2d3c4b5a697887766554433221100ffeeddccbbaa998877665544332211'
const CANONICAL = `canonical:${CANONICAL_ID}`
const ROLE_ID = 'AROAEXAMPLEID1234567'
const GOOGLE = 'accounts.google.com'
const PARTNER = '444455556666'
const PARTNER_2 = '555566667777'

/** Of whom policies speak, so that each of them is told of. */
const speaksOf: readonly PolicyStatement[] = [
  { CanonicalUser: CANONICAL_ID },
  { AWS: ROLE_ID },
  { Federated: GOOGLE },
  { AWS: [PARTNER, PARTNER_2] },
].map((who) => grant(who, 'sqs:ReceiveMessage'))

const entriesFor = (Condition: ConditionBlock): readonly AccessEntry[] => {
  const { lost, unknown } = analysis().diff(
    estateWith([accountOf(HOME, {})], null, [
      resourceOf(QUEUE, HOME, document(grant('*', 'sqs:SendMessage', { Condition }), ...speaksOf)),
    ]),
    estateWith([accountOf(HOME, {})], null, [resourceOf(QUEUE, HOME, document(...speaksOf))]),
  )
  expect(unknown.filter(({ principals }) => !principals.includes('service:*'))).toEqual([])
  return lost
}

const saying = (label: string, Condition: ConditionBlock): readonly string[] | null => {
  const entry = entriesFor(Condition).find(({ principals }) => principals.includes(label))
  return entry === undefined ? null : [...entry.witness.context.keys()].sort()
}

const ID = `id:${ROLE_ID}`
const BY_GOOGLE = `federated:${GOOGLE}`

describe('whom an entry names its witness shows', () => {
  test.each<[string, ConditionBlock, string[]]>([
    ['aws:username', { StringLike: { 'aws:username': 'bo' } }, [CANONICAL]],
    ['aws:username', { StringEquals: { 'aws:username': 'bo' } }, [CANONICAL]],
    ['aws:PrincipalAccount', { StringLike: { 'aws:PrincipalAccount': '44*' } }, [CANONICAL, ID, BY_GOOGLE]],
    [
      'aws:PrincipalArn',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
      [CANONICAL, ID, BY_GOOGLE],
    ],
    ['aws:PrincipalType', { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }, [CANONICAL]],
  ])('%s: who must say it themselves, and an account, of which it follows', (key, condition, somebody) => {
    for (const label of somebody) expect(saying(label, condition)).toContain(key)
    expect(saying('account:*', condition)).toEqual([])
  })

  test('accounts of which the same follows are told of together', () => {
    const [first, ...others] = entriesFor({ StringLike: { 'aws:username': 'bo' } }).filter(({ principals }) =>
      principals.some((label) => label.startsWith('account:')),
    )
    expect(first?.principals).toEqual(['account:*', `account:${PARTNER}`, `account:${PARTNER_2}`])
    expect(others).toEqual([])
  })

  test('whose id is known says no other', () => {
    const condition = { StringLike: { 'aws:userid': 'AROA*:s1' } }
    const idOf = (label: string) =>
      entriesFor(condition)
        .find(({ principals }) => principals.includes(label))
        ?.witness.context.get('aws:userid')
    expect(idOf(ID)).toEqual([`${ROLE_ID}:s1`])
    expect(idOf(CANONICAL)?.[0]).toMatch(/^AROA.+:s1$/)
    expect(idOf(BY_GOOGLE)?.[0]).toMatch(/^AROA.+:s1$/)
  })

  test('who has no name is not let in by one', () => {
    const condition = { StringLike: { 'aws:username': 'bo' } }
    expect(saying(ID, condition)).toBeNull()
    expect(saying(BY_GOOGLE, condition)).toBeNull()
  })
})
