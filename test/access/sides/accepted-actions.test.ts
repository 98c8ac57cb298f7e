import { expect, it } from 'vitest'
import type { PolicyDocument } from '../../../src/model/index.ts'
import { parsePolicy } from '../../../src/policy/parse.ts'
import { accountOf, allow, document, estateWith, HOME } from '../../evaluator/estate-world.ts'
import fc from '../../fixed-seed.ts'
import { sampleOf } from '../../sample-size.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

/** Pieces of what people write, and of what they mistype. */
const PIECES = [
  's3',
  'S3:',
  ':',
  'Get',
  'Object',
  '*',
  '?',
  ',',
  ' ',
  '\t',
  '\n',
  'é',
  'İ',
  '_',
  '-',
  '.',
  '/',
  '%',
  '"',
  '{',
  '\\',
  '😀',
]
const texts = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 })
  .map((pieces) => `s3:${pieces.join('')}`)

const isAccepted = (policy: PolicyDocument): boolean =>
  !parsePolicy(policy, null, 'identity', 'validate').diagnostics.some(({ severity }) => severity === 'error')

it('whatever is accepted as an action can be compared, planned and asked about', { timeout: 60_000 }, () => {
  let accepted = 0
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom('Action', 'NotAction'),
      fc.constantFrom('Allow', 'Deny'),
      (action, element, effect) => {
        const statement = { Effect: effect, [element]: action, Resource: '*' } as never
        const policy = document(allow('s3:GetObject'), statement)
        if (!isAccepted(policy)) return
        accepted++
        const { analyzer, diff } = analysis()
        const before = document(allow('ec2:DescribeInstances'))
        analyzer.diffPolicies({ json: before, located: null }, { json: policy, located: null })
        const [old, recent] = [before, policy].map((each) =>
          estateWith([accountOf(HOME, { al: { policy: each } }, {})]),
        )
        if (old === undefined || recent === undefined) throw new Error('two estates')
        diff(old, recent)
        analyzer.whoMay(recent, { actions: ['s3:*'], resources: ['*'], context: new Map() })
      },
    ),
    { numRuns: sampleOf(150), seed: 1 },
  )
  expect(accepted).toBeGreaterThan(sampleOf(90))
})

it('an action with a character that no action has matches nothing', () => {
  const both = (...statements: readonly object[]) => document(...(statements as never[]))
  const on = (effect: 'Allow' | 'Deny', action: string) => ({ Effect: effect, Action: action, Resource: '*' })
  const verdict = (before: PolicyDocument, after: PolicyDocument) =>
    analysis().analyzer.diffPolicies({ json: before, located: null }, { json: after, located: null }).verdict
  const get = on('Allow', 's3:GetObject')
  expect(verdict(both(get), both(get, on('Allow', 's3:Get*,Put*')))).toBe('none')
  expect(verdict(both(get), both(get, on('Deny', 's3:Get*,Put*')))).toBe('none')
  expect(verdict(both(get), both(get, { Effect: 'Allow', NotAction: 's3:Get*,Put*', Resource: '*' }))).toBe(
    'gained',
  )
})
