import { describe, expect, test } from 'vitest'
import { load, rendered } from './sample.ts'

const GROUPS = 'groups: { dev: { members: [ann] }, ops: { members: [] }, rest: {} }\n'

describe('a group that lists its members', () => {
  test('says of each user without `groups` whether they are in it, and nothing of other groups', () => {
    const { desired } = load({ 'a.yaml': `${GROUPS}users: { ann: {}, bob: {} }` })
    const users = desired?.entities.user
    expect(users?.get('ann')?.groups).toBeUndefined()
    expect(users?.get('ann')?.listed?.get('groups')).toEqual({ in: ['dev'], by: new Set(['dev', 'ops']) })
    expect(users?.get('bob')?.listed?.get('groups')).toEqual({ in: [], by: new Set(['dev', 'ops']) })
  })

  test('may say what the users say as well', () => {
    const { desired, project } = load({ 'a.yaml': `${GROUPS}users: { ann: { groups: [dev, rest] } }` })
    expect(project.diagnostics).toEqual([])
    expect(desired?.entities.user.get('ann')?.groups).toEqual(['dev', 'rest'])
  })

  test('stands in another file than its members', () => {
    const { project } = load({ 'a.yaml': GROUPS, 'b.yaml': 'users: { ann: {} }' })
    expect(project.diagnostics).toEqual([])
  })

  test('is told of what disagrees, with both places, and of who is not declared', async () => {
    const text = rendered({
      'a.yaml': `groups:
  dev: { members: [ann, anna, "arn:aws:iam::111122223333:user/zoe"] }
  ops: { members: [] }
  odd: { members: ann }
users:
  ann: { groups: [] }
  bob: { groups: [ops, "arn:aws:iam::111122223333:group/dev"] }
`,
    })
    await expect(text).toMatchFileSnapshot('golden/members-that-disagree.txt')
  })

  test('counts towards the groups of a user', () => {
    const groups = Array.from({ length: 11 }, (_, index) => `  g${index}: { members: [ann] }`).join('\n')
    expect(rendered({ 'a.yaml': `groups:\n${groups}\nusers: { ann: {} }` })).toMatch(
      /^error\[manifest\.quota\]: user `ann` is in `members` of 11 groups; at most 10 are allowed/,
    )
  })
})
