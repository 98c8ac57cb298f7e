import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

/** What a policy with one condition, or two, gives to whoever holds it. */
async function given(condition: object) {
  const Statement = [
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b', Condition: condition },
  ]
  const folder = temporaryFolder({ 'p.json': JSON.stringify({ Version: '2012-10-17', Statement }) })
  const path = join(folder, 'p.json')
  const [{ access }] = jsonOf(await runHere('access', 'diff', 'empty', path, '--json')).accounts
  return { access, text: (await runHere('access', 'diff', 'empty', path)).out }
}

describe('a key that is compared as another kind of value than it has', () => {
  test.each([
    ['a time by its year', { StringLike: { 'aws:CurrentTime': '2026-*' } }],
    ['an address by its beginning', { StringLike: { 'aws:SourceIp': '10.0.*' } }],
    ['seconds by their beginning', { StringLike: { 'aws:EpochTime': '17*' } }],
    [
      'a time by its year, and as a time',
      {
        StringLike: { 'aws:CurrentTime': '2026-*' },
        DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' },
      },
    ],
  ])('is decided where a value of its kind is found: %s', async (_, condition) => {
    expect((await given(condition)).access).toMatchObject({ verdict: 'gained', unknown: [] })
  })

  test.each([
    ['a time by its month', { StringLike: { 'aws:CurrentTime': '*-12-*' } }],
    ['an address by a range as text', { StringEquals: { 'aws:SourceIp': '10.0.0.0/8' } }],
    [
      'a text as an address, and as a text',
      { IpAddress: { 'aws:username': '10.0.0.0/8' }, StringLike: { 'aws:username': '10.1*' } },
    ],
  ])('is unknown for that reason otherwise, not for want of time: %s', async (_, condition) => {
    const { access, text } = await given(condition)
    expect(access).toMatchObject({ verdict: 'unknown', unknown: [{ reason: 'mixedKinds' }] })
    expect(text).toContain('a key is compared as another kind of value than it has')
    expect(text).not.toContain('budget')
  })
})
