import { describe, expect, test } from 'vitest'
import type { AccessDiff } from '../../src/access/access-diff.ts'
import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { AccessLevel } from '../../src/catalog/actions.ts'
import { accessJson, proofJson } from '../../src/report/access/access-json.ts'
import type { AccessContext } from '../../src/report/access/access-page.ts'
import { accessText } from '../../src/report/access/access-text.ts'
import { conditionsText } from '../../src/report/decisions/conditions-text.ts'
import { proofText } from '../../src/report/decisions/proof-text.ts'
import { spanOf, texts } from './samples.ts'

const arn = (resource: string) => `arn:aws:iam::111122223333:${resource}`

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  PutRolePolicy: 'permissions',
  AttachRolePolicy: 'permissions',
  PassRole: 'write',
  PutObject: 'write',
  TagResource: 'tagging',
  GetObject: 'read',
  ListBucket: 'list',
}
const levelOf = (action: string): AccessLevel | null => LEVELS[action.split(':')[1] ?? ''] ?? null

const context: AccessContext = {
  account: { id: '111122223333', partition: 'aws' },
  levelOf,
  serviceCount: 400,
  catalogDate: '2026-09-26',
  members: {
    gained: new Map([
      ['developers', [arn('user/alice'), arn('user/bob'), arn('user/team/carol')]],
      ['one', [arn('user/alice')]],
    ]),
    lost: new Map(),
  },
  fresh: { gained: new Set([arn('role/busy')]), lost: new Set() },
}

const none = { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 }

function entry(
  principals: readonly string[],
  actions: readonly string[],
  over: Partial<AccessEntry> = {},
): AccessEntry {
  const levels = { ...none }
  for (const action of actions) levels[levelOf(action) ?? 'write']++
  return {
    kind: 'action',
    principals,
    actions,
    levels,
    resources: ['*'],
    notResources: [],
    conditions: {},
    witness: {
      principal: principals[0] ?? 'arn:aws:iam::123456789012:user/example',
      action: actions[0] ?? '',
      resource: 'arn:aws:s3:::acme-data/example',
      context: new Map(),
    },
    via: [],
    tier: 'typed',
    source: spanOf('Sid: Ci'),
    policy: arn('policy/payments'),
    sid: 'Ci',
    because: null,
    isPotential: false,
    ...over,
  }
}

const passing = entry([arn('role/ci')], ['iam:AttachRolePolicy', 'iam:PassRole', 'iam:PutRolePolicy'], {
  resources: [arn('role/prod-*')],
  conditions: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } },
  witness: {
    principal: arn('role/ci'),
    action: 'iam:PassRole',
    resource: arn('role/prod-example'),
    context: new Map([['iam:PassedToService', ['ec2.amazonaws.com']]]),
  },
})
const publicRead = entry(['anonymous'], ['s3:GetObject'], {
  policy: 'arn:aws:s3:::acme-data',
  resources: ['arn:aws:s3:::acme-data/*'],
  witness: {
    principal: '*',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::acme-data/x',
    context: new Map(),
  },
})
const developers = [arn('user/alice'), arn('user/bob'), arn('user/team/carol')]

const POWER = { weight: 70, severity: 'high', target: null, targets: [], path: [] } as const

