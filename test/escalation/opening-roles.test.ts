import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests, type Inventory } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, denies, document, type Parts, trusts } from './estates.ts'

const asked = askForTests()

const OPENS = allows('iam:UpdateAssumeRolePolicy')
const NEVER = denies('sts:AssumeRole')
const account = (...held: readonly PolicyStatement[]): Parts => ({
  users: { ann: { policy: document(...held) } },
  roles: {
    task: { managed: [ADMINISTRATOR], trust: trusts('ecs-tasks.amazonaws.com') },
    idle: { trust: trusts('ecs-tasks.amazonaws.com') },
  },
})
const found = (parts: Parts, inventory: Inventory = 'complete') =>
  asked()
    .existing(parts, 'user/ann', inventory)
    .map(({ class: kind, targets, path: [step], severity }) => [kind, targets, step?.does, severity])

// IAM User Guide, "Policy evaluation logic": a Deny of one's own binds nobody of another account
describe('whoever writes a role’s trust and may not assume roles', () => {
  it('lets others in, by each role that gives more', () => {
    expect(found(account(OPENS, NEVER))).toEqual([
      ['can-let-others-in', [arnOf('role/task')], 'has role/task trust another account', 'high'],
    ])
  })
  it('is new where it wasn’t allowed before', () => {
    expect(
      asked()
        .gained(account(NEVER), account(OPENS, NEVER))
        .map(({ class: kind, target }) => [kind, target]),
    ).toEqual([['can-let-others-in', arnOf('role/task')]])
  })
  it('never assumes one that isn’t declared', () => {
    const does = found(account(OPENS, NEVER), 'declared').map(([, , each]) => each)
    expect(does.join()).not.toContain('assumes')
  })
  it('assumes it where nothing denies it', () => {
    expect(found(account(OPENS))).toEqual([
      ['administrator', [arnOf('role/task')], 'has role/task trust itself, and assumes it', 'critical'],
    ])
  })
})
