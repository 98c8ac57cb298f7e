import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type BatchAnswer, createBatchEvaluator } from '../../src/evaluator/batch/batch.ts'
import { jsonProblem } from '../../src/evaluator/batch/json-problem.ts'
import fc from '../fixed-seed.ts'

interface CorpusCase {
  readonly given: object
  readonly expect: string
}

const corpus = readdirSync('test/corpus')
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(`test/corpus/${name}`, 'utf8')) as CorpusCase[])
  // A line says nothing of whose credentials a federated user has.
  .filter(({ given }) => !('parent' in given))
  .filter(({ expect: expected }) => !expected.startsWith('invalid'))
const lines = corpus.map(({ given }, index) => JSON.stringify({ id: `case ${index}`, ...given }))
const expected = corpus.map(({ expect: decision }, index) => ({ id: `case ${index}`, decision }))

const parsed = (answers: readonly BatchAnswer[]): readonly unknown[] =>
  answers.map(({ json }) => JSON.parse(json))

const USER = 'arn:aws:iam::111122223333:user/alice'
const REQUEST = { principal: USER, action: 's3:GetObject', resource: 'arn:aws:s3:::data/x' }
const ALLOW = { Effect: 'Allow', Action: 's3:*', Resource: '*' }

async function answerTo(line: unknown): Promise<unknown> {
  const batch = await createBatchEvaluator()
  return parsed(batch.answer([typeof line === 'string' ? line : JSON.stringify(line)]))[0]
}

