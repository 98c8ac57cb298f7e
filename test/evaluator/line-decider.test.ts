import { describe, expect, it } from 'vitest'
import { createLineDecider, type LineDecider } from '../../src/evaluator/batch/line-decider.ts'
import { hostileLines } from './hostile-lines.ts'

const POLICIES = {
  identity: [
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:Get*', 'iam:*', 'sts:*'], Resource: '*' },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': '192.168.0.0/16' } },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '2' } },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: 'arn:aws:s3:::data/é',
          Condition: { StringEqualsIgnoreCase: { 'aws:PrincipalTag/team': 'é' } },
        },
      ],
    },
  ],
}
const lines = hostileLines(JSON.stringify(POLICIES))
const LINE_FEED = Uint8Array.of(0x0a)
const whole = Buffer.concat(lines.flatMap((line) => [line, LINE_FEED]))
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

const request = (id: string) =>
  JSON.stringify({
    id,
    request: {
      principal: 'arn:aws:iam::111122223333:user/alice',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::data/x',
    },
    policies: POLICIES,
  })
const allowed = (id: string) => `{"id":"${id}","decision":"allow"}\n`

function inPieces(decider: LineDecider, input: Uint8Array, size: number): string {
  let out = ''
  let rest: Uint8Array = new Uint8Array(0)
  for (let from = 0; from < input.length; from += size) {
    const decided = decider.decideLines(Buffer.concat([rest, input.subarray(from, from + size)]))
    out += textOf(decided.answers)
    rest = decided.rest
  }
  return out + textOf(decider.decideLast(rest).answers)
}

describe('lines as bytes', () => {
  it('are answered as they always were, whatever they are', async () => {
    const { answers, rest, ...told } = (await createLineDecider()).decideLines(whole)
    await expect(textOf(answers)).toMatchFileSnapshot('golden/hostile-lines.jsonl')
    expect(rest).toHaveLength(0)
    expect(told).toEqual({
      lines: lines.length,
      asked: textOf(answers).trimEnd().split('\n').length,
      undecided: textOf(answers).match(/^\{"id":(?:null|"(?:[^"\\]|\\.)*"),"error"/gm)?.length,
      firstUndecided: 9,
    })
  })

  it('may come in pieces that end anywhere', async () => {
    const decider = await createLineDecider()
    const expected = textOf(decider.decideLines(whole).answers)
    decider.decideLast(new Uint8Array(0))
    for (const size of [1 << 20, 65_536, 4097]) expect(inPieces(decider, whole, size)).toBe(expected)
  })

  it('are given back from the last line end on', async () => {
    const decider = await createLineDecider()
    const {
      answers,
      rest,
      lines: ended,
    } = decider.decideLines(Buffer.from(`${request('a')}\n${request('b')}`))
    expect([textOf(answers), textOf(rest), ended]).toEqual([allowed('a'), request('b'), 1])
    expect(textOf(decider.decideLast(rest).answers)).toBe(allowed('b'))
    expect(decider.decideLast(new Uint8Array(0))).toMatchObject({ lines: 0, asked: 0, firstUndecided: null })
  })

  it('have a byte order mark before the first of a stream only', async () => {
    const decider = await createLineDecider()
    const marked = Buffer.from(`\ufeff${request('a')}\r\n\ufeff\n\ufeff${request('b')}\r\n`)
    const expected = `${allowed('a')}{"id":null,"error":{"code":"malformed_json","message":"the line is not JSON"}}\n`
    for (let streams = 0; streams < 2; streams++) {
      expect(textOf(decider.decideLines(marked).answers)).toBe(expected)
      decider.decideLast(new Uint8Array(0))
    }
  })

  it('are cut off where they are too long, and nothing of them is kept', async () => {
    const most = 16 * 1024 * 1024
    const refused =
      '{"id":null,"error":{"code":"malformed_json","message":"the line is longer than 16777216 bytes"}}\n'
    const filled = (size: number) => {
      const line = Buffer.alloc(size, 0x20)
      line.write(request('long'))
      return line
    }
    const decider = await createLineDecider()
    const after = Buffer.from(`\n${request('after')}\n`)
    expect(textOf(decider.decideLines(Buffer.concat([filled(most), after])).answers)).toBe(
      allowed('long') + allowed('after'),
    )
    const carriage = Buffer.concat([filled(most), Buffer.from('\r')])
    expect(decider.decideLines(carriage).rest).toHaveLength(most + 1)
    expect(textOf(decider.decideLines(Buffer.concat([carriage, after])).answers)).toBe(
      allowed('long') + allowed('after'),
    )
    expect(textOf(decider.decideLines(Buffer.concat([filled(most + 1), after])).answers)).toBe(
      refused + allowed('after'),
    )
    const { answers, rest } = decider.decideLines(filled(most + 2))
    expect([answers.length, rest.length]).toEqual([0, 0])
    expect(decider.decideLines(filled(1000)).rest).toHaveLength(0)
    expect(textOf(decider.decideLines(after).answers)).toBe(refused + allowed('after'))
    decider.decideLines(filled(most + 2))
    expect(textOf(decider.decideLast(rest).answers)).toBe(refused)
  })
})
