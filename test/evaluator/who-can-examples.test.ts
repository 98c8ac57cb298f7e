import { expect, it } from 'vitest'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, HOME } from './estate-world.ts'

const QUESTION = { action: 's3:GetObject', resource: 'arn:aws:s3:::data/x', context: new Map() }

async function grantTo(condition: object, denied: object | null = null) {
  const statements = [allow('s3:GetObject', { Condition: condition })]
  if (denied !== null) statements.push(deny('s3:GetObject', { Condition: denied }))
  const account = accountOf(HOME, { bob: { policy: document(...statements) } })
  const { grants } = (await createEvaluator(estateWith([account]), FACTS)).whoCan(QUESTION)
  return grants.find(({ principal }) => principal.endsWith('user/bob'))
}

const exampleOf = async (condition: object, denied: object | null = null) =>
  (await grantTo(condition, denied))?.conditions?.example

it.each([
  ['aws:SourceIp', /^\d+\.\d+\.\d+\.\d+$/],
  ['aws:MultiFactorAuthPresent', /^true$/],
  ['aws:MultiFactorAuthAge', /^\d+$/],
  ['aws:TokenIssueTime', /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/],
  ['aws:SourceVpce', /^vpce-/],
])('an example has values of the form of its key: %s', async (key, form) => {
  const example = await exampleOf({ Null: { [key]: 'false' } })
  expect(example).toEqual(expect.objectContaining({ [key]: expect.stringMatching(form) }))
})

it('an example that tells how long ago MFA was tells of MFA', async () => {
  const example = await exampleOf({ NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } })
  expect(example).toEqual({ 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '3599' })
})

it.each([
  [{ Null: { 'aws:MultiFactorAuthPresent': 'false' } }, null],
  [{ Null: { 'aws:MultiFactorAuthAge': 'false' } }, null],
  [{}, { Null: { 'aws:MultiFactorAuthPresent': 'true' } }],
])('whoever has to have signed in a short time ago is listed: %j but not %j', async (more, denied) => {
  const condition = { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' }, ...more }
  expect((await grantTo(condition, denied))?.decision).toBe('conditional')
})

it('no request lacks what every request has', async () => {
  expect(await grantTo({ Null: { 'aws:SecureTransport': 'true' } })).toBeUndefined()
  expect((await grantTo({ Null: { 'aws:SecureTransport': 'false' } }))?.decision).toBe('allow')
})

it('there are addresses between a range and those inside it', async () => {
  const example = await exampleOf(
    { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } },
    { IpAddress: { 'aws:SourceIp': ['198.51.100.0/25', '198.51.100.128/26'] } },
  )
  expect(example).toEqual({ 'aws:SourceIp': '198.51.100.192' })
})

it('there are addresses of a beginning that a pattern asks for', async () => {
  const example = await exampleOf({ StringLike: { 'aws:SourceIp': '198.51.*' } })
  expect(example).toEqual({ 'aws:SourceIp': '198.51.1.1' })
})

it('there are numbers and dates between two', async () => {
  const numbers = { NumericGreaterThan: { 'aws:Example': '1' }, NumericLessThan: { 'aws:example': '2' } }
  expect(await exampleOf(numbers)).toEqual({ 'aws:Example': '1.5' })
  const dates = {
    DateGreaterThan: { 'aws:TokenIssueTime': '2030-01-01T00:00:00Z' },
    DateLessThan: { 'aws:tokenissuetime': '2030-01-01T00:00:01Z' },
  }
  expect(await exampleOf(dates)).toEqual({ 'aws:TokenIssueTime': '2030-01-01T00:00:00.500Z' })
})

it('one moment may be told apart by parts of its second', async () => {
  const time = '2030-01-01T00:00:00Z'
  const grant = await grantTo({
    DateNotEquals: { 'aws:CurrentTime': time },
    DateEquals: { 'aws:EpochTime': time },
  })
  expect(grant?.decision).toBe('conditional')
  expect(grant?.conditions?.example).toEqual({
    'aws:CurrentTime': '2030-01-01T00:00:00.500Z',
    'aws:EpochTime': String(Date.parse(time) / 1000),
  })
})
