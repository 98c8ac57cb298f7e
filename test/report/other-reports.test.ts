import { describe, expect, test } from 'vitest'
import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { CheckResult } from '../../src/checks/check-result.ts'
import { errorOf, warningOf } from '../../src/diagnostics/index.ts'
import { REPORT_KINDS } from '../../src/kinds/report.ts'
import type { PlacedDocument, PolicyDocument } from '../../src/model/index.ts'
import { type Answer, evaluationJson, evaluationText } from '../../src/report/decisions/evaluation.ts'
import { testDiagnostic, testJson, testText } from '../../src/report/decisions/test-report.ts'
import { diagnosticsText, jsonDocument } from '../../src/report/diagnostics-report.ts'
import { type AppliedEntry, historyJson, historyText } from '../../src/report/history.ts'
import { type ApplyReport, applyJson, applyText } from '../../src/report/plans/apply-report.ts'
import { spanOf, texts, YAML } from './samples.ts'

const account = { id: '111122223333', name: 'production' }

describe('apply', () => {
  const step = (operation: string, name: string, status: 'done' | 'failed' | 'skipped') => ({
    operation,
    input: { UserName: name },
    status,
    error:
      status === 'failed'
        ? { code: 'LimitExceeded', message: 'Cannot exceed quota for UsersPerAccount: 5000' }
        : null,
  })
  const base: ApplyReport = {
    account,
    digest: 'sha256:00',
    commit: '0123456789abcdef0123456789abcdef01234567',
    dirty: false,
    steps: [step('CreateUser', 'alice', 'done')],
    verified: true,
  }
  const failed: ApplyReport = {
    ...base,
    steps: [
      step('CreateUser', 'alice', 'done'),
      step('CreateUser', 'bob\u0007', 'failed'),
      ...Array.from({ length: 12 }, (_, i) => step('AttachUserPolicy', `user-${i}`, 'skipped')),
    ],
    verified: false,
  }

  test('success is one line', () => {
    expect(applyText(base, REPORT_KINDS)).toBe('production: 1 step done; verified: a second plan is empty')
  })
  test('failures come with their reasons, skipped steps after them', async () => {
    await expect(applyText(failed, REPORT_KINDS)).toMatchFileSnapshot('golden/apply-failed.txt')
  })
  test('an apply that a second plan does not confirm says so', () => {
    expect(applyText({ ...base, verified: false }, REPORT_KINDS)).toContain(
      'not verified: a second plan is not empty',
    )
  })
  test('JSON has the documented shape', () => {
    expect(applyJson(failed)).toMatchObject({
      account,
      digest: 'sha256:00',
      commit: base.commit,
      dirty: false,
      summary: { done: 1, failed: 1, skipped: 12 },
      verified: false,
    })
    expect(Object.keys(applyJson(base))).toEqual([
      'account',
      'digest',
      'commit',
      'dirty',
      'steps',
      'summary',
      'verified',
    ])
  })
})

describe('history', () => {
  const entry = (over: Partial<AppliedEntry>): AppliedEntry => ({
    id: 'a1',
    time: '2026-03-01T09:00:00.000Z',
    account,
    commit: '0123456789abcdef0123456789abcdef01234567',
    dirty: false,
    actor: 'alice@laptop',
    digest: 'sha256:00',
    summary: { done: 12, failed: 0, skipped: 0 },
    outcome: 'complete',
    reason: null,
    ...over,
  })
  test('one line for each apply, in columns', async () => {
    await expect(
      historyText([
        entry({ outcome: 'interrupted', dirty: true, actor: 'b\u001b]0;x\u0007@host' }),
        entry({ outcome: 'partial', summary: { done: 3, failed: 1, skipped: 8 }, commit: null, dirty: null }),
        entry({}),
      ]),
    ).toMatchFileSnapshot('golden/history.txt')
  })
  test('nothing of an entry reaches the terminal as it is', () => {
    const odd = '\u001b[31m\n2027-01-01' as never
    const line = historyText([entry({ time: odd, outcome: odd, actor: odd, commit: odd, reason: odd })])
    expect(line).not.toMatch(/[\u0000-\u001f]/)
  })
  test('nothing applied yet', () => {
    expect(historyText([])).toBe('nothing has been applied yet')
  })
  test('JSON has the documented keys', () => {
    expect(Object.keys(historyJson(entry({})))).toEqual([
      'id',
      'time',
      'account',
      'commit',
      'dirty',
      'actor',
      'digest',
      'summary',
      'outcome',
      'reason',
    ])
  })
})

const request = {
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::acme-data/x',
  context: new Map([
    ['aws:SourceIp', ['10.0.0.1']],
    ['aws:TagKeys', ['a', 'b']],
  ]),
}

