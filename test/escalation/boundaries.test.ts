import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests } from './ask.ts'
import { allows, arnOf, document, type Parts } from './estates.ts'

const asked = askForTests()

/** User ann, under a boundary. */
const limited = (held: readonly PolicyStatement[], boundary: readonly PolicyStatement[]): Parts => ({
  users: { ann: { policy: document(...held), boundary: 'limit' } },
  policies: { limit: document(...boundary) },
})
const found = (parts: Parts) =>
  asked()
    .existing(parts, 'user/ann')
    .map(({ why }) => why)

// IAM User Guide, "Permissions boundaries for IAM entities": whoever edits the policy changes the boundary
describe('another version of one’s own boundary', () => {
  const WRITES = 'iam:CreatePolicyVersion'
  it('frees what else is allowed', () => {
    expect(found(limited([allows('*')], [allows(['s3:GetObject', WRITES])]))).toEqual([
      'may become administrator: writes another version of policy/limit, the boundary of itself',
    ])
  })
  it('is new where it wasn’t allowed before', () => {
    const boundary = [allows(['s3:GetObject', WRITES])]
    expect(
      asked()
        .gained(limited([allows('s3:*')], boundary), limited([allows(['s3:*', WRITES])], boundary))
        .map(({ class: kind, path: [step] }) => [kind, step?.witness.resource]),
    ).toEqual([['changes-permissions', arnOf('policy/limit')]])
  })
  it.each([
    ['where it frees nothing', [allows(WRITES)], [allows(WRITES)]],
    ['of another policy', [allows('s3:*'), allows(WRITES, arnOf('policy/other'))], [allows(WRITES)]],
    ['that the boundary itself forbids', [allows('*')], [allows('s3:GetObject')]],
  ])('is nothing %s', (_, held, boundary) => {
    expect(found(limited(held, boundary))).toEqual([])
  })
})

it.each([
  ['allows more', 'limit', 'a permissions boundary allows more than before'],
  ['is gone', undefined, 'a permissions boundary no longer stands in the way'],
])('a boundary that %s is told as such', (_, boundary, why) => {
  const before = limited([allows('s3:*')], [allows('s3:GetObject')])
  const policies = { limit: document(allows(['s3:GetObject', 's3:PutObject'])) }
  const ann = { policy: document(allows('s3:*')), ...(boundary === undefined ? {} : { boundary }) }
  expect(
    asked()
      .gained(before, { users: { ann }, policies })
      .filter((each) => each.class === 'weakens-guardrail')
      .map((each) => each.why),
  ).toEqual([why])
})
