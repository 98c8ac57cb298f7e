import { describe, expect, it } from 'vitest'
import { type PlanCase, planOf } from './plan-of.ts'

const names = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)
const groupsOf = (count: number) =>
  names(count, 'g')
    .map((name) => `  ${name}: {}\n`)
    .join('')
const DOCUMENT = (sid: string) =>
  `{ Version: "2012-10-17", Statement: [{ Sid: ${sid}, Effect: Allow, Action: s3:GetObject, Resource: "*" }] }`

/** Of what a plan is refused: code, text under the caret, and message. */
const refusedOf = (of: PlanCase) => {
  const { diagnostics, texts } = planOf(of)
  return diagnostics.map(({ code, span, message }) => [
    code,
    span === null ? null : (texts.text(span.file) ?? '').slice(span.start, span.end),
    message,
  ])
}

describe('what is declared together with what is there and nobody declares here', () => {
  /** In as many groups that say nothing of their members as there are. */
  const inGroups = (count: number) => ({
    before: `groups:\n${groupsOf(count)}users: { alice: { groups: [${names(count, 'g').join(', ')}] } }`,
    after: `groups:\n${groupsOf(count)}  listed: { members: [alice] }\nusers: { alice: {} }`,
    declared: 'users: {}',
  })

  it('a group that lists its members, of somebody who is in ten', () => {
    expect(refusedOf(inGroups(9))).toEqual([])
    expect(refusedOf(inGroups(10))).toEqual([
      [
        'plan.quota',
        'alice',
        '`user/alice` would have 11 groups, what is not declared there among them; at most 10 are allowed',
      ],
    ])
  })

  it('is told where it comes near', () => {
    expect(planOf(inGroups(7)).plan.headroom).toBeUndefined()
    expect(planOf(inGroups(8)).plan.headroom).toEqual([
      { entity: 'user/alice', quota: 'groupsPerUser', what: 'groups', used: 9, limit: 10 },
    ])
  })

  it('a policy that is generated beside those that are there', () => {
    const of = (quota: number): PlanCase => ({
      before: `users: { alice: { inlinePolicies: { own: ${DOCUMENT('a'.repeat(1000))} } } }`,
      after: 'users: { alice: { mfa: { required: true, enforce: true } } }',
      declared: 'users: {}',
      quotas: { inlinePolicySizePerUser: quota },
    })
    const [refused, ...others] = refusedOf(of(1500)).filter(([code]) => code === 'plan.quota')
    expect(others).toEqual([])
    expect(refused?.[1]).toBe('alice')
    expect(refusedOf(of(4000)).filter(([code]) => code === 'plan.quota')).toEqual([])
  })

  it('what is over a limit and takes no more of it is let be', () => {
    const at = (groups: string) =>
      `groups:\n${groupsOf(3)}users: { alice: { groups: [${groups}], tags: { a: b } } }`
    const over = { before: at('g0, g1, g2'), quotas: { groupsPerUser: 1 } }
    expect(refusedOf({ ...over, after: at('g0, g1, g2').replace('a: b', 'a: c') })).toEqual([])
    expect(refusedOf({ ...over, after: at('g0, g1') })).toEqual([])
  })
})

describe('names that AWS keeps for its own', () => {
  const role = (name: string) =>
    `roles: { ${name}: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] } } }`

  it.each(['AWSServiceRoleForX', 'AWSReservedSSO_Admin_0123456789abcdef'])('%s is not made', (name) => {
    expect(refusedOf({ before: '', after: role(name) })).toEqual([
      ['plan.reserved-name', name, expect.stringContaining(`role/${name}`)],
    ])
    expect(refusedOf({ before: role(name), after: role(name) })).toEqual([])
  })

  it('one that only begins alike is', () => {
    expect(refusedOf({ before: '', after: role('AWSService') })).toEqual([])
  })
})
