// What an entry tells beside its statement: what was allowed before and is after, and a request in between.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { beforeAll, describe, expect, it, test } from 'vitest'
import type { AccessDiff } from '../../../src/access/access-diff.ts'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import { type BatchEvaluator, createBatchEvaluator } from '../../../src/evaluator/batch/batch.ts'
import type { PolicyDocument, PolicyStatement } from '../../../src/model/index.ts'
import { differenceText } from '../../../src/report/access/access-difference.ts'
import { requestJson } from '../../../src/report/decisions/test-report.ts'
import { accountOf, document, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, inline, one, withUser } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
let batch: BatchEvaluator
beforeAll(async () => {
  batch = await createBatchEvaluator()
})

const on = (
  Resource: string | readonly string[],
  Condition?: PolicyStatement['Condition'],
  Effect: PolicyStatement['Effect'] = 'Allow',
): PolicyStatement => ({
  Effect,
  Action: 's3:GetObject',
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
})

const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
const OFFICE = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }

const compared = (before: readonly PolicyStatement[], after: readonly PolicyStatement[]): AccessDiff =>
  analysis().analyzer.diffPolicies(
    { json: document(...before), located: null },
    { json: document(...after), located: null },
  )

const only = (entries: readonly AccessEntry[]): AccessEntry => {
  const [first, second] = entries
  if (first === undefined || second !== undefined) throw new Error(`${entries.length} entries`)
  return first
}

/** The line of an entry as people read it. */
const said = (diff: AccessDiff): string => {
  const direction = diff.gained.length > 0 ? 'gained' : 'lost'
  const { on: where, when, other } = differenceText(only(diff[direction]), direction, null)
  return [where, when, other].filter((part) => part !== '').join(' ')
}

const data = 'arn:aws:s3:::data/*'
const curated = 'arn:aws:s3:::data/curated/*'

describe('the difference is said, not the statement', () => {
  test.each<[string, readonly PolicyStatement[], readonly PolicyStatement[], string]>([
    ['narrowed', [on(data)], [on(curated)], `lost on ${data} except ${curated}`],
    ['widened', [on(curated)], [on(data)], `gained on ${data} (before: only on ${curated})`],
    [
      'narrowed to several',
      [on('*')],
      [on([curated, 'arn:aws:s3:::logs/*'])],
      `lost on * except ${curated}, arn:aws:s3:::logs/*`,
    ],
    ['new altogether', [], [on(data)], `on ${data}`],
    ['elsewhere', [on('arn:aws:s3:::logs/*')], [on('arn:aws:s3:::logs/*'), on(data)], `on ${data}`],
    [
      'a second factor dropped',
      [on('*', MFA)],
      [on('*')],
      'on * gained without MFA (before: only when aws:MultiFactorAuthPresent = true)',
    ],
    [
      'a second factor asked for',
      [on('*')],
      [on('*', MFA)],
      'on * lost without MFA (now: only when aws:MultiFactorAuthPresent = true)',
    ],
    [
      'one of two conditions dropped',
      [on(data, { ...MFA, ...OFFICE })],
      [on(data, OFFICE)],
      `on ${data} when aws:SourceIp in 10.0.0.0/8 gained without MFA (before: only when aws:MultiFactorAuthPresent = true)`,
    ],
    [
      'a condition dropped that has no word',
      [on(data, OFFICE)],
      [on(data)],
      `gained on ${data} (before: only when aws:SourceIp in 10.0.0.0/8)`,
    ],
    [
      'both at once',
      [on(curated, MFA)],
      [on(data)],
      `on ${data} gained without MFA (before: only on ${curated} when aws:MultiFactorAuthPresent = true)`,
    ],
    ['denied in part', [on('*')], [on('*'), on(curated, undefined, 'Deny')], `lost on ${curated}`],
    ['no longer denied', [on(data), on(curated, undefined, 'Deny')], [on(data)], `gained on ${curated}`],
    [
      'granted with an exception',
      [on(curated)],
      [on(data), on('arn:aws:s3:::data/raw/*', undefined, 'Deny')],
      `gained on ${data} except arn:aws:s3:::data/raw/* (before: only on ${curated})`,
    ],
    [
      'ended',
      [on(data)],
      [on(data, { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } })],
      `lost on ${data} (now: only when aws:CurrentTime before 2020-01-01T00:00:00Z, which is past)`,
    ],
  ])('%s', (_, before, after, expected) => {
    expect(said(compared(before, after))).toBe(expected)
  })

  it('of some of its actions alone, by their names', () => {
    const diff = compared([on(data)], [{ ...on(data), Action: 's3:*', Resource: '*' }])
    const entry = only(diff.gained.filter(({ tier }) => tier === 'typed'))
    expect(entry.before).toEqual({
      resources: [data],
      notResources: [],
      conditions: {},
      actions: ['s3:GetObject'],
    })
    expect(differenceText(entry, 'gained', null).other).toBe('(before: GetObject in part)')
  })

  it('both sides in JSON, null where nothing was allowed', () => {
    const area = (resource: string) => ({ resources: [resource], notResources: [], conditions: {} })
    expect(only(compared([on(data)], [on(curated)]).lost)).toMatchObject({
      before: area(data),
      after: area(curated),
    })
    expect(only(compared([], [on(data)]).gained)).toMatchObject({ before: null, after: area(data) })
    expect(only(compared([on('*')], [on('*'), on(curated, undefined, 'Deny')]).lost).after).toEqual({
      ...area('*'),
      except: [area(curated)],
    })
  })

  it('a grant that has ended, for a loss as for a gain', () => {
    const ended = on(data, { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } })
    expect(only(compared([], [ended]).gained).ended).toBe('2020-01-01T00:00:00Z')
    expect(only(compared([ended], []).lost).ended).toBe('2020-01-01T00:00:00Z')
    const lasting = on(data, { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } })
    expect(only(compared([], [lasting]).gained)).not.toHaveProperty('ended')
    const either = { 'aws:CurrentTime': ['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z'] }
    expect(only(compared([], [on(data, { DateLessThan: either })]).gained)).not.toHaveProperty('ended')
  })
})

