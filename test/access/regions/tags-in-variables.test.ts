// A tag that a resource is declared with is what a variable of it stands for.
import { describe, expect, it } from 'vitest'
import type { ConditionBlock, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  HOME,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const SECRET = `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:s1`
const TAG = 'secretsmanager:TagResource'
const PASSED = 'aws:RequestTag/y'
const OF_RESOURCE = '$' + '{aws:ResourceTag/x}'
const OF_PRINCIPAL = '$' + '{aws:PrincipalTag/x}'

const analysis = analysisForTests()

/** Values with which the tag may be passed. */
function passedBy(own: string, declared: string, ...statements: readonly PolicyStatement[]) {
  const { holds, violations, unknown } = analysis().analyzer.notGranted(
    estateWith([accountOf(HOME, { al: { policy: document(...statements), tags: { x: own } } })], null, [
      resourceOf(SECRET, HOME, null, { x: declared }),
    ]),
    { actions: [TAG], resources: [SECRET], context: new Map() },
    [HOME],
  )
  expect(unknown).toEqual([])
  expect(holds).toBe(violations.length === 0)
  return violations.map(({ witness }) => witness.context.get(PASSED))
}

describe.each([
  ['', 'a'],
  ['a', ''],
  ['a', 'b'],
  ['', ''],
])('of a principal tagged %j and a resource tagged %j', (own, declared) => {
  const passed = (
    operator: string,
    ...values: readonly string[]
  ): { readonly Condition: ConditionBlock } => ({
    Condition: { [operator]: { [PASSED]: values } },
  })
  it('an allow', () => {
    expect(passedBy(own, declared, allow(TAG, passed('StringEquals', OF_RESOURCE)))).toEqual([[declared]])
  })
  it('an allow, beside one of the principal', () => {
    const both = allow(TAG, passed('StringEquals', `${OF_PRINCIPAL}${OF_RESOURCE}`))
    expect(passedBy(own, declared, both)).toEqual([[`${own}${declared}`]])
  })
  it('a deny', () => {
    const denied = deny(TAG, passed('StringNotEquals', OF_RESOURCE))
    expect(passedBy(own, declared, allow(TAG), denied)).toEqual([[declared]])
  })
  it('a deny, or one of the principal', () => {
    const denied = deny(TAG, passed('StringNotLike', OF_RESOURCE, OF_PRINCIPAL))
    const [values] = passedBy(own, declared, allow(TAG), denied)
    expect([own, declared]).toContain(values?.join())
  })
  it('never another', () => {
    const other = passed('StringEquals', OF_RESOURCE).Condition
    const Condition = { ...other, StringNotEquals: { [PASSED]: declared } }
    expect(passedBy(own, declared, allow(TAG, { Condition }))).toEqual([])
  })
})
