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

const REQUIRED = (boundary: string) => ({ StringEquals: { 'iam:PermissionsBoundary': boundary } })

/** Ann reads objects, and makes roles that must have a boundary. */
const making = (boundary: readonly PolicyStatement[], condition: object, more: Parts = {}): Parts => ({
  ...more,
  users: {
    ann: {
      policy: document(
        allows('s3:GetObject'),
        allows(['iam:CreateRole', 'iam:PutRolePolicy'], arnOf('role/new-*'), condition),
      ),
    },
  },
  policies: { limit: document(...boundary) },
})

// IAM User Guide, "Permissions boundaries for IAM entities": delegating responsibility to others
describe('a boundary that whoever is made must have', () => {
  const OWN = REQUIRED(arnOf('policy/limit'))
  const MAKES = 'makes a role with any policy under policy'
  it.each([
    ['allows everything', [allows('*')], OWN, `may become administrator: ${MAKES}/limit, and assumes it`],
    [
      'is AWS’s own for administrators',
      [allows('s3:GetObject')],
      REQUIRED('arn:aws:iam::aws:policy/AdministratorAccess'),
      `may become administrator: ${MAKES}/AdministratorAccess, and assumes it`,
    ],
    [
      'is whichever one likes',
      [allows('*')],
      { Null: { 'iam:PermissionsBoundary': 'false' } },
      `may become administrator: ${MAKES}/AdministratorAccess, and assumes it`,
    ],
    [
      'lets join groups',
      [allows(['s3:GetObject', 'iam:AddUserToGroup'])],
      OWN,
      `may change permissions: ${MAKES}/limit, and assumes it`,
    ],
    [
      'can be taken off from within',
      [allows(['s3:GetObject', 'iam:DeleteRolePermissionsBoundary'])],
      OWN,
      `may change permissions: ${MAKES}/limit, and assumes it`,
    ],
  ])('holds nobody where it %s', (_, boundary, condition, why) => {
    expect(found(making(boundary, condition))).toContainEqual(why)
  })
  it.each([
    ['allows to work', [allows('s3:*')]],
    [
      'allows to make others under the same',
      [allows('s3:*'), allows(['iam:CreateRole', 'iam:PutRolePolicy'], arnOf('role/new-*'), OWN)],
    ],
  ])('holds where it %s', (_, boundary) => {
    expect(found(making(boundary, OWN))).toEqual([])
  })
  it('holds nobody any more once it is widened', () => {
    const before = making([allows('s3:*')], OWN)
    expect(
      asked()
        .gained(before, making([allows('*')], OWN))
        .map(({ class: kind, principals }) => [kind, ...principals]),
    ).toEqual([['administrator', arnOf('user/ann')]])
  })
})

describe('a boundary that whoever is written to must have', () => {
  const written = (...boundary: readonly PolicyStatement[]): Parts => {
    const writes = allows('iam:PutUserPolicy', arnOf('user/ann'), REQUIRED(arnOf('policy/limit')))
    return limited([writes], [allows('iam:PutUserPolicy', arnOf('user/ann')), ...boundary])
  }
  it('holds where it allows to work', () => {
    expect(found(written(allows('s3:*')))).toEqual([])
  })
  it('holds nobody where it can be taken off from within', () => {
    expect(found(written(allows('iam:DeleteUserPermissionsBoundary')))).toContainEqual(
      'may become administrator: writes any policy on itself, then takes away the boundary of itself',
    )
  })
})

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
      .map((each) => [each.why, each.target, each.targets]),
  ).toEqual([[`${why}: policy/limit`, arnOf('policy/limit'), [arnOf('policy/limit')]]])
})

it.each([
  ['nothing where a boundary allows no more than one has', 's3:GetObject', []],
  ['more where it does', 's3:*', ["may change permissions: joins any group that isn't declared here"]],
])('a group that isn’t declared gives %s', (_, action, why) => {
  const JOINS = 'iam:AddUserToGroup'
  const parts = limited([allows(['s3:GetObject', JOINS])], [allows([action, JOINS])])
  expect(
    asked()
      .existing(parts, 'user/ann', 'declared')
      .map((each) => each.why),
  ).toEqual(why)
})
