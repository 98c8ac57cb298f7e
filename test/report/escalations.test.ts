import { describe, expect, test } from 'vitest'
import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { Escalation, EscalationReport, EscalationStep } from '../../src/access/escalation/escalation.ts'
import { escalationsJson } from '../../src/report/access/access-json.ts'
import type { AccessContext } from '../../src/report/access/access-page.ts'
import { accessText } from '../../src/report/access/access-text.ts'
import { toldEntries } from '../../src/report/escalations/escalations-laid.ts'
import { escalationsText } from '../../src/report/escalations/escalations-text.ts'
import { spanOf, texts } from './samples.ts'

const account = { id: '111122223333', partition: 'aws' } as const
const arn = (resource: string) => `arn:aws:iam::${account.id}:${resource}`
const context: AccessContext = {
  account,
  levelOf: () => 'write',
  serviceCount: 400,
  catalogDate: '2026-09-26',
  members: { gained: new Map(), lost: new Map() },
  fresh: { gained: new Set(), lost: new Set() },
}

const request = (principal: string, action: string, resource: string, context = {}) => ({
  principal,
  action,
  resource,
  context: new Map(Object.entries<readonly string[]>(context)),
})
const step = (
  actor: string,
  action: string,
  reaches: string,
  does: string,
  besides: EscalationStep['besides'] = [],
): EscalationStep => ({
  way: action,
  actor: arn(actor),
  does,
  reaches: arn(reaches),
  witness: request(arn(actor), action, arn(reaches)),
  besides,
})
const entry = (principals: readonly string[], actions: readonly string[]): AccessEntry => ({
  kind: 'action',
  principals: principals.map(arn),
  actions,
  levels: { permissions: 0, write: actions.length, tagging: 0, read: 0, list: 0 },
  resources: ['*'],
  notResources: [],
  conditions: {},
  witness: request(arn(principals[0] ?? ''), actions[0] ?? '', arn('group/admins')),
  via: [],
  tier: 'typed',
  source: spanOf('Sid: Ci'),
  policy: 'inline:helpdesk',
  sid: null,
  because: null,
  isPotential: false,
})
const [alice, bob, carl] = ['user/alice', 'user/bob', 'user/carl'] as const

const joins: Escalation = {
  ...entry([alice], ['iam:AddUserToGroup']),
  rule: 'permissions-management',
  class: 'administrator',
  weight: 95,
  severity: 'critical',
  target: arn('group/admins'),
  targets: [arn('group/admins')],
  path: [step(alice, 'iam:AddUserToGroup', 'group/admins', 'joins group/admins')],
  why: 'may become administrator: joins group/admins',
}
const chain: Escalation = {
  ...joins,
  ...entry([alice], ['iam:CreateAccessKey']),
  class: 'runs-code-as-role',
  rule: 'pass-role',
  weight: 70,
  severity: 'high',
  target: arn('role/deploy'),
  targets: [arn('role/deploy')],
  path: [
    step(alice, 'iam:CreateAccessKey', carl, 'takes an access key of user/carl'),
    step(carl, 'iam:PassRole', 'role/deploy', 'passes role/deploy to lambda (lambda:CreateFunction)', [
      request(arn(carl), 'lambda:CreateFunction', `arn:aws:lambda:us-east-1:${account.id}:function:x`),
    ]),
  ],
  why: 'may run code as role/deploy: takes an access key of user/carl, then passes role/deploy to lambda (lambda:CreateFunction)',
}
const unseen: Escalation = {
  ...chain,
  ...entry([bob], ['iam:CreateLoginProfile']),
  isPotential: true,
  class: 'takes-over-identity',
  weight: 55,
  severity: 'medium',
  target: null,
  targets: [],
  path: [
    {
      ...step(bob, 'iam:CreateLoginProfile', bob, "sets a password for any user that isn't declared here"),
      reaches: null,
    },
  ],
  why: "may act as somebody else: sets a password for any user that isn't declared here",
}
const report: EscalationReport = { holds: false, escalations: [joins, chain, unseen], unknown: [] }
const unknown = {
  principals: [arn('role/odd')],
  direction: 'gained',
  reason: 'document',
  policy: '',
  sid: null,
  source: null,
} as const
const named = { name: 'production', account }

