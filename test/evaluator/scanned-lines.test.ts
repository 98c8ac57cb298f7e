import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createBatchEvaluator } from '../../src/evaluator/batch/batch.ts'
import type { DecidedLines } from '../../src/evaluator/batch/line-answers.ts'
import { LineDecider } from '../../src/evaluator/batch/line-decider.ts'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { CasePolicies, CaseRequest, Given } from '../oracle/case.ts'
import { sampleOf } from '../sample-size.ts'
import { questionOf } from './ask.ts'
import { hostileLines } from './hostile-lines.ts'
import { Random, randomCase } from './random-cases.ts'
import { SEED } from './seed.ts'

// Lines are read twice: by the module, from their bytes, and by a parser of JSON. Both must say the same, to the byte.

type Sets = ReadonlyMap<string, unknown>

interface Both {
  /** Answers by the module where it can, and by the parser; how many lines the parser had. */
  scanned(input: Uint8Array): DecidedLines & { readonly left: number }
  parsed(input: Uint8Array): DecidedLines
}

async function bothWays(sets: Sets): Promise<Both> {
  const reading = await createBatchEvaluator({ sets })
  const answer = reading.answer.bind(reading)
  let left = 0
  reading.answer = (texts) => {
    left += texts.length
    return answer(texts)
  }
  const parsing = await createBatchEvaluator({ sets })
  Object.defineProperty(parsing, 'readsLines', { value: false })
  const scanner = new LineDecider(reading)
  const parser = new LineDecider(parsing)
  return {
    scanned: (input) => {
      left = 0
      const decided = scanner.decideLines(input)
      return { ...decided, left }
    },
    parsed: (input) => parser.decideLines(input),
  }
}

const LINE_FEED = Uint8Array.of(0x0a)
const joined = (lines: readonly (Uint8Array | string)[]): Uint8Array =>
  Buffer.concat(lines.flatMap((line) => [Buffer.from(line), LINE_FEED]))

/** Asks twice: what is new the first time is known the second time. @returns how many lines were left then */
function expectSame({ scanned, parsed }: Both, input: Uint8Array): number {
  const expected = parsed(input)
  const { left: _, ...first } = scanned(input)
  const { left, ...second } = scanned(input)
  for (const decided of [first, second]) {
    if (Buffer.compare(decided.answers, expected.answers) !== 0)
      expect(Buffer.from(decided.answers).toString()).toBe(Buffer.from(expected.answers).toString())
    expect({ ...decided, answers: null, rest: null }).toEqual({ ...expected, answers: null, rest: null })
  }
  return left
}

const evaluator = await createPolicyEvaluator()

function isEvaluable(given: Given): boolean {
  try {
    evaluator.prepare([questionOf(given).layers])
    return true
  } catch {
    return false
  }
}

const lineOf = (id: string, request: unknown, policies: unknown): string =>
  JSON.stringify({ id, request, policies })

const USUAL: CasePolicies = {
  identity: [
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:*', 'iam:*', 'sts:*'], Resource: '*' },
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
          Resource: '*',
          Condition: {
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            'ForAnyValue:StringLike': { 'aws:TagKeys': 'te*' },
          },
        },
        {
          Effect: 'Deny',
          Action: '*',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
          Resource: 'arn:aws:s3:::data/${aws:PrincipalTag/team}/*',
        },
      ],
    },
  ],
}

const CONTEXT = {
  'aws:SourceIp': '10.0.0.1',
  'aws:MultiFactorAuthPresent': true,
  'aws:MultiFactorAuthAge': 1,
  'aws:TagKeys': ['stage', 'owner'],
  'aws:PrincipalTag/team': 'orders',
  'aws:RequestedRegion': 'eu-west-1',
}

