// Random policies of a queue that everybody is let in by, narrowed and denied by keys that tell who asks, against requests
// that strangers can send, one by one.
import { beforeAll, expect, test } from 'vitest'
import { publicStatements } from '../../../src/access/public/s3-ruling.ts'
import { Symbols } from '../../../src/access/symbolic/symbols.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../../../src/evaluator/policy-evaluator.ts'
import type { PolicyDocument } from '../../../src/model/index.ts'
import { parsePolicy } from '../../../src/policy/parse.ts'
import { estateWith, HOME, placed } from '../../evaluator/estate-world.ts'
import { Random } from '../../evaluator/random-cases.ts'
import { sampleOf } from '../../sample-size.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const QUEUE = `arn:aws:sqs:us-east-1:${HOME}:jobs`
const ACTION = 'sqs:SendMessage'
const STRANGER = '999999999999'
const POLICIES = sampleOf(600)

/** Values that policies compare a key with, and those that a stranger may have, whatever of the former are fixed. */
interface KeySpace {
  readonly operators: readonly string[]
  readonly written: readonly string[]
  readonly strangers: readonly string[]
  /** Not of anonymous callers. */
  readonly isSigned?: true
}

const TEXT = [
  'StringEquals',
  'StringLike',
  'StringNotEquals',
  'StringNotLike',
  'StringEqualsIfExists',
  'ForAllValues:StringLike',
  'ForAnyValue:StringLike',
]
const ARN = ['ArnEquals', 'ArnLike', 'ArnNotLike', 'ArnLikeIfExists', 'StringLike']
const SPACES: Readonly<Record<string, KeySpace>> = {
  'aws:SourceAccount': {
    operators: TEXT,
    written: [HOME, '444455556666', '4*', '9*', '*'],
    strangers: [STRANGER, '499999999999'],
  },
  'aws:SourceVpc': { operators: TEXT, written: ['vpc-1a2b3c4d', 'vpc-*', '*'], strangers: ['vpc-77777777'] },
  'aws:SourceVpce': {
    operators: TEXT,
    written: ['vpce-1a2b3c4d', 'vpce-*', 'vpc-*'],
    strangers: ['vpce-77777777'],
  },
  'aws:SourceArn': {
    operators: ARN,
    written: [
      `arn:aws:sns:us-east-1:${HOME}:t`,
      'arn:aws:sns:*:*:t',
      'arn:aws:s3:::b',
      'arn:aws:s3:::*',
      'arn:aws:s3:*:*:b',
    ],
    strangers: [`arn:aws:sns:us-east-1:${STRANGER}:t`, 'arn:aws:s3:::another'],
  },
  'aws:SourceIp': {
    operators: ['IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'NotIpAddressIfExists'],
    written: [
      '203.0.113.0/24',
      '0.0.0.0/1',
      '128.0.0.0/1',
      '198.0.0.0/8',
      '64.0.0.0/2',
      '10.0.0.0/8',
      '2000::/3',
    ],
    strangers: ['5.5.5.5', '100.1.1.1', '200.1.1.1', '2600::1'],
  },
  'aws:PrincipalOrgID': {
    operators: [...TEXT, 'StringNotEqualsIfExists'],
    written: ['o-a1b2c3d4e5', 'o-*', 'o-a*'],
    strangers: ['o-a7777777777', 'o-z7777777777'],
    isSigned: true,
  },
  'aws:PrincipalTag/team': {
    operators: TEXT,
    written: ['x', 'y*'],
    strangers: ['x', 'yes', 'no', 'y*'],
    isSigned: true,
  },
  'aws:SecureTransport': {
    operators: ['Bool', 'BoolIfExists'],
    written: ['true', 'false'],
    strangers: ['true', 'false'],
  },
}
const NAMES = Object.keys(SPACES)

const some = <T>(random: Random, list: readonly T[]): T => {
  const chosen = list[random.below(list.length)]
  if (chosen === undefined) throw new RangeError('there is nothing to choose from')
  return chosen
}

function statement(random: Random, effect: string): object {
  const condition: Record<string, Record<string, readonly string[]>> = {}
  for (let count = random.below(3); count > 0; count--) {
    const key = some(random, NAMES)
    const { operators, written } = SPACES[key] ?? { operators: [], written: [] }
    const operator = some(random, operators)
    const values =
      key === 'aws:SecureTransport' ? [some(random, written)] : [some(random, written), some(random, written)]
    condition[operator] = { ...condition[operator], [key]: [...new Set(values)] }
  }
  return {
    Effect: effect,
    Principal: '*',
    Action: ACTION,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }
}

/** Every request that strangers can send, by the keys that a policy speaks of. */
function* requests(
  document: PolicyDocument,
  isSigned: boolean,
): Generator<ReadonlyMap<string, readonly string[]>> {
  const text = JSON.stringify(document)
  const keys = NAMES.filter((key) => text.includes(`"${key}"`))
  const choices = keys.map((key) => {
    const space = SPACES[key]
    if (space === undefined || (space.isSigned === true && !isSigned)) return [null]
    return key === 'aws:SecureTransport' ? space.strangers : [null, ...space.strangers]
  })
  const total = choices.reduce((product, { length }) => product * length, 1)
  for (let number = 0; number < total; number++) {
    const context = new Map<string, readonly string[]>()
    let left = number
    for (const [index, key] of keys.entries()) {
      const values = choices[index] ?? [null]
      const value = values[left % values.length]
      left = Math.floor(left / values.length)
      if (value != null) context.set(key, [value])
    }
    // Through an endpoint there is no public address.
    const comesByEndpoint = context.has('aws:SourceVpc') || context.has('aws:SourceVpce')
    if (!(comesByEndpoint && context.has('aws:SourceIp'))) yield context
  }
}

const analysis = analysisForTests()
const symbols = new Symbols()
let evaluator: PolicyEvaluator
beforeAll(async () => {
  evaluator = await createPolicyEvaluator()
})

const EVERYTHING = parsePolicy(
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  null,
  'identity',
  'evaluate',
).policy

function strangersRequest(document: PolicyDocument): string | null {
  const { policy } = parsePolicy(document, null, 'resource', 'evaluate')
  if (policy === null || EVERYTHING === null) throw new Error('a policy is malformed')
  for (const principal of ['*', `arn:aws:iam::${STRANGER}:role/x`]) {
    const isSigned = principal !== '*'
    const layers = {
      resource: { id: QUEUE, policy },
      ...(isSigned ? { identity: [{ id: 'own', policy: EVERYTHING }] } : {}),
    }
    for (const context of requests(document, isSigned)) {
      const request = { principal, action: ACTION, resource: QUEUE, resourceAccount: HOME, context }
      if (evaluator.decide({ request, layers }) === 'allow') return JSON.stringify([principal, ...context])
    }
  }
  return null
}

/** As if it were a bucket's. */
function isPublicToS3(document: PolicyDocument): boolean {
  const { policy } = parsePolicy(document, null, 'resource', 'evaluate')
  return policy !== null && publicStatements(policy, 'arn:aws:s3:::data', 'bucket', symbols).length > 0
}

test('whoever can send an allowed request as a stranger makes it public, and nobody else does', () => {
  const random = new Random(20260917)
  const counts = { public: 0, private: 0, unknown: 0 }
  for (let number = 0; number < POLICIES; number++) {
    const statements = [statement(random, 'Allow')]
    while (random.below(2) === 0) statements.push(statement(random, random.below(2) === 0 ? 'Allow' : 'Deny'))
    const document = { Version: '2012-10-17', Statement: statements } as unknown as PolicyDocument
    const resource = { arn: QUEUE, account: HOME, policy: placed(document), tags: new Map() }
    const estate = { ...estateWith([]), resources: new Map([[QUEUE, resource]]) }
    const { holds, violations } = analysis().analyzer.noPublicAccess(estate, [HOME])
    const found = strangersRequest(document)
    const told = `${JSON.stringify(document)}\n${found}\n${JSON.stringify(violations.map(({ witness }) => [witness.principal, ...witness.context]))}`
    if (found !== null) expect(holds, told).toBe(false)
    else expect(holds, told).not.toBe(false)
    if (!isPublicToS3(document)) expect(found, `S3 calls it not public: ${told}`).toBe(null)
    counts[holds === true ? 'private' : holds === false ? 'public' : 'unknown']++
  }
  expect(counts.public).toBeGreaterThan(POLICIES / 5)
  expect(counts.private).toBeGreaterThan(POLICIES / 5)
  expect(counts.unknown).toBeLessThan(POLICIES / 100)
})
