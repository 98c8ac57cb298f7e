import { describe, expect, it } from 'vitest'
import type { IncomingRequest } from '../../../src/server/signature/incoming-request.ts'
import { type SigningCredential, verifySignature } from '../../../src/server/signature/verify.ts'
import { signedBy } from '../protocol/sdk-clients.ts'

/** @see IAM User Guide, "Create a signed AWS API request": the example of ListUsers */
const EXAMPLE = {
  key: 'AKIDEXAMPLE' + 'AKIDE',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

const NOW = Date.UTC(2026, 10, 27, 8, 0, 0)
const credential = (more: Partial<SigningCredential<string>> = {}): SigningCredential<string> => ({
  secret: EXAMPLE.secret,
  sessionToken: null,
  isActive: true,
  expires: null,
  identity: 'alice',
  ...more,
})

const verified = (
  request: IncomingRequest,
  {
    now = NOW,
    service = 'iam',
    ...more
  }: Partial<SigningCredential<string>> & { now?: number; service?: string } = {},
) =>
  verifySignature(request, {
    service,
    now,
    credentialOf: async (id) => (id === EXAMPLE.key ? credential(more) : null),
  })

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'taken',
    (error: { readonly code: string }) => error.code,
  )

const signed = (sessionToken?: string) =>
  signedBy(
    'iam',
    'CreateUser',
    { UserName: 'ada+1', Tags: [{ Key: 'a b', Value: 'ü&=' }] },
    {
      accessKeyId: EXAMPLE.key,
      secretAccessKey: EXAMPLE.secret,
      time: NOW,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  )

const withHeader = (
  request: IncomingRequest,
  name: string,
  change: (value: string) => string,
): IncomingRequest => ({
  ...request,
  headers: new Map(
    [...request.headers].map(([key, values]) => [key, key === name ? values.map(change) : values]),
  ),
})

describe('a signature of AWS’s own client', () => {
  it('is taken, in any region', async () => {
    expect(await verified(await signed())).toEqual({
      accessKeyId: EXAMPLE.key,
      region: 'us-east-1',
      identity: 'alice',
    })
  })

  it('is taken with the token of its session alone', async () => {
    expect(await codeOf(verified(await signed('token-1'), { sessionToken: 'token-1' }))).toBe('taken')
    for (const sessionToken of ['token-2', '', null])
      expect(await codeOf(verified(await signed('token-1'), { sessionToken }))).toBe('InvalidClientTokenId')
    expect(await codeOf(verified(await signed(), { sessionToken: 'token-1' }))).toBe('InvalidClientTokenId')
  })

  it('is refused when anything that it signs is another', async () => {
    const request = await signed()
    const others: readonly (readonly [string, IncomingRequest])[] = [
      ['body', { ...request, body: new TextEncoder().encode('Action=DeleteUser&Version=2010-05-08') }],
      ['method', { ...request, method: 'GET' }],
      ['path', { ...request, path: '/other' }],
      ['query', { ...request, query: 'Action=DeleteUser' }],
      ['host', withHeader(request, 'host', () => 'sts.amazonaws.com')],
      ['time', withHeader(request, 'x-amz-date', (value) => value.replace(/\d\dZ$/, '59Z'))],
      [
        'signature',
        withHeader(request, 'authorization', (value) =>
          value.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        ),
      ],
      ['region', withHeader(request, 'authorization', (value) => value.replace('us-east-1', 'eu-west-1'))],
    ]
    for (const [what, each] of others)
      expect([what, await codeOf(verified(each))]).toEqual([what, 'SignatureDoesNotMatch'])
    expect(await codeOf(verified(request, { secret: 'another' }))).toBe('SignatureDoesNotMatch')
    expect(await codeOf(verified(request, { service: 'sts' }))).toBe('SignatureDoesNotMatch')
  })

  it('is refused of a key that nobody has, and of one that is inactive or has ended', async () => {
    const request = await signed()
    expect(await codeOf(verified(request, { isActive: false }))).toBe('InvalidClientTokenId')
    expect(await codeOf(verified(request, { expires: NOW }))).toBe('ExpiredToken')
    expect(await codeOf(verified(request, { expires: NOW + 1 }))).toBe('taken')
    const unknown = withHeader(request, 'authorization', (value) =>
      value.replace(EXAMPLE.key, 'AKIAUNKNOWN123456'),
    )
    expect(await codeOf(verified(unknown))).toBe('InvalidClientTokenId')
  })

  it('holds for fifteen minutes, and five ahead', async () => {
    const request = await signed()
    const minutes = (many: number) => verified(request, { now: NOW + many * 60_000 })
    expect(await codeOf(minutes(15))).toBe('taken')
    expect(await codeOf(minutes(-5))).toBe('taken')
    await expect(minutes(15.1)).rejects.toThrow(
      'Signature expired: 20261127T080000Z is now earlier than 20261127T080006Z (20261127T081506Z - 15 min.)',
    )
    await expect(minutes(-5.1)).rejects.toThrow(
      /^Signature not yet current: 20261127T080000Z is still later than/,
    )
  })
})

it('a request without a signature is nobody’s', async () => {
  const request = await signed()
  const headers = new Map([...request.headers].filter(([name]) => name !== 'authorization'))
  expect(await verified({ ...request, headers })).toBeNull()
})

it.each([
  ['', 'IncompleteSignature'],
  ['Basic abc', 'IncompleteSignature'],
  ['AWS4-HMAC-SHA256 Credential=a', 'IncompleteSignature'],
  [
    'AWS4-HMAC-SHA256 Credential=a/20261127/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    'InvalidClientTokenId',
  ],
  [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEAKIDE/2026/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    'IncompleteSignature',
  ],
  [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEAKIDE/20261127/us-east-1/iam/aws4_request, SignedHeaders=x-amz-date, Signature=0',
    'IncompleteSignature',
  ],
  [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEAKIDE/20261126/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
    'SignatureDoesNotMatch',
  ],
  [`AWS4-HMAC-SHA256 ${'x'.repeat(5000)}`, 'IncompleteSignature'],
  [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEAKIDE/20261127/us-east-1/iam/aws4_request, SignedHeaders=host;a;a, Signature=0',
    'IncompleteSignature',
  ],
])('%.60s: %s', async (authorization, code) => {
  const request = withHeader(await signed(), 'authorization', () => authorization)
  expect(await codeOf(verified(request))).toBe(code)
})

it('what is signed is no longer than the request, however often it names a header', async () => {
  const request = await signed()
  const long = new Map([...request.headers, ['a', ['x'.repeat(15_000)]] as const])
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${EXAMPLE.key}/20261127/us-east-1/iam/aws4_request`,
    'X-Amz-Date': '20261127T080000Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': `host${';a'.repeat(7000)}`,
    'X-Amz-Signature': '0',
  })
  const headers = new Map([...long].filter(([name]) => name !== 'authorization'))
  const presigned = { ...request, headers, query: query.toString() }
  expect(await codeOf(verified(presigned))).toBe('IncompleteSignature')
})

it('the example of AWS’s documentation has the signature that it has there', async () => {
  const { canonicalRequest, signatureOf, signingKey } = await import(
    '../../../src/server/signature/canonical-request.ts'
  )
  const request: IncomingRequest = {
    method: 'GET',
    path: '/',
    query: 'Action=ListUsers&Version=2010-05-08',
    headers: new Map([
      ['content-type', ['application/x-www-form-urlencoded; charset=utf-8']],
      ['host', ['iam.amazonaws.com']],
      ['x-amz-date', ['20150830T123600Z']],
    ]),
    body: new Uint8Array(),
  }
  const scope = { date: '20150830', region: 'us-east-1', service: 'iam' }
  const canonical = canonicalRequest(request, ['content-type', 'host', 'x-amz-date'])
  expect(signatureOf(signingKey(EXAMPLE.secret, scope), '20150830T123600Z', scope, canonical)).toBe(
    '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  )
})
