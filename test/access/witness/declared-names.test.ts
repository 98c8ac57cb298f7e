import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../../src/model/index.ts'
import { askForTests } from '../../escalation/ask.ts'
import { allows, arnOf, denies, document, type Parts, trusts } from '../../escalation/estates.ts'

const asked = askForTests()

/** Who is there besides ann, whose policy is another one. */
const OTHERS = (ann: Parts['users']): Parts => ({
  users: { ann: {}, bob: {}, zoe: {}, ...ann },
  groups: { ops: {} },
  roles: {
    'ci-build': { trust: trusts('ec2.amazonaws.com') },
    'ci-test': { trust: trusts('ec2.amazonaws.com') },
    reader: { trust: trusts('ec2.amazonaws.com') },
  },
  policies: { limit: document(allows('s3:GetObject')) },
})
const shown = (...statements: readonly PolicyStatement[]) =>
  asked()
    .diff(OTHERS({}), OTHERS({ ann: { policy: document(...statements) } }))
    .gained.map(({ witness }) => `${witness.action} ${witness.resource}`)

describe('examples are about somebody who is declared', () => {
  it.each([
    ['a user: the one who may do it, if it is about users', 'iam:PutUserPolicy', '*', 'user/ann'],
    ['another user, of what one becomes them by', 'iam:CreateAccessKey', '*', 'user/bob'],
    ['a group', 'iam:AddUserToGroup', '*', 'group/ops'],
    ['a role', 'iam:PassRole', '*', 'role/ci-build'],
    ['a role of those whom a pattern means', 'iam:PassRole', arnOf('role/ci-t*'), 'role/ci-test'],
    ['a policy', 'iam:CreatePolicyVersion', '*', 'policy/limit'],
  ])('%s', (_, action, resource, entity) => {
    expect(shown(allows(action, resource))).toEqual([`${action} ${arnOf(entity)}`])
  })
  it('whom nothing denies', () => {
    expect(shown(allows('iam:DeleteUser'), denies('iam:DeleteUser', arnOf('user/ann')))).toEqual([
      `iam:DeleteUser ${arnOf('user/bob')}`,
    ])
  })
  it('but not of what is made', () => {
    expect(shown(allows('iam:CreateUser'))).toEqual([`iam:CreateUser ${arnOf('user/example')}`])
  })
  it('nor where a pattern means nobody who is there', () => {
    expect(shown(allows('iam:PassRole', arnOf('role/deploy-*')))).toEqual([
      `iam:PassRole ${arnOf('role/deploy-example')}`,
    ])
  })
  it('of steps as well', () => {
    const parts = OTHERS({ ann: { policy: document(allows(['iam:PutUserPolicy', 's3:GetObject'])) } })
    const found = asked().existing(parts, 'user/ann')
    expect(found.flatMap(({ path }) => path.map(({ witness }) => witness.resource))).toEqual([
      arnOf('user/ann'),
    ])
  })
})