/** Lines that the module reads once it knows their names. */
const READ: readonly string[] = ['user/alice', 'user/bob', 'role/deploy'].flatMap((who) =>
  ['s3:GetObject', 's3:putobject', 'iam:ListUsers'].flatMap((action) =>
    ['arn:aws:s3:::data/x', 'arn:aws:s3:::data/orders/x', '*', 'arn:aws:iam::111122223333:user/bob'].flatMap(
      (resource) => {
        const request = { principal: `arn:aws:iam::111122223333:${who}`, action, resource }
        return [
          lineOf('1', request, 'usual'),
          lineOf('two', { ...request, context: CONTEXT }, 'usual'),
          lineOf('', { ...request, context: { 'aws:SourceIp': ['192.168.0.1'] } }, 'other'),
          JSON.stringify({ policies: 'usual', request: { ...request, resourceAccount: '999999999999' } }),
          JSON.stringify(
            { id: 'spaces', request: { context: {}, ...request }, policies: 'usual' },
            null,
            1,
          ).replaceAll('\n', ' \t\r'),
        ]
      },
    ),
  ),
)

const USUAL_SETS: Sets = new Map(Object.entries({ usual: USUAL, other: { scp: [[]] }, '': null }))

/** What JSON is made of, and what it isn't. */
const PIECES: readonly string[] = [
  ...'{}[],:"\\/ \t\r\n\v0123456789-+.eE\u0000\u001f\u007f\u00a0\ufeff\u00e9',
  'null',
  'true',
  'false',
  '\\u0061',
  '\\ud800',
  '"id":"x"',
  '"policies":"other"',
  '"context":{}',
  '"aws:SourceIp":"192.168.0.7"',
  '"AWS:SOURCEIP":1',
  '[]',
  '["a"]',
  '1e3',
  '01',
  '__proto__',
]
const BROKEN_BYTES: readonly number[] = [0x80, 0xc0, 0xe2, 0xed, 0xf4, 0xff]

/** The line with a few bytes lost, doubled, changed, or put in. */
function mutated(random: Random, line: Buffer, others: readonly Buffer[]): Buffer {
  let bytes = line
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1)
    const until = Math.min(bytes.length, at + random.below(12))
    const [before, within, after] = [bytes.subarray(0, at), bytes.subarray(at, until), bytes.subarray(until)]
    switch (random.below(7)) {
      case 0:
        bytes = Buffer.concat([before, after])
        break
      case 1:
        bytes = Buffer.concat([before, within, within, after])
        break
      case 2:
        bytes = Buffer.concat([before, Buffer.from(random.pick(PIECES)), within, after])
        break
      case 3:
        bytes = Buffer.concat([before, Buffer.from(random.pick(PIECES)), after])
        break
      case 4:
        bytes = Buffer.concat([before, Buffer.of(random.pick(BROKEN_BYTES)), within, after])
        break
      case 5: {
        const other = random.pick(others)
        const from = random.below(other.length)
        bytes = Buffer.concat([before, other.subarray(from, from + random.below(40)), after])
        break
      }
      default:
        if (bytes.length > 0) {
          bytes = Buffer.from(bytes)
          const place = random.below(bytes.length)
          bytes[place] = (bytes[place] ?? 0) ^ (1 << random.below(8))
        }
    }
  }
  return bytes
}

