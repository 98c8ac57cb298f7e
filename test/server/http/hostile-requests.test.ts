import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from '../../fixed-seed.ts'
import { sampleOf } from '../../sample-size.ts'
import { exchanged, raw, type Served, served } from './served.ts'

let server: Served
beforeAll(async () => {
  server = await served()
})
afterAll(() => server.stop())

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const codeIn = (body: string): string | undefined => /<Code>(\w+)<\/Code>/.exec(body)?.[1]

/** Every answer is an error in XML, with an id, and no failure of ours. */
async function refused(given: Parameters<typeof raw>[1]): Promise<string> {
  const { status, type, body } = await raw(server, given)
  const head = `${given.method ?? 'POST'} ${given.path?.slice(0, 60) ?? '/'} ${String(given.body).slice(0, 60)}`
  expect([head, type]).toEqual([head, 'text/xml'])
  expect([head, status >= 400 && status < 500]).toEqual([head, true])
  expect(body).toMatch(
    /^<ErrorResponse xmlns="[^"]+"><Error>.*<RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/s,
  )
  return codeIn(body) ?? 'none'
}

describe('a request that is not as it should be', () => {
  it.each([
    ['no action', '', 'MissingAction'],
    ['no version', 'Action=GetUser', 'InvalidAction'],
    ['a version that is none', 'Action=GetUser&Version=2010-05-09', 'InvalidAction'],
    ['an action that is none', 'Action=Get&Version=2010-05-08', 'InvalidAction'],
    ['what every object has', 'Action=constructor&Version=2010-05-08', 'InvalidAction'],
    ['a prototype', 'Action=__proto__&Version=2010-05-08', 'InvalidAction'],
    ['an operation of the other service', 'Action=AssumeRole&Version=2010-05-08', 'InvalidAction'],
    ['no signature', 'Action=GetUser&Version=2010-05-08', 'MissingAuthenticationToken'],
    [
      'keys of a prototype',
      '__proto__.a=1&constructor.prototype.x=1&Action=GetUser&Version=2010-05-08',
      'MissingAuthenticationToken',
    ],
    ['bad percent signs', 'Action=%zz', 'MalformedQueryString'],
    ['half a character', 'Action=%c3', 'MalformedQueryString'],
    ['a key that is given twice', 'Action=GetUser&Action=GetUser', 'MalformedQueryString'],
    ['100,000 parameters', `${'a=1&'.repeat(100_000)}Action=GetUser`, 'MalformedQueryString'],
    ['100,000 separators', `${'&'.repeat(100_000)}Action=GetUser`, 'MalformedQueryString'],
    [
      'a member that is given twice',
      'Action=GetUser&Version=2010-05-08&Tags.member.1.Key=a&Tags.member.1.Key=b',
      'MalformedQueryString',
    ],
    ['20,001 parameters', `${'a=1&'.repeat(20_001)}Action=GetUser`, 'MalformedQueryString'],
    ['a key 50,000 deep', `${'a.'.repeat(50_000)}b=1`, 'MalformedQueryString'],
  ])('%s', async (_, body, code) => {
    expect(await refused({ headers: FORM, body })).toBe(code)
  })

  it('in bytes that are no UTF-8, of another type, path or method', async () => {
    expect(await refused({ headers: FORM, body: new Uint8Array([0x41, 0xff, 0xfe]) })).toBe(
      'MalformedQueryString',
    )
    expect(await refused({ headers: { 'content-type': 'application/json' }, body: '{}' })).toBe(
      'MalformedQueryString',
    )
    expect(await refused({ path: '/x' })).toBe('InvalidAction')
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect(await refused({ method, headers: FORM })).toBe('InvalidAction')
  })

  it('is refused where its body is larger than any call has, said or not', async () => {
    const body = 'x'.repeat(1_048_577)
    expect(await refused({ headers: { ...FORM, 'content-length': String(body.length) }, body })).toBe(
      'RequestEntityTooLarge',
    )
    const inChunks = `POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    expect(await exchanged(server, inChunks)).toMatch(/^(?:HTTP\/1\.1 413 |$)/)
  })

  it('is refused where its head is longer than anybody reads, or no HTTP', async () => {
    expect(await exchanged(server, `GET /${'a'.repeat(2_000_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(
      /^(?:HTTP\/1\.1 431 |$)/,
    )
    // Thousands of headers, within as many bytes as are read, and beyond.
    const headers = (many: number) => Array.from({ length: many }, (_, at) => `a${at}:b\r\n`).join('')
    const body = 'Action=GetUser&Version=2010-05-08'
    const head = `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${FORM['content-type']}\r\ncontent-length: ${body.length}\r\n`
    const many = await exchanged(server, `${head}${headers(3000)}\r\n${body}`)
    expect([many.split('\r\n')[0], codeIn(many)]).toEqual([
      'HTTP/1.1 403 Forbidden',
      'MissingAuthenticationToken',
    ])
    expect(await exchanged(server, `${head}${headers(20_000)}\r\n${body}`)).toMatch(/^(?:HTTP\/1\.1 431 |$)/)
    const answer = await exchanged(server, 'hello\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(codeIn(answer)).toBe('MalformedQueryString')
  })

  it('in ways of HTTP that no client of AWS’s has is answered as any other, or as no HTTP', async () => {
    const body = 'Action=GetUser&Version=2010-05-08'
    const whole = `connection: close\r\ncontent-type: ${FORM['content-type']}\r\ncontent-length: ${body.length}\r\n`
    const chunked = 'host: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n'
    for (const [request, code] of [
      [`POST / HTTP/1.1\r\nhost: x\r\n${whole}expect: more\r\n\r\n${body}`, 'MissingAuthenticationToken'],
      [
        `POST / HTTP/1.1\r\nhost: x\r\n${whole}expect: 100-continue\r\n\r\n${body}`,
        'MissingAuthenticationToken',
      ],
      [
        `POST / HTTP/1.1\r\nhost: x\r\n${whole}upgrade: websocket\r\n\r\n${body}`,
        'MissingAuthenticationToken',
      ],
      [`POST / HTTP/1.1\r\n${whole}\r\n${body}`, 'MissingAuthenticationToken'],
      [`POST / HTTP/1.0\r\n${whole}\r\n${body}`, 'MissingAuthenticationToken'],
      ['OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'InvalidAction'],
      [`POST / HTTP/1.1\r\n${chunked}content-length: 1\r\n\r\n0\r\n\r\n`, 'MalformedQueryString'],
      [`POST / HTTP/1.1\r\n${chunked}\r\nzz\r\n`, 'MalformedQueryString'],
      [`POST / HTTP/1.1\r\n${chunked}\r\n0\r\n${'a: b\r\n'.repeat(40_000)}\r\n`, 'RequestEntityTooLarge'],
      ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n', 'MalformedQueryString'],
    ] as const) {
      const answer = await exchanged(server, request)
      expect([request.slice(0, 200), codeIn(answer)]).toEqual([request.slice(0, 200), code])
    }
  })

  it('is never a failure of ours, whatever it is', async () => {
    const word = fc.constantFrom(
      ...[
        'Action',
        'Version',
        'GetUser',
        'CreateRole',
        '2010-05-08',
        '2011-06-15',
        'Tags.member.1.Key',
        'Tags',
      ],
      ...[
        'Tags.member.999999999.Key',
        'Tags.member.0',
        'Tags.entry.1.key',
        '__proto__',
        'UserName',
        '%00',
        '%F0%9F',
        '',
      ],
      ...[
        'X-Amz-Algorithm',
        'AWS4-HMAC-SHA256',
        'X-Amz-Credential',
        'AKIAIOSFODNN7EXAMPLE/20261127/us-east-1/iam/aws4_request',
      ],
      ...[
        'X-Amz-Date',
        '20261127T000000Z',
        'X-Amz-SignedHeaders',
        'host',
        'X-Amz-Signature',
        'X-Amz-Expires',
        '-1',
        '60',
      ],
    )
    const pair = fc.tuple(fc.oneof(word, fc.string()), fc.oneof(word, fc.string({ unit: 'binary' })))
    const encode = (text: string) =>
      text.startsWith('%') ? text : encodeURIComponent(Buffer.from(text).toString())
    const form = fc
      .array(pair, { maxLength: 12 })
      .map((pairs) => pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'))
    const header = fc.oneof(
      fc.constant(''),
      fc
        .array(word, { maxLength: 6 })
        .map((words) => `AWS4-HMAC-SHA256 ${words.map((each) => `${each}=${each}`).join(',')}`)
        .filter((text) => !/[^\x20-\x7e]/.test(text)),
    )
    await fc.assert(
      fc.asyncProperty(form, form, header, async (body, query, authorization) => {
        const answer = await raw(server, {
          headers: { ...FORM, ...(authorization === '' ? {} : { authorization }) },
          path: `/?${query}`,
          body,
        })
        expect([answer.type, answer.status < 500]).toEqual(['text/xml', true])
      }),
      { numRuns: sampleOf(300) },
    )
  })
})
