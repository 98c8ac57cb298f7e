// Where a trust policy asks for some tag, one is passed that decides nothing, if there is such.
import { describe, expect, it } from 'vitest'
import type { ConditionBlock } from '../../../src/model/index.ts'
import { accountOf, allow, document, grant, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, one } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const any = (...keys: readonly string[]): ConditionBlock => ({
  'ForAnyValue:StringEquals': { 'aws:TagKeys': keys },
})
const all = (...keys: readonly string[]): ConditionBlock => ({
  'ForAllValues:StringEquals': { 'aws:TagKeys': keys },
})

/** Whether sessions of the role have no tag `x`, by the analysis, whatever is passed. */
function proved(trust: ConditionBlock, grants: ConditionBlock, tags: Readonly<Record<string, string>>) {
  const assume = ['sts:AssumeRole', 'sts:TagSession'].map((action) =>
    grant({ AWS: `arn:aws:iam::${HOME}:user/al` }, action, { Condition: trust }),
  )
  const { holds, unknown } = analysis().analyzer.notGranted(
    one(
      accountOf(
        HOME,
        { al: {} },
        {
          app: {
            trust: document(...assume),
            policy: document(allow('s3:GetObject', { Condition: grants })),
            tags,
          },
        },
      ),
    ),
    { actions: ['s3:GetObject'], resources: ['*'], context: new Map() },
    [HOME],
  )
  expect(unknown).toEqual([])
  return holds
}

const without = (...keys: readonly string[]): ConditionBlock => ({
  Null: Object.fromEntries(keys.map((key) => [`aws:PrincipalTag/${key}`, 'true'])),
})
/** That a tag is there with this very value. */
const tagged = (value: string): ConditionBlock => ({ StringEquals: { 'aws:PrincipalTag/x': value } })

describe.each([{ y: '' }, { y: 'b' }, {}])('a role tagged %j', (tags) => {
  it.each<[string, ConditionBlock]>([
    ['another one will do', any('x', 'y')],
    ['another one will do, by a pattern', { 'ForAnyValue:StringLike': { 'aws:TagKeys': ['x*', 'y'] } }],
    ['one that all must be', { ...any('x', 'y', 'z'), ...all('x', 'z') }],
    [
      'another one with a value of its own',
      { ...any('x', 'y'), StringEqualsIfExists: { 'aws:RequestTag/y': 'q' } },
    ],
    ['an empty one', any('x')],
  ])('has sessions without a tag: %s', (_, trust) => {
    expect(proved(trust, without('x'), tags)).toBe(false)
  })
  it('has none where only that one may be passed, and not empty', () => {
    const filled = { ...any('x'), StringNotEquals: { 'aws:RequestTag/x': '' } }
    expect(proved(filled, without('x'), tags)).toBe(true)
    expect(proved(filled, tagged('q'), tags)).toBe(false)
  })
})