const diff: AccessDiff = {
  verdict: 'unknown',
  gained: [
    passing,
    publicRead,
    entry(developers, ['s3:GetObject', 's3:ListBucket', 's3:PutObject', 'sqs:TagResource'], {
      resources: ['arn:aws:s3:::a', 'arn:aws:s3:::b', 'arn:aws:s3:::c', 'arn:aws:s3:::d', 'arn:aws:s3:::e'],
      conditions: {
        StringLike: { 'aws:PrincipalTag/team': ['pay*', 'bill*', 'ship*', 'track*'] },
        Bool: { 'aws:SecureTransport': ['true'] },
      },
    }),
    entry([...developers, arn('role/app')], ['kms:Decrypt'], {
      resources: [],
      notResources: ['arn:aws:kms:*:111122223333:key/secret'],
      witness: {
        principal: arn('user/bob'),
        action: 'kms:Decrypt',
        resource: 'arn:aws:kms:eu-west-1:111122223333:key/k',
        context: new Map([
          ['kms:ViaService', ['s3.eu-west-1.amazonaws.com']],
          ['aws:TagKeys', ['a', 'b']],
        ]),
      },
      isPotential: true,
      source: null,
      policy: 'arn:aws:iam::aws:policy/PowerUserAccess',
      sid: null,
    }),
    entry(['account:444455556666', 'service:lambda.amazonaws.com'], ['sts:AssumeRole'], {
      kind: 'assume',
      resources: [arn('role/deploy')],
      via: ['arn:aws:iam::444455556666:role/hop', arn('role/ci')],
      policy: arn('role/deploy'),
    }),
    // The same line of somebody else, which is one line of both.
    entry([arn('user/dora')], ['s3:GetObject'], { tier: 'pattern', sid: null }),
    entry([arn('user/emil')], ['s3:GetObject'], { tier: 'pattern', sid: null }),
    ...Array.from({ length: 16 }, (_, index) =>
      entry([arn('role/busy')], index % 2 === 0 ? ['s3:PutObject', 's3:GetObject'] : [`sqs:Do${index}`], {
        resources: [`arn:aws:s3:::bucket-${index}`],
      }),
    ),
    entry([arn('role/y')], ['s3:Get*'], { tier: 'future', resources: ['arn:aws:s3:::acme-data/*'] }),
  ],
  lost: [
    entry([arn('user/alice')], ['s3:GetObject'], {
      because: {
        cause: 'deny',
        change: 'added',
        policy: arn('policy/no'),
        sid: 'NoProd',
        source: spanOf('deploy:'),
      },
      source: null,
      policy: 'inline:own',
    }),
    entry([arn('root')], ['s3:PutObject\u001b[31m'], {
      because: { cause: 'boundary', change: 'added', policy: null, sid: null, source: null },
    }),
    entry([arn('role/y')], ['sqs:*'], { tier: 'future' }),
  ],
  unknown: [
    {
      principals: [arn('role/x')],
      direction: 'gained',
      reason: 'budget',
      policy: arn('policy/odd'),
      sid: 'Odd',
      source: spanOf('payments:'),
    },
    {
      principals: [arn('role/x'), arn('role/z')],
      direction: 'lost',
      reason: 'variables',
      policy: 'inline:own',
      sid: null,
      source: null,
    },
  ],
  escalations: [
    {
      ...passing,
      ...POWER,
      rule: 'pass-role',
      class: 'runs-code-as-role',
      why: 'can give `role/prod-*` to a machine that it controls',
    },
    {
      ...passing,
      ...POWER,
      rule: 'permissions-management',
      class: 'changes-permissions',
      why: 'can give itself more permissions',
    },
    {
      ...publicRead,
      ...POWER,
      weight: 90,
      severity: 'critical',
      rule: 'public',
      class: 'lets-outsiders-in',
      why: 'anybody on the internet may',
    },
  ],
}