describe('lines that the module reads', () => {
  it('are all that have nothing odd, once their names were met', async () => {
    const both = await bothWays(USUAL_SETS)
    expect(expectSame(both, joined(READ))).toBe(0)
    const decisions = new Set(
      Buffer.from(both.scanned(joined(READ)).answers)
        .toString()
        .match(/"[a-z]+_?[a-z]*"}/g),
    )
    expect(decisions.size).toBe(3)
  })

  it('are answered as a parser would have them, whatever stands between them', async () => {
    const both = await bothWays(USUAL_SETS)
    for (const policies of ['"usual"', '"other"', '""', '"nowhere"', 'null', '{"identity":[]}']) {
      const hostile = hostileLines(policies)
      const mixed = hostile.flatMap((line, index) => [READ[index % READ.length] ?? '', line])
      const left = expectSame(both, joined(mixed))
      expect(left).toBeGreaterThan(100)
      expect(left).toBeLessThan(hostile.length + 1)
    }
  })

  it('decide every case of the corpus', async () => {
    const cases = readdirSync('test/corpus')
      .filter((name) => name.endsWith('.json'))
      .flatMap(
        (name) => JSON.parse(readFileSync(`test/corpus/${name}`, 'utf8')) as readonly { given: Given }[],
      )
      .filter(({ given }) => isEvaluable(given))
    const sets = new Map<string, unknown>(cases.map(({ given }, index) => [`case ${index}`, given.policies]))
    const lines = cases.map(({ given }, index) => lineOf(`${index}`, given.request, `case ${index}`))
    const left = expectSame(await bothWays(sets), joined(lines))
    expect(lines.length).toBeGreaterThan(500)
    expect(left).toBeLessThan(lines.length / 3)
  })

  it('decide random requests by random policies', async () => {
    const random = new Random(SEED)
    const cases = Array.from({ length: 400 }, () => randomCase(random))
    const sound = cases.filter(isEvaluable).slice(0, 60)
    const sets = new Map<string, unknown>(sound.map(({ policies }, index) => [`set ${index}`, policies]))
    const requests: readonly CaseRequest[] = cases.map(({ request }) => request)
    const lines = Array.from({ length: sampleOf(20_000) }, (_, index) =>
      lineOf(`${index}`, random.pick(requests), `set ${random.below(sound.length)}`),
    )
    // Roles that are assumed, and letters beyond ASCII, are left.
    const left = expectSame(await bothWays(sets), joined(lines))
    expect(left).toBeLessThan(lines.length * 0.7)
  })

  it('may have keys of any length, in any order, at the end of the input', async () => {
    const both = await bothWays(USUAL_SETS)
    const random = new Random(SEED + 2)
    const keys = [1, 7, 8, 47, 48, 49, 64, 65, 1000, 100_000].map((length) => 'k'.repeat(length))
    const all = [...keys, ...Object.keys(CONTEXT)]
    for (let round = 0; round < sampleOf(200); round++) {
      const shown = Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [random.pick(all), round % 2 === 0 ? '10.0.0.1' : []]),
      )
      const request = {
        principal: 'arn:aws:iam::111122223333:user/alice',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::data/x',
        context: shown,
      }
      expect(expectSame(both, joined([lineOf('1', request, 'usual')]))).toBe(0)
    }
  })

  it('are answered as a parser would have them after any mutation', async () => {
    const both = await bothWays(USUAL_SETS)
    const random = new Random(SEED + 1)
    const sound = READ.map((line) => Buffer.from(line))
    expectSame(both, joined(READ))
    let left = 0
    const rounds = 12
    for (let round = 0; round < rounds; round++)
      left += expectSame(
        both,
        joined(Array.from({ length: 2000 }, () => mutated(random, random.pick(sound), sound))),
      )
    // Some mutations make lines that are as good as before.
    expect(left).toBeGreaterThan((rounds * 2000) / 4)
    expect(left).toBeLessThan(rounds * 2000)
  })

  it('may be many, by very many names: nothing is forgotten wrongly', async () => {
    const both = await bothWays(USUAL_SETS)
    const lines = Array.from({ length: sampleOf(30_000, 1 / 5) }, (_, index) =>
      lineOf(
        `${index}`,
        {
          principal: `arn:aws:iam::111122223333:user/user-${index % 5000}`,
          action: `s3:Get${index % 700}`,
          resource: `arn:aws:s3:::data/${index}`,
          context: {
            [`key:${index % 6000}`]: 'x',
            'aws:SourceIp': index % 3 === 0 ? '192.168.0.1' : '10.0.0.1',
          },
        },
        index % 2 === 0 ? 'usual' : 'other',
      ),
    )
    // Of the keys, no more than 4,096 can be told apart.
    const left = expectSame(both, joined(lines))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(lines.length / 2)
  })
})
