import { describe, expect, it } from 'vitest'
import { createPolicyEvaluator } from '../../src/evaluator/policy-evaluator.ts'
import { parseArn } from '../../src/model/index.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { Random } from './random-cases.ts'
import { SEED } from './seed.ts'

const OWN = '111122223333'
const PRINCIPAL = `arn:aws:iam::${OWN}:user/alice`
const COUNT = 3000

const allowAll = () => {
  const { policy } = parsePolicy(
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    null,
    'identity',
    'evaluate',
  )
  if (policy === null) throw new Error('the policy is malformed')
  return { identity: [{ id: 'all', policy }] }
}

/** Texts with colons at any distance, most of them ARNs, with accounts that are nearly some. */
function drawText(random: Random): string {
  const letters = (most: number) => 'x'.repeat(random.below(most))
  const accounts = [
    OWN,
    '444455556666',
    '',
    '11112222333',
    '11112222333:',
    '1111222233334',
    '11112222333/',
    '٣'.repeat(12),
  ]
  const partition = random.pick(['aws', 'aws', 'aws', '', 'aws-cn', 'awsx', `aws${letters(40)}`])
  const text = `arn:${partition}:${letters(30)}:${letters(30)}:${random.pick(accounts)}:${letters(20)}`
  return random.below(4) === 0 ? text.slice(0, random.below(text.length + 1)) : text
}

/** What the texts say of themselves: allowed where the owner is the principal's account, of its partition. */
function expectedOf(text: string): string | null {
  const arn = parseArn(text)
  if (arn === null) return null
  const owner = /^\d{12}$/.test(arn.account) ? arn.account : OWN
  return owner === OWN && (arn.partition === 'aws' || arn.partition === '') ? 'allow' : 'implicit_deny'
}

describe('the ARN of a resource', () => {
  it(`is read alike wherever its colons stand (seed ${SEED})`, async () => {
    const evaluator = await createPolicyEvaluator()
    const layers = allowAll()
    const random = new Random(SEED)
    const seen = new Set<string | null>()
    for (let count = 0; count < COUNT; count++) {
      const resource = drawText(random)
      const request = { principal: PRINCIPAL, action: 's3:GetObject', resource, context: new Map() }
      const expected = resource === '*' ? 'allow' : expectedOf(resource)
      seen.add(expected)
      if (expected === null)
        expect(() => evaluator.decide({ request, layers }), resource).toThrow('neither an ARN')
      else expect(evaluator.decide({ request, layers }), resource).toBe(expected)
    }
    expect(seen).toEqual(new Set(['allow', 'implicit_deny', null]))
  })
})
