import { describe, expect, test } from 'vitest'
import type { AccessDiff } from '../../../src/access/access-diff.ts'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import type { Escalation, EscalationStep } from '../../../src/access/escalation/escalation.ts'
import { graphOfAccess } from '../../../src/report/graph/graph-of-access.ts'

const account = { id: '111122223333', partition: 'aws' } as const
const arn = (resource: string) => `arn:aws:iam::${account.id}:${resource}`
const entry = (parts: Partial<AccessEntry>): AccessEntry => ({
  kind: 'action',
  principals: [],
  actions: [],
  levels: { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 },
  resources: [],
  notResources: [],
  conditions: {},
  witness: { principal: '', action: '', resource: '', context: new Map() },
  via: [],
  tier: 'typed',
  source: null,
  policy: '',
  sid: null,
  because: null,
  isPotential: false,
  ...parts,
})
const assuming = (principal: string, via: readonly string[], role: string): AccessEntry =>
  entry({ kind: 'assume', principals: [arn(principal)], via: via.map(arn), resources: [arn(role)] })
const step = (actor: string, action: string, reaches: string | null): EscalationStep => ({
  way: action,
  actor: arn(actor),
  does: `uses ${action}`,
  reaches: reaches === null ? null : arn(reaches),
  witness: { principal: arn(actor), action, resource: '*', context: new Map() },
  besides: [],
})
const escalation = (
  principals: readonly string[],
  path: readonly EscalationStep[],
  parts: Partial<Escalation> = {},
): Escalation => ({
  ...entry({ principals: principals.map((each) => (each.includes(':') ? each : arn(each))) }),
  rule: 'permissions-management',
  class: 'administrator',
  weight: 90,
  severity: 'critical',
  target: null,
  targets: [],
  path,
  why: 'may become administrator',
  ...parts,
})
const diffOf = (parts: Partial<AccessDiff>): AccessDiff => ({
  verdict: 'gained',
  gained: [],
  lost: [],
  unknown: [],
  escalations: [],
  ...parts,
})
/** `user/alice → role/a: assumes, gained`. */
const arrowsOf = (diff: AccessDiff): readonly string[] => {
  const { nodes, edges } = graphOfAccess(diff, account)
  const name = (id: string) => nodes.find((node) => node.id === id)?.label ?? id
  return edges.map(({ from, to, kind, change }) => `${name(from)} → ${name(to)}: ${kind}, ${change}`)
}

describe('the graph of an access diff', () => {
  test('of a chain of roles only the hop that is new by itself is new', () => {
    const diff = diffOf({
      gained: [assuming('user/alice', ['role/a'], 'role/b'), assuming('role/a', [], 'role/b')],
    })
    expect(arrowsOf(diff)).toEqual(['user/alice → role/a: assumes, part', 'role/a → role/b: assumes, gained'])
  })

  test('of a chain of which no hop is new by itself all are said to be', () => {
    expect(arrowsOf(diffOf({ gained: [assuming('user/alice', ['role/a'], 'role/b')] }))).toEqual([
      'user/alice → role/a: assumes, gained',
      'role/a → role/b: assumes, gained',
    ])
  })

  test('what is lost is drawn, but never over what is gained between the same two', () => {
    const [gained, lost] = [assuming('user/alice', [], 'role/a'), assuming('user/bob', [], 'role/a')]
    expect(arrowsOf(diffOf({ gained: [gained], lost: [gained, lost] }))).toEqual([
      'user/alice → role/a: assumes, gained',
      'user/bob → role/a: assumes, lost',
    ])
  })

  test('steps of an escalation lead from actor to actor; a step that nothing says is new is a part of a new way', () => {
    const way = escalation(
      ['user/alice'],
      [
        step('user/alice', 'iam:CreateAccessKey', 'user/bob'),
        step('user/bob', 'sts:AssumeRole', 'role/admin'),
      ],
    )
    const gained = [entry({ principals: [arn('user/alice')], actions: ['iam:CreateAccessKey'] })]
    expect(arrowsOf(diffOf({ escalations: [way], gained }))).toEqual([
      'user/alice → user/bob: comes to, gained',
      'user/bob → role/admin: assumes, part',
    ])
    const { nodes } = graphOfAccess(diffOf({ escalations: [way] }), account)
    expect(nodes.map(({ label, severity }) => [label, severity])).toEqual([
      ['user/alice', null],
      ['user/bob', null],
      ['role/admin', 'critical'],
    ])
  })

  test('who comes to nobody that is known, or to more by themselves, comes to the power itself', () => {
    const ways = [
      escalation(['user/alice'], [step('user/alice', 'iam:PutUserPolicy', 'user/alice')]),
      escalation(['user/bob'], [step('user/bob', 'iam:CreateLoginProfile', null)], {
        class: 'takes-over-identity',
      }),
    ]
    expect(arrowsOf(diffOf({ escalations: ways }))).toEqual([
      'user/alice → administrator: comes to, part',
      'user/bob → somebody else: comes to, part',
    ])
  })

  test('who is let in from outside is drawn as outside', () => {
    const way = escalation(['account:444455556666'], [], {
      kind: 'assume',
      target: arn('role/a'),
      severity: 'high',
    })
    const { nodes, edges } = graphOfAccess(diffOf({ escalations: [way] }), account)
    expect(nodes.map(({ id, place, severity }) => [id, place, severity])).toEqual([
      ['account:444455556666', 'outside', null],
      [arn('role/a'), 'inside', 'high'],
    ])
    expect(edges.map(({ kind, change }) => [kind, change])).toEqual([['assumes', 'gained']])
  })

  test('of policies it is whoever holds them', () => {
    const way = escalation([], [], { target: null })
    expect(graphOfAccess(diffOf({ escalations: [way] }), null).nodes.map(({ label }) => label)).toEqual([
      'whoever holds it',
      'administrator',
    ])
  })

  test('of policies whoever holds them takes the steps that are told of an example', () => {
    const way = escalation([], [step('user/example', 'iam:PutUserPolicy', 'user/example')])
    const gained = [entry({ actions: ['iam:PutUserPolicy'] })]
    expect(arrowsOf(diffOf({ escalations: [way], gained }))).toEqual([
      'whoever holds it → administrator: comes to, gained',
    ])
  })

  test('two roles of one name are told apart by their paths', () => {
    const diff = diffOf({
      gained: [assuming('user/alice', [], 'role/new/fn')],
      lost: [assuming('user/alice', [], 'role/old/fn')],
    })
    expect(graphOfAccess(diff, account).nodes.map(({ label }) => label)).toEqual([
      'user/alice',
      'role/new/fn',
      'role/old/fn',
    ])
  })
})