describe('a batch', () => {
  it('decides every case of the corpus', async () => {
    expect(parsed((await createBatchEvaluator()).answer(lines))).toEqual(expected)
  })

  it('decides a line alike wherever it stands', async () => {
    const batch = await createBatchEvaluator()
    const order = lines.map((_, index) => (index * 211) % lines.length)
    const turned = parsed(batch.answer(order.map((index) => lines[index] ?? '')))
    expect(turned).toEqual(order.map((index) => expected[index]))
    for (let from = 0; from < 60; from += 7)
      expect(parsed(batch.answer(lines.slice(from, from + 7)))).toEqual(expected.slice(from, from + 7))
  })

  it('knows two kinds of endpoint', async () => {
    const policies = { identity: [{ Statement: ALLOW }], endpoint: [] }
    expect(await answerTo({ id: 'a', request: REQUEST, policies })).toEqual({ id: 'a', decision: 'allow' })
    expect(
      await answerTo({ id: 'a', request: REQUEST, policies: { ...policies, endpointType: 'fence' } }),
    ).toEqual({
      id: 'a',
      error: {
        code: 'invalid_request',
        message: '`policies.endpointType` is neither `interface` nor `gateway`',
      },
    })
    expect(
      await answerTo({ request: REQUEST, policies: { endpoint: [{ Statement: ALLOW }] } }),
    ).toMatchObject({
      error: { code: 'invalid_policy', message: expect.stringContaining('endpoint[0]') },
    })
  })

  it('goes on after lines that can not be decided', async () => {
    const batch = await createBatchEvaluator()
    const answers = batch.answer([
      '{',
      '[1]',
      JSON.stringify({ id: 'a', request: REQUEST }),
      JSON.stringify({ id: 'b', request: { ...REQUEST, action: 'nonsense' } }),
      JSON.stringify({
        id: 'c',
        request: REQUEST,
        policies: { identity: [{ Statement: [{ ...ALLOW, Effect: 'allow' }] }] },
      }),
      JSON.stringify({ id: 'd', request: REQUEST, policies: { identity: [{ Statement: ALLOW }] } }),
    ])
    expect(parsed(answers)).toEqual([
      { id: null, error: { code: 'malformed_json', message: 'the line is not JSON' } },
      { id: null, error: { code: 'invalid_request', message: 'the line is not an object' } },
      { id: 'a', decision: 'implicit_deny' },
      {
        id: 'b',
        error: { code: 'invalid_request', message: 'action `nonsense` is not of the form `service:Name`' },
      },
      { id: 'c', error: { code: 'invalid_policy', message: expect.stringMatching(/^identity\[0\]: /) } },
      { id: 'd', decision: 'allow' },
    ])
    expect(answers.map(({ isDecided }) => isDecided)).toEqual([false, false, true, false, false, true])
  })

  it.each([
    ['of the line', { id: 'x', request: REQUEST, extra: 1 }, '`extra` in the line'],
    ['of the request', { id: 'x', request: { ...REQUEST, user: 'a' } }, '`user` in `request`'],
    ['of the policies', { id: 'x', request: REQUEST, policies: { trust: [] } }, '`trust` in `policies`'],
  ])('refuses an unknown key %s', async (_, line, named) => {
    expect(await answerTo(line)).toEqual({
      id: 'x',
      error: { code: 'invalid_request', message: `unknown key ${named}` },
    })
  })

  it.each([
    ['no request', { id: 'x' }],
    ['no resource', { id: 'x', request: { principal: USER, action: 's3:GetObject' } }],
    ['a principal that is none', { id: 'x', request: { ...REQUEST, principal: 'alice' } }],
    ['a context that is a list', { id: 'x', request: { ...REQUEST, context: [] } }],
    ['a context value that is null', { id: 'x', request: { ...REQUEST, context: { 'a:b': null } } }],
    [
      'a context key in two spellings',
      { id: 'x', request: { ...REQUEST, context: { 'a:b': '1', 'A:b': '2' } } },
    ],
    ['a layer that is no list', { id: 'x', request: REQUEST, policies: { identity: {} } }],
    ['a level that is no list', { id: 'x', request: REQUEST, policies: { scp: [{}] } }],
    ['an account that is none', { id: 'x', request: { ...REQUEST, resourceAccount: '1' } }],
  ])('refuses a request with %s', async (_, line) => {
    expect(await answerTo(line)).toMatchObject({ id: 'x', error: { code: 'invalid_request' } })
  })

  it.each([
    ['an unknown operator', { ...ALLOW, Condition: { StringSame: { 'a:b': 'c' } } }],
    ['a star in the prefix of an action', { ...ALLOW, Action: '*:Get*' }],
    ['no effect', { Action: 's3:*', Resource: '*' }],
  ])('refuses a policy with %s', async (_, Statement) => {
    expect(
      await answerTo({ id: 'x', request: REQUEST, policies: { identity: [{ Statement }] } }),
    ).toMatchObject({
      id: 'x',
      error: { code: 'invalid_policy' },
    })
  })

  it('refuses a wildcard inside a principal', async () => {
    const Statement = { ...ALLOW, Principal: { AWS: 'arn:aws:iam::111122223333:user/*' } }
    expect(
      await answerTo({ id: 'x', request: REQUEST, policies: { resource: { Statement } } }),
    ).toMatchObject({
      error: { code: 'invalid_policy' },
    })
  })

  it('decides what validation would refuse where its meaning is clear', async () => {
    const identity = [
      {
        Id: 'i',
        Statement: [
          { ...ALLOW, Sid: 'twice', Principal: '*' },
          { ...ALLOW, Sid: 'twice' },
        ],
      },
    ]
    expect(await answerTo({ id: 'x', request: REQUEST, policies: { identity } })).toEqual({
      id: 'x',
      decision: 'allow',
    })
    const role = 'arn:aws:iam::111122223333:role/deploy'
    const trust = (Resource: string) => ({
      id: 'x',
      request: { principal: USER, action: 'sts:AssumeRole', resource: role },
      policies: {
        resource: { Statement: { Effect: 'Allow', Principal: { AWS: USER }, Action: '*', Resource } },
      },
    })
    expect(await answerTo(trust(role))).toEqual({ id: 'x', decision: 'allow' })
    expect(await answerTo(trust(`${role}s`))).toEqual({ id: 'x', decision: 'implicit_deny' })
  })

  it('refuses a key that stands twice, which a parser would overlook', async () => {
    const line = `{"id":"x","request":${JSON.stringify(REQUEST)},"policies":{"identity":[{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}]}}`
    expect(await answerTo(line)).toEqual({
      id: 'x',
      error: { code: 'malformed_json', message: 'the key `Effect` stands twice in one object' },
    })
  })

  it('refuses what is nested without end, and goes on', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    const line = (policies: string) =>
      `{"id":"x","request":${JSON.stringify(REQUEST)},"policies":{"identity":[${policies}]}}`
    const batch = await createBatchEvaluator()
    const answers = parsed(batch.answer([line(nested(100_000)), line(nested(400)), line('')]))
    expect(answers).toMatchObject([
      { id: 'x', error: { code: 'malformed_json' } },
      { id: 'x', error: { code: 'invalid_policy' } },
      { id: 'x', decision: 'implicit_deny' },
    ])
  })

  it('takes an absent layer, null and an empty list as the same, but not an empty level', async () => {
    const policies = { identity: [{ Statement: ALLOW }] }
    for (const scp of [undefined, null, []])
      expect(await answerTo({ id: 'x', request: REQUEST, policies: { ...policies, scp } })).toMatchObject({
        decision: 'allow',
      })
    expect(await answerTo({ id: 'x', request: REQUEST, policies: { ...policies, scp: [[]] } })).toMatchObject(
      {
        decision: 'implicit_deny',
      },
    )
    expect(await answerTo({ request: REQUEST, policies: null })).toEqual({
      id: null,
      decision: 'implicit_deny',
    })
  })

  it('begins anew when it has seen a great many policies', async () => {
    const batch = await createBatchEvaluator()
    const many = (from: number) =>
      Array.from({ length: 7000 }, (_, index) =>
        JSON.stringify({
          id: 'x',
          request: REQUEST,
          policies: { identity: [{ Statement: { ...ALLOW, Sid: `S${from + index}` } }] },
        }),
      )
    for (let from = 0; from < 28_000; from += 7000)
      expect(new Set(batch.answer(many(from)).map(({ json }) => json))).toEqual(
        new Set(['{"id":"x","decision":"allow"}']),
      )
  })

  it('decides alike by policies of earlier and later generations', async () => {
    const batch = await createBatchEvaluator()
    const line = (number: number) => {
      const fitting = `arn:aws:s3:::data/${number % 3 === 0 ? 'x' : number}`
      const Statement = { ...ALLOW, Resource: [fitting, `arn:aws:s3:::${'x'.repeat(30_000)}`] }
      return JSON.stringify({ id: `${number}`, request: REQUEST, policies: { identity: [{ Statement }] } })
    }
    const numbers = Array.from({ length: 700 }, (_, index) => index)
    const wanted = (number: number) => ({
      id: `${number}`,
      decision: number % 3 === 0 ? 'allow' : 'implicit_deny',
    })
    for (let from = 0; from < numbers.length; from += 20) {
      const now = numbers.slice(from, from + 20)
      const before = numbers.slice(0, from).filter((number) => number % 50 === from % 50)
      const asked = [...before, ...now, ...before]
      expect(parsed(batch.answer(asked.map(line)))).toEqual(asked.map(wanted))
    }
  })

  it('answers anything with one line of JSON', async () => {
    const batch = await createBatchEvaluator()
    const cut = fc.constantFrom(...lines).map((line) => line.slice(0, -3))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), cut), (text) => {
        const [answer] = batch.answer([text])
        expect(JSON.parse(answer?.json ?? '')).toHaveProperty('id')
        expect(answer?.json).not.toContain('\n')
      }),
    )
  })
})

describe('the problem of a JSON text', () => {
  it('is none in what was printed', () => {
    fc.assert(fc.property(fc.json(), (text) => jsonProblem(text) === null))
  })

  it.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', null],
    ['{"a":1,"b":2,"a":3}', 'a'],
    ['[{"x":{"k" : 1,\n "k":2}}]', 'k'],
    ['{"a\\"":1,"b":"a\\"","a\\u0022":2}', 'a"'],
    ['{"a":"b","b":"a"}', null],
    ['{"a":["a","a"]}', null],
  ])('is the key that stands twice in %s: %s', (text, key) => {
    expect(jsonProblem(text)).toBe(key === null ? null : `the key \`${key}\` stands twice in one object`)
  })

  it('is its depth', () => {
    expect(jsonProblem('['.repeat(500) + ']'.repeat(500))).toBeNull()
    expect(jsonProblem('['.repeat(501) + ']'.repeat(501))).toMatch(/more than 500 deep/)
    expect(jsonProblem(`${'{"a":'.repeat(501)}1${'}'.repeat(501)}`)).toMatch(/more than 500 deep/)
  })
})
