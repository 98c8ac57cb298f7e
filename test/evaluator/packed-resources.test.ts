import { describe, expect, it } from 'vitest'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import type { PackedTexts } from '../../src/evaluator/registered.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { Random } from './random-cases.ts'
import { SEED } from './seed.ts'

/** Texts as UTF-8, behind some other bytes. */
function packed(texts: readonly string[], before = 0): PackedTexts {
  const encoded = texts.map((text) => new TextEncoder().encode(text))
  const offsets = [before]
  for (const { length } of encoded) offsets.push((offsets.at(-1) ?? 0) + length)
  const bytes = new Uint8Array((offsets.at(-1) ?? 0) + 7).fill(0x3a)
  for (const [place, text] of encoded.entries()) bytes.set(text, offsets[place])
  return { bytes, offsets: Uint32Array.from(offsets) }
}

async function someEvaluator() {
  const document = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::data/*', 'arn:aws:s3:::ä?/*'] },
      { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::*/secret' },
    ],
  }
  const { policy } = parsePolicy(document, null, 'identity', 'evaluate')
  if (policy === null) throw new Error('the policy is malformed')
  const evaluator = await createPolicyEvaluator()
  const principal = 'arn:aws:iam::111122223333:user/alice'
  evaluator.registerPrincipal({ principal, layers: { identity: [{ id: 'some', policy }] } })
  evaluator.registerAction('s3:GetObject')
  return (resources: readonly string[] | PackedTexts, count: number) =>
    evaluator.decideRegistered({
      principals: new Uint32Array(count),
      actions: new Uint32Array(count),
      resources,
    })
}

describe('resources as bytes and offsets', () => {
  it(`are decided as their texts are (seed ${SEED})`, async () => {
    const decide = await someEvaluator()
    const random = new Random(SEED)
    const texts = Array.from({ length: 3000 }, () =>
      random.chance(0.05)
        ? '*'
        : `arn:aws:s3:::${random.pick(['data', 'ä🎈', 'äx', 'other'])}/${random.pick(['', 'secret', 'x', 'ß'.repeat(random.below(40))])}`,
    )
    const expected = decide(texts, texts.length)
    expect(new Set(expected)).toEqual(new Set([0, 1, 2]))
    expect(decide(packed(texts), texts.length)).toEqual(expected)
    expect(decide(packed(texts, 5), texts.length)).toEqual(expected)
  })

  it('may be none', async () => {
    const decide = await someEvaluator()
    expect(decide(packed([]), 0)).toEqual(new Uint8Array(0))
    expect(decide({ bytes: new Uint8Array(0), offsets: new Uint32Array(0) }, 0)).toEqual(new Uint8Array(0))
  })

  it('are named where one is no ARN, whatever its bytes are', async () => {
    const decide = await someEvaluator()
    const texts = ['arn:aws:s3:::data/x', 'bücket']
    expect(() => decide(packed(texts), 2)).toThrow('resource `bücket` is neither an ARN nor `*`')
    const hostile = { bytes: Uint8Array.of(0xff, 0xfe), offsets: Uint32Array.of(0, 2) }
    expect(() => decide(hostile, 1)).toThrow('is neither an ARN nor `*`')
  })

  it.each([
    ['descend', [0, 19, 10]],
    ['lie beyond the bytes', [0, 19, 400]],
    ['begin beyond the bytes', [400, 419, 420]],
  ])('are refused where offsets %s', async (_, offsets) => {
    const decide = await someEvaluator()
    const { bytes } = packed(['arn:aws:s3:::data/x', 'arn:aws:s3:::data/y'])
    expect(() => decide({ bytes, offsets: Uint32Array.from(offsets) }, 2)).toThrow('is not within the bytes')
  })
})
