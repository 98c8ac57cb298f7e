import { readdirSync, readFileSync } from 'node:fs'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  isSecretSource,
  type Planned,
  Secret,
  type SecretSource,
  sourceText,
} from '../../src/model/secret.ts'

const VALUE = 'correct horse battery staple'
const secret = new Secret(VALUE)

describe('a secret', () => {
  it.each<[string, () => unknown]>([
    ['a template', () => `${secret}`],
    ['joining', () => `${'x'}${String(secret)}${[secret].join()}`],
    ['adding to a text', () => `x${secret as unknown as string}`],
    ['toString', () => secret.toString()],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspect', () => inspect({ secret, map: new Map([[secret, secret]]) }, { depth: 9, showHidden: true })],
    ['inspect without custom ways', () => inspect(secret, { customInspect: false, showHidden: true })],
    ['console.log', () => format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
    ['a cause', () => inspect(new Error('refused', { cause: { input: { Password: secret } } }))],
    ['its fields', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret), { ...secret }])],
    ['a clone', () => inspect(structuredClone({ secret }))],
    ['serializing', () => serialize({ secret }).toString('latin1')],
    ['a number', () => Number(secret)],
  ])('is not shown by %s', (_, print) => {
    expect(String(print())).not.toContain('horse')
  })

  it('is read by one method, and stays as it is', () => {
    expect(secret.reveal()).toBe(VALUE)
    expect(`${secret} ${JSON.stringify(secret)} ${inspect(secret)}`).toBe('*** "***" ***')
    expect(Object.isFrozen(secret)).toBe(true)
  })

  it('is revealed only where it is handed over, or hidden in a text', () => {
    const source = new URL('../../src/', import.meta.url)
    const revealing = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .filter((path) => /\breveal\b/.test(readFileSync(new URL(path, source), 'utf8')))
    expect(revealing.sort()).toEqual([
      'cli/delivering/encrypted.ts',
      'cli/delivering/program-sink.ts',
      'cli/enrolling/seed-text.ts',
      'iam/input.ts',
      'model/redaction.ts',
      'model/secret.ts',
      'server/audit/shown-message.ts',
      'server/calls/check-input.ts',
      'server/protocol/encode-answer.ts',
      'target/aws/sdk-iam.ts',
      'testing/declared-account.ts',
    ])
  })
})

describe('a source of a secret', () => {
  it('is known from all else that stands in an input', () => {
    const sources: readonly SecretSource[] = [{ env: 'A' }, { file: 'a.pem' }, { generate: 'password' }]
    expect(sources.map(isSecretSource)).toEqual([true, true, true])
    expect(sources.map(sourceText)).toEqual(['env A', 'file a.pem', 'generated password'])
    const others = [
      null,
      'env',
      7,
      ['env'],
      {},
      { env: 1 },
      { env: 'A', file: 'b' },
      { Key: 'env', Value: 'A' },
      secret,
    ]
    expect(others.map(isSecretSource)).toEqual(others.map(() => false))
  })

  it('stands in a step where the operation takes a secret, and nowhere else', () => {
    expectTypeOf<Planned<{ Password: Secret; UserName: string | undefined }>>().toEqualTypeOf<{
      Password: SecretSource
      UserName: string | undefined
    }>()
    expectTypeOf<Planned<{ NewPassword?: Secret | undefined }>>().toEqualTypeOf<{
      NewPassword?: SecretSource | undefined
    }>()
    expectTypeOf<Planned<Record<string, never>>>().toEqualTypeOf<Record<string, never>>()
  })
})