describe('the text of access changes', () => {
  test('is read top to bottom: escalations, gains, losses, future actions, what is unknown', async () => {
    await expect(accessText(diff, texts, context)).toMatchFileSnapshot('golden/access.txt')
  })

  test('in colour, which is all that colour changes', async () => {
    const text = accessText(diff, texts, context, { color: true })
    await expect(text.replaceAll('\u001b', '<ESC>')).toMatchFileSnapshot('golden/access-color.txt')
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(accessText(diff, texts, context))
  })

  test('no control character reaches the terminal', () => {
    expect(accessText(diff, texts, context)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  test('without changes it is one line', () => {
    const unchanged: AccessDiff = { verdict: 'none', gained: [], lost: [], unknown: [], escalations: [] }
    expect(accessText(unchanged, texts, context)).toBe(
      'access: no changes  (resource policies that are not declared here are not looked at)',
    )
  })

  test('of policies that anybody may hold there are no principals', () => {
    const ofFiles: AccessDiff = {
      verdict: 'gained',
      gained: [entry([], ['s3:GetObject'])],
      lost: [],
      unknown: [],
      escalations: [],
    }
    expect(accessText(ofFiles, texts, { ...context, account: null })).toMatch(
      /^access: gained\n\n\+ whoever holds it\n {4}s3 {2}read 1 \(GetObject\)\n/,
    )
  })

  test('an escalation that was lost is a loss', () => {
    const text = accessText(
      {
        ...diff,
        verdict: 'lost',
        gained: [],
        lost: [passing],
        unknown: [],
        escalations: diff.escalations.slice(0, 1),
      },
      texts,
      context,
    )
    expect(text).toContain('escalation\n- role/ci')
    expect(text.match(/role\/ci/g)).toHaveLength(1)
  })
})

test('what does not hold for many says at the top for how many', () => {
  const many = Array.from({ length: 12 }, (_, index) => arn(`user/u${index}`))
  const proofOf = (principals: readonly string[]) => ({
    claim: 'nobody may s3:GetObject',
    proof: { holds: false as const, violations: [entry(principals, ['s3:GetObject'])], unknown: [] },
  })
  const [first] = proofText([proofOf(many)], texts, context).split('\n')
  expect(first).toBe('FAIL     nobody may s3:GetObject (12 principals)')
  expect(proofText([proofOf(many.slice(0, 3))], texts, context)).toMatch(/^FAIL {5}nobody may s3:GetObject\n/)
})

describe('conditions', () => {
  test.each([
    ['StringEquals', ['a', 'b'], 'k = a or b'],
    ['StringNotEquals', ['a'], 'k not = a'],
    ['StringEqualsIfExists', ['a'], 'k = a (if present)'],
    ['ForAllValues:StringLike', ['a*'], 'every k like a*'],
    [
      'ForAnyValue:StringEqualsIfExists',
      ['a', 'b', 'c', 'd', 'e'],
      'any k = a or b or c or 2 more (if present)',
    ],
    ['stringequals', [''], 'k = ""'],
    ['Null', ['true'], 'k absent'],
    ['Null', ['false'], 'k present'],
    ['IpAddress', ['10.0.0.0/8'], 'k in 10.0.0.0/8'],
    ['NotIpAddress', ['10.0.0.0/8'], 'k not in 10.0.0.0/8'],
    ['NumericLessThanEquals', ['3600'], 'k <= 3600'],
    ['DateGreaterThan', ['2026-01-01T00:00:00Z'], 'k after 2026-01-01T00:00:00Z'],
    ['ArnNotEquals', ['arn:*'], 'k not like arn:*'],
    ['StringEquals', [], 'k = nothing'],
  ])('%s %j', (operator, values, text) => {
    expect(conditionsText({ [operator]: { k: values } })).toBe(text)
  })
})

describe('the JSON of access changes', () => {
  const json = JSON.parse(JSON.stringify(accessJson(diff, texts)))

  test('has the documented keys, in order', () => {
    expect(Object.keys(json)).toEqual(['verdict', 'gained', 'lost', 'unknown', 'escalations'])
    const keys = [
      'kind',
      'principals',
      'actions',
      'levels',
      'resources',
      'notResources',
      'conditions',
      'witness',
      'via',
      'tier',
      'source',
      'policy',
      'sid',
      'because',
      'potential',
    ]
    for (const each of [...json.gained, ...json.lost]) {
      expect(Object.keys(each)).toEqual(keys)
      expect(Object.keys(each.levels)).toEqual(['permissions', 'write', 'tagging', 'read', 'list'])
      expect(Object.keys(each.witness)).toEqual(['principal', 'action', 'resource', 'context'])
    }
    for (const each of json.escalations)
      expect(Object.keys(each)).toEqual([
        ...keys,
        'rule',
        'class',
        'severity',
        'weight',
        'target',
        'targets',
        'path',
        'why',
      ])
    for (const each of json.unknown)
      expect(Object.keys(each)).toEqual([
        'principals',
        'direction',
        'reason',
        'rule',
        'source',
        'policy',
        'sid',
      ])
  })

  test('names files and lines', () => {
    expect(json.gained[0]).toMatchObject({
      source: { file: 'team/people.yaml', line: 10 },
      witness: { context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    })
    expect(json.lost[0]).toMatchObject({
      source: null,
      because: {
        cause: 'deny',
        change: 'added',
        sid: 'NoProd',
        source: { file: 'team/people.yaml', line: 6 },
      },
    })
  })

  test('of a proof has what a check says', () => {
    expect(
      proofJson({ holds: 'unknown', violations: diff.gained.slice(0, 1), unknown: diff.unknown }, texts),
    ).toEqual({ holds: 'unknown', violations: json.gained.slice(0, 1), unknown: json.unknown })
  })
})

describe('what is read', () => {
  const alone = (over: Partial<AccessDiff>): AccessDiff => ({
    verdict: 'none',
    gained: [],
    lost: [],
    unknown: [],
    escalations: [],
    ...over,
  })

  test('who may come to more power than is known is no quiet change', () => {
    const unknown = diff.unknown.slice(0, 1).map((each) => ({ ...each, principals: [arn('user/eve')] }))
    const open = alone({ unknownEscalations: unknown })
    const text = accessText(open, texts, context)
    expect(text).not.toContain('access: no changes ')
    expect(text).toContain('user/eve')
    expect(accessJson(open, texts)).toMatchObject({ unknownEscalations: [{ principals: [arn('user/eve')] }] })
    expect(accessJson(alone({}), texts)).not.toHaveProperty('unknownEscalations')
  })

  test('a role that somebody may no longer assume is none that they may', () => {
    const assumed = entry([arn('user/alice')], ['sts:AssumeRole'], {
      kind: 'assume',
      resources: [arn('role/deploy')],
    })
    const lost = accessText(alone({ verdict: 'lost', lost: [assumed] }), texts, context)
    expect(lost).toContain('may no longer assume role/deploy')
    const gained = accessText(alone({ verdict: 'gained', gained: [assumed] }), texts, context)
    expect(gained).toContain('may assume role/deploy')
  })

  test('a policy of AWS whose statement is called as it is stands there once', () => {
    const named = entry([arn('user/alice')], ['s3:GetObject'], {
      source: null,
      policy: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
      sid: 'AmazonS3ReadOnlyAccess',
    })
    expect(accessText(alone({ verdict: 'gained', gained: [named] }), texts, context)).toMatch(
      /from AWS's AmazonS3ReadOnlyAccess$/m,
    )
  })
})
