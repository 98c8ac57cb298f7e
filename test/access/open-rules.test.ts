// What AWS's documentation leaves open is neither granted nor denied by an analysis.
import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import { accountOf, allow, deny, document, estateWith, HOME } from '../evaluator/estate-world.ts'
import { analysisForTests } from './estate-diffs.ts'

const analysis = analysisForTests()

const holding = (...statements: readonly PolicyStatement[]) =>
  estateWith([accountOf(HOME, { al: { policy: document(...statements) } })], null, [])

const nobodyMay = (estate: ReturnType<typeof holding>, action: string) =>
  analysis().analyzer.notGranted(estate, { actions: [action], resources: ['*'], context: new Map() }, [HOME])

const LISTED = { StringEquals: { 'aws:TagKeys': 'team' }, Null: { 'aws:RequestTag/other': 'false' } }

describe('a plain operator on a key of several values', () => {
  it('neither grants nor leaves it at that: rule 25', () => {
    const { holds, unknown } = nobodyMay(
      holding(allow('ec2:CreateTags', { Condition: LISTED })),
      'ec2:CreateTags',
    )
    expect(holds).toBe('unknown')
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '25']])
  })
  it('denies for sure where there is one value, and perhaps where there are several', () => {
    const estate = holding(
      allow('ec2:CreateTags', { Condition: { Null: { 'aws:RequestTag/other': 'false' } } }),
      deny('ec2:CreateTags', { Condition: { StringLike: { 'aws:TagKeys': '*' } } }),
    )
    expect(nobodyMay(estate, 'ec2:CreateTags').holds).toBe('unknown')
  })
  it('says nothing that is open of a key of one value', () => {
    const estate = holding(
      allow('s3:GetObject', { Condition: { StringEquals: { 'aws:RequestedRegion': 'x' } } }),
    )
    expect(nobodyMay(estate, 's3:GetObject').unknown).toEqual([])
  })
  it('is a gain that is not known when it is added, and a loss that is not known when it goes', () => {
    const [without, withIt] = [holding(), holding(allow('ec2:CreateTags', { Condition: LISTED }))]
    const of = (before: typeof without, after: typeof without) =>
      [...analysis().analyzer.diffEstates(before, after, [HOME]).values()].flatMap(({ unknown }) =>
        unknown.map(({ direction, reason, rule }) => [direction, reason, rule]),
      )
    expect(of(without, withIt)).toEqual([['gained', 'assumed', '25']])
    expect(of(withIt, without)).toEqual([['lost', 'assumed', '25']])
  })
})

describe('ForAnyValue with IfExists in a Deny', () => {
  const guarded = (extra: object) =>
    holding(
      allow('s3:PutObject'),
      deny('s3:PutObject', { Condition: { 'ForAnyValue:StringNotEqualsIfExists': { 'aws:TagKeys': 'a' } } }),
      ...(Object.keys(extra).length === 0 ? [] : [deny('s3:PutObject', extra)]),
    )
  it('is open where the key is missing: rule 24', () => {
    const estate = guarded({ Condition: { Null: { 'aws:TagKeys': 'false' } } })
    const { holds, unknown } = nobodyMay(estate, 's3:PutObject')
    expect(holds).toBe('unknown')
    expect(unknown.map(({ reason, rule }) => [reason, rule])).toEqual([['assumed', '24']])
  })
  it('takes nothing else down with it', () => {
    const { violations } = nobodyMay(guarded({}), 's3:PutObject')
    expect(violations.map(({ principals }) => principals)).toEqual([[`arn:aws:iam::${HOME}:user/al`]])
  })
})
