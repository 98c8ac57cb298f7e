import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { askForTests, type Inventory } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, denies, document, type Parts, trusts } from './estates.ts'

const asked = askForTests()

const STACK_SETS = 'role/AWSCloudFormationStackSetAdministrationRole'
const account = (...held: readonly PolicyStatement[]): Parts => ({
  users: {
    ann: held.length === 0 ? {} : { policy: document(...held) },
    boss: { managed: [ADMINISTRATOR] },
    plain: {},
  },
  groups: { admins: { managed: [ADMINISTRATOR] } },
  roles: {
    AWSCloudFormationStackSetAdministrationRole: {
      policy: document(allows('sts:AssumeRole', arnOf('role/execution'))),
      trust: trusts('cloudformation.amazonaws.com'),
    },
    execution: { managed: [ADMINISTRATOR], trust: trusts(STACK_SETS) },
    stacks: { managed: [ADMINISTRATOR], trust: trusts('cloudformation.amazonaws.com') },
  },
})
/** What `user/ann` comes to: whom, by which actions. */
const found = (held: readonly PolicyStatement[], inventory: Inventory = 'complete') =>
  asked()
    .existing(account(...held), 'user/ann', inventory)
    .map(({ targets, isPotential, severity, path }) => ({
      targets: targets.map((arn) => arn.split(':').at(-1)),
      actions: path.flatMap(({ witness, besides }) => [witness, ...besides].map(({ action }) => action)),
      isPotential,
      severity,
    }))

// IAM API Reference, UpdateUser, UpdateGroup: permissions on both the old and the new name are needed
describe('whoever may be renamed', () => {
  const keys = allows('iam:CreateAccessKey', arnOf('user/dev-*'))
  it('is taken under a name that a policy is about', () => {
    expect(found([keys, allows('iam:UpdateUser')])).toContainEqual({
      targets: ['user/boss'],
      actions: ['iam:CreateAccessKey', 'iam:UpdateUser', 'iam:UpdateUser'],
      isPotential: false,
      severity: 'critical',
    })
  })
  it('is taken under a name that nothing is denied of', () => {
    const all = [allows('iam:CreateAccessKey'), denies('iam:CreateAccessKey', arnOf('user/boss'))]
    expect(found(all)).toEqual([])
    expect(found([...all, allows('iam:UpdateUser')]).map(({ targets }) => targets)).toEqual([['user/boss']])
  })
  it('is a group that one then joins', () => {
    const joins = allows('iam:AddUserToGroup', arnOf('group/dev-*'))
    expect(found([joins])).toEqual([])
    expect(found([joins, allows('iam:UpdateGroup')])).toContainEqual({
      targets: ['group/admins'],
      actions: ['iam:AddUserToGroup', 'iam:UpdateGroup', 'iam:UpdateGroup'],
      isPotential: false,
      severity: 'critical',
    })
  })
  it.each([
    ['from that name', allows('iam:UpdateUser', arnOf('user/dev-*'))],
    ['to that name', allows('iam:UpdateUser', arnOf('user/boss'))],
  ])('is left alone where the renaming is not allowed %s', (_, renaming) => {
    expect(found([keys, renaming])).toEqual([])
  })
})

// ESCALATIONS of keys: IAM API Reference, UpdateAccessKey: it turns a key on, and tells nobody its secret
describe('a key that is turned on again', () => {
  it('is one only for whoever has its secret', () => {
    expect(found([allows('iam:UpdateAccessKey')])).toEqual([
      { targets: ['user/boss'], actions: ['iam:UpdateAccessKey'], isPotential: true, severity: 'low' },
    ])
  })
  it('is nothing beside keys that can be made', () => {
    expect(
      found([allows(['iam:UpdateAccessKey', 'iam:CreateAccessKey'])]).map(({ actions }) => actions),
    ).toEqual([['iam:CreateAccessKey']])
  })
  it('is nothing where it is one’s own', () => {
    expect(found([allows('iam:UpdateAccessKey', arnOf('user/ann'))])).toEqual([])
  })
})

describe('a group that is not declared', () => {
  const joins = [allows('iam:AddUserToGroup', arnOf('group/ops-*'))]
  it('may be joined where there may be groups besides', () => {
    expect(found(joins, 'declared')).toEqual([
      { targets: [], actions: ['iam:AddUserToGroup'], isPotential: true, severity: 'medium' },
    ])
  })
  it('is not there where all are known', () => {
    expect(found(joins)).toEqual([])
  })
})

// CloudFormation User Guide, "Grant self-managed permissions"
describe('a stack set', () => {
  it('acts as the administration role, and as what that may assume', () => {
    const held = [allows(['cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'])]
    expect(found(held).map(({ targets, actions }) => [targets, actions])).toEqual([
      [
        ['role/execution'],
        ['cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances', 'sts:AssumeRole'],
      ],
    ])
  })
  it('does nothing without instances', () => {
    expect(found([allows('cloudformation:CreateStackSet')])).toEqual([])
  })
})

// AWS STS API Reference, AssumeRoot: TaskPolicyArn, of which one lets root make itself a password
describe('whoever may borrow root', () => {
  const borrows = (task: string) => [
    {
      ...allows('sts:AssumeRoot'),
      Condition: { ArnEquals: { 'sts:TaskPolicyArn': `arn:aws:iam::aws:policy/root-task/${task}` } },
    },
  ]
  it.each([
    ['any task', [allows('sts:AssumeRoot')], 1],
    ['a password for it', borrows('IAMCreateRootUserPassword'), 1],
    ['any task of IAM', borrows('IAM*'), 1],
    ['a look at its credentials', borrows('IAMAuditRootUserCredentials'), 0],
  ] as const)('for %s', (_, held, count) => {
    expect(found(held).filter(({ actions }) => actions.includes('sts:AssumeRoot'))).toHaveLength(count)
  })
})

it('a role that isn’t declared is told as such', () => {
  const ann = { policy: document(allows('lambda:UpdateFunctionCode')) }
  expect(
    asked()
      .existing({ users: { ann } }, 'user/ann', 'declared')
      .map(({ why }) => why),
  ).toEqual([
    "may run code as a role: runs code in a function that has any role that isn't declared here and trusts lambda.amazonaws.com (lambda:UpdateFunctionCode)",
  ])
})