describe('the text of all escalations', () => {
  test('the heaviest first, each step with its requests', async () => {
    await expect(escalationsText(report, named, texts, context)).toMatchFileSnapshot('golden/escalations.txt')
  })
  test('tags that somebody has given itself stand in its further requests, others that it brings along do not', () => {
    const assumed = step(alice, 'sts:AssumeRole', 'role/deploy', 'assumes role/deploy')
    const witness = { ...assumed.witness, context: new Map([['aws:PrincipalTag/admin', ['yes']]]) }
    const textOf = (...before: readonly EscalationStep[]) => {
      const path = [...before, { ...assumed, witness }]
      return escalationsText({ ...report, escalations: [{ ...joins, path }] }, named, texts, context)
    }
    const tagging = step(alice, 'iam:TagUser', alice, 'gives itself tags')
    expect(textOf(tagging)).toContain('sts:AssumeRole role/deploy  with aws:PrincipalTag/admin=yes')
    expect(textOf()).not.toContain('aws:PrincipalTag')
  })
  test('of one principal, and what is not known', () => {
    const text = escalationsText({ ...report, unknown: [unknown] }, named, texts, context, undefined, alice)
    expect(text).toContain('escalations of user/alice: 1 critical, 1 high, 1 medium, unknown for 1 principal')
    expect(text).toContain(
      '? role/odd  unknown, so it counts as gained: a policy is not known, or has no clear meaning',
    )
  })
  test.each([
    [true, 'escalations: none'],
    ['unknown', 'escalations: none that is known'],
  ] as const)('none: %s', (holds, line) => {
    const text = escalationsText({ holds, escalations: [], unknown: [] }, named, texts, context)
    expect(text.split('\n')).toContain(line)
  })
  test('beyond some they have a line each, and beyond many they are counted', () => {
    const many = { ...report, escalations: Array.from({ length: 230 }, () => joins) }
    const lines = escalationsText(many, named, texts, context).split('\n')
    expect(lines.filter((line) => line.startsWith('critical'))).toHaveLength(200)
    expect(lines.filter((line) => line.includes('[verified]'))).toHaveLength(25)
    expect(lines).toContain('… and 30 more; `--json` has everything')
  })
})

describe('the JSON of all escalations', () => {
  const json = JSON.parse(JSON.stringify(escalationsJson({ ...report, unknown: [unknown] }, texts)))
  test('each step has its witness', () => {
    expect(Object.keys(json)).toEqual(['escalations', 'unknown'])
    expect(Object.keys(json.escalations[1].path[1])).toEqual([
      'way',
      'actor',
      'does',
      'reaches',
      'witness',
      'besides',
    ])
    expect(json.escalations[1].path[1].besides[0].action).toBe('lambda:CreateFunction')
    expect(json.escalations[1].path.map(({ witness }: { readonly witness: object }) => witness)).toEqual([
      { principal: arn(alice), action: 'iam:CreateAccessKey', resource: arn(carl), context: {} },
      { principal: arn(carl), action: 'iam:PassRole', resource: arn('role/deploy'), context: {} },
    ])
  })
  test('what is potential has no target', () => {
    expect(json.escalations[2]).toMatchObject({ potential: true, target: null, targets: [] })
  })
})

describe('in a diff', () => {
  const helpdesk = ['iam:AddUserToGroup', 'iam:CreateAccessKey', 'iam:ListUsers']
  const diff = {
    verdict: 'gained',
    gained: [entry([alice, bob], helpdesk)],
    lost: [],
    unknown: [],
    escalations: [joins, chain],
  } as const
  test('they stand first, with the statement below, and the others have it further down', async () => {
    await expect(accessText(diff, texts, context)).toMatchFileSnapshot('golden/escalations-in-a-diff.txt')
  })
  test('every principal of an entry is told of once', () => {
    const { escalating, others } = toldEntries(diff.gained, diff.escalations)
    expect(escalating.map(({ principals }) => principals)).toEqual([[arn(alice)]])
    expect(others.map(({ principals }) => principals)).toEqual([[arn(bob)]])
  })
  test('an entry of another statement, or of other actions, stays where it is', () => {
    const other = { ...entry([alice], ['s3:GetObject']) }
    const elsewhere = { ...entry([alice], helpdesk), sid: 'Other' }
    expect(toldEntries([other, elsewhere], diff.escalations).others).toEqual([other, elsewhere])
  })
  test('a way through statements that were there before shows the one that begins it', () => {
    const text = accessText({ ...diff, verdict: 'none', gained: [] }, texts, context)
    expect(text).toContain('high: may run code as role/deploy')
    expect(text).toContain('iam  write 2 (AddUserToGroup, CreateAccessKey)')
  })
  test('what several can come to in the same way stands once', () => {
    const text = accessText(
      { ...diff, escalations: [joins, { ...joins, principals: [arn(bob)] }] },
      texts,
      context,
    )
    expect(text.match(/critical: /g)).toHaveLength(1)
    expect(text).toContain('+ user/alice, user/bob')
  })
  test('what somebody can come to by several statements stands once, with how many they are', () => {
    const byEach = ['A', 'B', 'C'].map((sid): Escalation => ({ ...joins, sid }))
    const gained = byEach.map(({ sid }) => ({ ...entry([alice], helpdesk), sid }))
    const text = accessText({ ...diff, gained, escalations: byEach }, texts, context)
    expect(text.match(/critical: .*/g)).toEqual([`critical: ${joins.why}, by 3 statements`])
  })
})