describe('the request lies in the difference', () => {
  const decide = (entry: AccessEntry, policy: PolicyDocument) => {
    const [answer] = batch.answer([
      JSON.stringify({ id: 'one', request: requestJson(entry.witness), policies: { identity: [policy] } }),
    ])
    return JSON.parse(answer?.json ?? '').decision
  }

  test.each<[string, readonly PolicyStatement[], readonly PolicyStatement[]]>([
    ['narrowed', [on(data)], [on(curated)]],
    ['without a second factor', [on('*', MFA)], [on('*')]],
    ['elsewhere than in the office', [on(data, { ...MFA, ...OFFICE })], [on(data, MFA)]],
    ['denied in part', [on('*')], [on('*'), on(curated, undefined, 'Deny')]],
  ])('%s', (_, before, after) => {
    const diff = compared(before, after)
    for (const [entries, allowing, denying] of [
      [diff.gained, after, before],
      [diff.lost, before, after],
    ] as const)
      for (const entry of entries) {
        expect(decide(entry, document(...allowing))).toBe('allow')
        expect(decide(entry, document(...denying))).toMatch(/deny/)
      }
  })

  it('and is one of the statement, whatever others allow', () => {
    const { gained } = compared([], [on('*', MFA), on('*')])
    const asking = gained.find(({ conditions }) => Object.keys(conditions).length > 0)
    expect(asking?.witness.context.get('aws:MultiFactorAuthPresent')).toEqual(['true'])
  })

  it('and has no keys that it could do without', () => {
    const { witness } = only(compared([on('*', MFA)], [on('*')]).gained)
    expect([...witness.context.keys()]).toEqual([])
  })
})

describe('values of whoever it is', () => {
  const own = document({
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::data/${aws:PrincipalTag/team}/*',
  })
  const tagged = (team: string) => ({ tags: new Map([['team', team]]), ...inline(own) })
  const world = accountOf(HOME, { al: {}, bo: {} })

  it('a tag that changes is told with both values, and put in', () => {
    const diff = analysis().diff(
      one(withUser(world, 'al', tagged('red'))),
      one(withUser(world, 'al', tagged('blue'))),
    )
    const gained = only(diff.gained)
    expect(gained.values).toEqual({ 'aws:PrincipalTag/team': { before: ['red'], after: ['blue'] } })
    expect(gained.after?.resources).toEqual(['arn:aws:s3:::data/blue/*'])
    expect(only(diff.lost).before?.resources).toEqual(['arn:aws:s3:::data/red/*'])
  })

  it('of each its own, where two are alike in the statement', () => {
    const team = document({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: data,
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
    })
    const both = (al: string, bo: string) =>
      one(
        withUser(withUser(world, 'al', { tags: new Map([['team', al]]), ...inline(team) }), 'bo', {
          tags: new Map([['team', bo]]),
          ...inline(team),
        }),
      )
    const { lost } = analysis().diff(both('red', 'red'), both('blue', 'green'))
    expect(lost.map(({ principals, values }) => [principals.length, values])).toEqual([
      [1, { 'aws:PrincipalTag/team': { before: ['red'], after: ['blue'] } }],
      [1, { 'aws:PrincipalTag/team': { before: ['red'], after: ['green'] } }],
    ])
  })

  it('a variable that stands for the same as before stays as it is written', () => {
    const diff = analysis().diff(
      one(withUser(world, 'al', { tags: new Map([['team', 'red']]) })),
      one(withUser(world, 'al', tagged('red'))),
    )
    expect(only(diff.gained)).not.toHaveProperty('values')
    expect(only(diff.gained).after?.resources).toEqual(['arn:aws:s3:::data/${aws:PrincipalTag/team}/*'])
  })
})