describe('tests', () => {
  const result = (over: Partial<CheckResult>): CheckResult => ({
    kind: 'test',
    name: 'nobody deletes production data',
    result: 'pass',
    expected: 'deny',
    actual: 'explicit_deny',
    witness: null,
    violations: [],
    why: null,
    span: spanOf('nobody deletes production data'),
    ...over,
  })
  const results = [
    result({}),
    result({ result: 'fail', actual: 'allow', witness: request }),
    result({ result: 'unknown', actual: null, why: 'the trust policy decides' }),
  ]

  test('failures show the request that is not as expected', async () => {
    await expect(testText(results, texts, { color: false, show: 'all' })).toMatchFileSnapshot(
      'golden/tests.txt',
    )
    expect(testText(results.slice(0, 1), texts, { color: false, show: 'failures' })).toBe('1 test passed')
    expect(testText([], texts, { color: false, show: 'all' })).toBe('no tests')
  })
  test('JSON has the documented shape, with a witness that `evaluate --batch` takes', () => {
    expect(results.map((each) => testJson(each, texts))[1]).toEqual({
      kind: 'test',
      name: 'nobody deletes production data',
      result: 'fail',
      expected: 'deny',
      actual: 'allow',
      witness: {
        principal: request.principal,
        action: request.action,
        resource: request.resource,
        context: { 'aws:SourceIp': '10.0.0.1', 'aws:TagKeys': ['a', 'b'] },
      },
      file: 'team/people.yaml',
      line: 17,
    })
  })
  const levels = { permissions: 0, write: 0, tagging: 0, read: 1, list: 0 }
  const violation = (principal: string): AccessEntry => ({
    kind: 'action',
    principals: [principal],
    actions: ['s3:GetObject'],
    levels,
    resources: ['*'],
    notResources: [],
    conditions: {},
    witness: { ...request, principal },
    via: [],
    tier: 'typed',
    source: spanOf('Sid: Ci'),
    policy: 'inline:ci',
    sid: 'Ci',
    because: null,
    isPotential: false,
  })
  const invariant = (over: Partial<CheckResult>) =>
    result({ kind: 'invariant', name: 'nobody else reads', actual: null, ...over })
  const invariants = [
    invariant({}),
    invariant({
      result: 'fail',
      actual: 'allow',
      witness: request,
      violations: Array.from({ length: 7 }, (_, index) =>
        violation(`arn:aws:iam::111122223333:user/u${index}`),
      ),
    }),
    invariant({ result: 'unknown', why: 'it would take too long to decide' }),
  ]

  test('of an invariant, who breaks it and by which statement', async () => {
    await expect(
      testText([...results.slice(0, 1), ...invariants], texts, { color: false, show: 'all' }),
    ).toMatchFileSnapshot('golden/invariants.txt')
    expect(testText(invariants.slice(0, 1), texts, { color: false, show: 'failures' })).toBe(
      '1 invariant passed',
    )
    expect(testJson(invariants[1] as CheckResult, texts)).toMatchObject({
      kind: 'invariant',
      result: 'fail',
      expected: 'deny',
      actual: 'allow',
      witness: { principal: request.principal },
    })
    expect(invariants.slice(1).map((each) => testDiagnostic(each).code)).toEqual([
      'test.invariant-broken',
      'test.invariant-undecided',
    ])
  })
  test('as diagnostics of a plan', () => {
    expect(results.slice(1).map((each) => [testDiagnostic(each).code, testDiagnostic(each).message])).toEqual(
      [
        [
          'test.failed',
          'the test `nobody deletes production data` fails: expected deny, got allow: arn:aws:iam::111122223333:user/alice s3:GetObject arn:aws:s3:::acme-data/x',
        ],
        [
          'test.undecided',
          'the test `nobody deletes production data` could not be decided: the trust policy decides',
        ],
      ],
    )
  })
})

describe('evaluate', () => {
  const json: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Ci', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  }
  const start = YAML.indexOf('Sid: Ci')
  const end = YAML.indexOf('policies:\n')
  const file = 'team/people.yaml'
  const statement = { kind: 'map', entries: [], file, start, end } as const
  const placed: PlacedDocument = {
    json,
    located: {
      kind: 'map',
      file,
      start,
      end,
      entries: [
        {
          key: 'Statement',
          keySpan: { file, start, end },
          value: { kind: 'list', items: [statement], file, start, end },
        },
      ],
    },
  }
  const explained = (over: Partial<Answer>): Answer => ({
    request,
    decision: 'allow',
    note: null,
    reasons: [
      { layer: 'identity', policy: 'inline:ci', effect: 'Allow', sid: 'Ci', statement: 0, document: placed },
      {
        layer: 'identity',
        policy: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        effect: 'Allow',
        sid: null,
        statement: 0,
        document: {
          json: { Statement: { Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: '*' } },
          located: null,
        },
      },
    ],
    ...over,
  })

  test('names policy, statement, file and line, with the statement itself', async () => {
    await expect(evaluationText(explained({}), texts)).toMatchFileSnapshot('golden/evaluate-allow.txt')
  })
  test('an implicit deny names the layers that did not allow', async () => {
    const denied = explained({
      decision: 'implicit_deny',
      reasons: [
        {
          layer: 'boundary',
          policy: 'arn:aws:iam::111122223333:policy/b',
          effect: 'Allow',
          sid: null,
          statement: null,
          document: null,
        },
      ],
    })
    await expect(evaluationText(denied, texts)).toMatchFileSnapshot('golden/evaluate-boundary.txt')
    expect(evaluationText(explained({ decision: 'implicit_deny', reasons: [] }), texts)).toContain(
      'no policy of this principal speaks of it',
    )
  })
  test('JSON has the documented shape', () => {
    expect(evaluationJson(explained({}), texts)).toEqual({
      decision: 'allow',
      reasons: [
        { layer: 'identity', policy: 'inline:ci', sid: 'Ci', effect: 'Allow', file, line: 10 },
        {
          layer: 'identity',
          policy: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
          sid: null,
          effect: 'Allow',
          file: null,
          line: null,
        },
      ],
    })
  })
})

describe('diagnostics', () => {
  const problems = [
    errorOf({ code: 'a.b', message: 'no `x`', help: 'write `y`', span: spanOf('alice') }),
    warningOf({ code: 'c.d', message: 'odd' }),
  ]
  test('all of them, and how many', async () => {
    await expect(diagnosticsText(problems, texts)).toMatchFileSnapshot('golden/diagnostics.txt')
    expect(diagnosticsText([], texts)).toBe('')
  })
  test('a document of `validate --json` has just two keys', () => {
    expect(Object.keys(jsonDocument({}, problems, texts))).toEqual(['formatVersion', 'diagnostics'])
  })
})
