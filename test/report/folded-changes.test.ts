import { describe, expect, it } from 'vitest'
import { planText } from '../../src/index.ts'
import { planOf } from '../plan/plan-of.ts'

const users = (names: readonly string[], keys: string) => names.map((name) => `  ${name}: ${keys}`).join('\n')
const many = Array.from({ length: 14 }, (_, index) => `u${index}`)
const groups = 'groups: { staff: {}, ops: {} }\n'

const textOf = (before: string, after: string): string => {
  const { plan, texts } = planOf({
    before,
    after,
    rules: 'scope: { users: all, groups: all, roles: all, policies: all }\nguard: { maxDeletes: 100% }',
  })
  return planText(plan, texts)
}

describe('equal changes', () => {
  it('of many are one, by how many and of what', () => {
    const text = textOf(
      `${groups}users:\n${users(many, '{ groups: [staff] }')}`,
      `${groups}users:\n${users(many, '{ groups: [staff, ops] }')}`,
    )
    expect(text).toContain(
      '\n~ 14 users: groups + ops\n    u0, u1, u10, u11, u12, u13, u2, u3, u4, u5\n    … and 4 more (`--json` lists all)\n',
    )
    expect(text).not.toContain('~ user ')
  })
  it('that take more than a line stand below the names', () => {
    const text = textOf(
      `${groups}users:\n${users(['a', 'b', 'c'], '{ groups: [staff] }')}`,
      `${groups}users:\n${users(['a', 'b', 'c'], '{ groups: [ops], tags: { team: red } }')}`,
    )
    expect(text).toContain(
      '\n~ 3 users\n    a, b, c\n    groups:\n      - staff\n      + ops\n    tags.team: (none) → red\n',
    )
  })
  it('of two stand by themselves, and so does what differs', () => {
    const text = textOf(
      `${groups}users:\n${users(['a', 'b', 'c'], '{ groups: [staff] }')}`,
      `${groups}users:\n${users(['a', 'b'], '{ groups: [staff, ops] }')}\n${users(['c'], '{ groups: [] }')}`,
    )
    for (const name of ['a', 'b', 'c']) expect(text).toContain(`~ user ${name}  `)
  })
  it('name everybody who is deleted', () => {
    const text = textOf(`${groups}users:\n${users(many, '{}')}`, `${groups}users: {}`)
    for (const name of many) expect(text).toMatch(new RegExp(`\\b${name}\\b`))
    expect(text).toContain('\n- 14 users\n')
  })
  it('leave the counts as they are, above and below', () => {
    const text = textOf(
      `${groups}users:\n${users(many, '{ groups: [staff] }')}`,
      `${groups}users:\n${users(many, '{ groups: [staff, ops] }')}`,
    )
    const lines = text.split('\n')
    expect([lines[0], lines.at(-1)]).toEqual([
      'production (111122223333): 14 to update',
      '14 to update; 2 unchanged',
    ])
  })
})

it('a role that is replaced says what breaks with it, and nothing else does', () => {
  const role = (path: string) =>
    `roles:\n  r:\n    path: ${path}\n    trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] }\n`
  expect(textOf(role('/a/'), role('/b/'))).toContain(
    '± role r (deleted and created again: its sessions end, and trusts in it break)',
  )
  const group = (path: string) => `groups:\n  g: { path: ${path} }\n`
  expect(textOf(group('/a/'), group('/b/'))).not.toContain('sessions end')
})
