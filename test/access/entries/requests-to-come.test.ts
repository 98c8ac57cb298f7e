// Claims are about requests from now on: what was allowed once is nobody's access any more.
import { describe, expect, test } from 'vitest'
import { accountOf, allow, deny, document, grant, HOME } from '../../evaluator/estate-world.ts'
import { analysisForTests, one, roleArn, userArn } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const [PAST, FUTURE] = ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z']

const whoReads = (condition: object, context: ReadonlyMap<string, readonly string[]> = new Map()) => {
  const own = one(
    accountOf(HOME, { al: { policy: document(allow('s3:GetObject', { Condition: condition })) } }, {}),
  )
  return analysis()
    .analyzer.notGranted(own, { actions: ['s3:GetObject'], resources: ['*'], context }, [HOME])
    .violations.flatMap(({ principals }) => principals)
}

describe('nobody may read what could be read', () => {
  test.each<[string, object]>([
    ['until a day that is over', { DateLessThan: { 'aws:CurrentTime': PAST } }],
    ['until some seconds after 1970', { DateLessThan: { 'aws:CurrentTime': '2999' } }],
    ['until a second that is over', { NumericLessThan: { 'aws:EpochTime': '1577836800' } }],
    ['on a day that is over', { DateEquals: { 'aws:CurrentTime': PAST } }],
  ])('%s', (_, condition) => {
    expect(whoReads(condition)).toEqual([])
  })

  test.each<[string, object]>([
    ['until a day to come', { DateLessThan: { 'aws:CurrentTime': FUTURE } }],
    ['since a day that is over', { DateGreaterThan: { 'aws:CurrentTime': PAST } }],
    ['from a day to come on', { DateGreaterThan: { 'aws:CurrentTime': FUTURE } }],
    ['until a second to come', { NumericLessThan: { 'aws:EpochTime': '32472144000' } }],
  ])('but %s somebody may', (_, condition) => {
    expect(whoReads(condition)).toEqual([userArn('al')])
  })

  test('a time that the claim itself gives is meant', () => {
    const at = new Map([['aws:CurrentTime', ['2019-06-01T00:00:00Z']]])
    expect(whoReads({ DateLessThan: { 'aws:CurrentTime': PAST } }, at)).toEqual([userArn('al')])
  })
})

test('a deny that is over takes nothing away, and one of a day to come not yet', () => {
  const holds = (condition: object) => {
    const policy = document(allow('s3:GetObject'), deny('s3:GetObject', { Condition: condition }))
    return analysis().analyzer.notGranted(
      one(accountOf(HOME, { al: { policy } })),
      { actions: ['s3:GetObject'], resources: ['*'], context: new Map() },
      [HOME],
    ).holds
  }
  expect(holds({ DateLessThan: { 'aws:CurrentTime': PAST } })).toBe(false)
  expect(holds({ DateGreaterThan: { 'aws:CurrentTime': FUTURE } })).toBe(false)
  expect(holds({ DateGreaterThan: { 'aws:CurrentTime': PAST } })).toBe(true)
})

test('no chain of roles goes by a step that is over', () => {
  const trust = (who: string, more: object = {}) => document(grant({ AWS: who }, 'sts:AssumeRole', more))
  const chained = (condition: object) => {
    const roles = {
      hop: {
        trust: trust(userArn('al'), { Condition: condition }),
        policy: document(allow('sts:AssumeRole')),
      },
      end: { trust: trust(roleArn('hop')) },
    }
    const [before, after] = [one(accountOf(HOME, {})), one(accountOf(HOME, { al: {} }, roles))]
    const diffs = analysis().analyzer.diffEstates(before, after, [HOME])
    return [...diffs.values()].flatMap(({ gained }) => gained).some(({ via }) => via.includes(roleArn('hop')))
  }
  expect(chained({ DateLessThan: { 'aws:CurrentTime': PAST } })).toBe(false)
  expect(chained({ DateLessThan: { 'aws:CurrentTime': FUTURE } })).toBe(true)
})
