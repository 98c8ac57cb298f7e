// Random conditions on open keys, alone and in variables, decided in a pool of contexts: whoever is allowed in one of them is
// listed, and nobody is shown a context that doesn't let them in.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { expect, it } from 'vitest'
import { createEvaluator, type Evaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { PolicyStatement } from '../../src/model/index.ts'
import { sampleOf } from '../sample-size.ts'
import { accountOf, allow, deny, document, estateWith, FACTS, HOME } from './estate-world.ts'
import { Random } from './random-cases.ts'

type Pool = Readonly<Record<string, readonly (string | null)[]>>
type Test = readonly [operators: readonly string[], key: string, values: readonly string[]]

interface Family {
  readonly action: string
  readonly resource: string
  readonly tests: readonly Test[]
  /** Values of keys; what isn't in any of a context's keys is left out. */
  readonly pool: Pool
  readonly rounds: number
  isReal(context: ReadonlyMap<string, readonly string[]>): boolean
}

const STRING = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase']
const compared = (kind: string) =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (comparison) => kind + comparison,
  )
const NULL: readonly string[] = ['true', 'false']
const T = '2030-05-05T00:00:00Z'
const T_HALF = '2030-05-05T00:00:00.500Z'
const T_NEXT = '2030-05-05T00:00:01Z'
const seconds = (time: string) => String(Math.floor(Date.parse(time) / 1000))

const FAMILIES: Readonly<Record<string, Family>> = {
  'signing in': {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::data/x',
    tests: [
      [['Bool', 'BoolIfExists'], 'aws:MultiFactorAuthPresent', NULL],
      [['Null'], 'aws:MultiFactorAuthPresent', NULL],
      [['Null'], 'aws:MultiFactorAuthAge', NULL],
      [
        ['NumericLessThan', 'NumericGreaterThan', 'NumericLessThanIfExists'],
        'aws:MultiFactorAuthAge',
        ['3600', '60'],
      ],
      [['Null'], 'aws:TokenIssueTime', NULL],
      [['DateGreaterThan', 'DateLessThan', 'DateGreaterThanIfExists'], 'aws:TokenIssueTime', [T, T_NEXT]],
      [['Null'], 'aws:SecureTransport', NULL],
      [['Bool'], 'aws:SecureTransport', NULL],
    ],
    pool: {
      'aws:MultiFactorAuthPresent': [null, 'true', 'false'],
      'aws:MultiFactorAuthAge': [null, '5', '60', '1000', '4000'],
      'aws:TokenIssueTime': [null, '2029-01-01T00:00:00Z', T, T_HALF, '2031-01-01T00:00:00Z'],
      'aws:SecureTransport': ['true', 'false'],
    },
    rounds: sampleOf(150, 1 / 5),
    isReal: (context) =>
      (context.get('aws:MultiFactorAuthPresent')?.[0] === 'true' || !context.has('aws:MultiFactorAuthAge')) &&
      (context.has('aws:TokenIssueTime') || !context.has('aws:MultiFactorAuthPresent')),
  },
  'the moment': {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::data/x',
    tests: [
      [compared('Date'), 'aws:CurrentTime', [T, T_HALF, T_NEXT]],
      [compared('Date'), 'aws:EpochTime', [T, T_HALF, T_NEXT]],
      [compared('Numeric'), 'aws:EpochTime', [seconds(T), `${seconds(T)}.5`, seconds(T_NEXT)]],
    ],
    pool: {
      'aws:CurrentTime': [
        '2030-05-04T23:59:59Z',
        '2030-05-04T23:59:59.500Z',
        T,
        '2030-05-05T00:00:00.250Z',
        T_HALF,
        '2030-05-05T00:00:00.750Z',
        T_NEXT,
        '2030-05-05T00:00:01.500Z',
        '2030-05-05T00:00:02Z',
        '2030-06-01T00:00:00Z',
      ],
    },
    rounds: sampleOf(150, 1 / 5),
    isReal: () => true,
  },
  'the request': {
    action: 's3:ListBucket',
    resource: 'arn:aws:s3:::data',
    tests: [
      [
        STRING,
        's3:prefix',
        [
          '',
          'home/',
          'home/*',
          'ab',
          'Ab',
          '*a*',
          '${aws:username}/*',
          '${aws:PrincipalTag/x}',
          "${aws:PrincipalTag/y, 'd'}",
          '${aws:Referer}',
          "${aws:Referer, 'none'}",
        ],
      ],
      [STRING, 'aws:Referer', ['a', '${s3:prefix}', 'x${aws:PrincipalTag/x}', "${aws:UserAgent, 'd'}"]],
      [
        STRING,
        'aws:PrincipalTag/x',
        ['ab', '${s3:prefix}', "${s3:prefix, 'ab'}", '${s3:prefix}b', '${aws:Referer}', '${s3:prefix}*'],
      ],
      [STRING, 'aws:username', ['${s3:prefix}', '${aws:Referer}', '*${aws:Referer}']],
      [STRING, 'aws:PrincipalTag/y', ['${s3:prefix}']],
      [['Null'], 's3:prefix', NULL],
      [['Null'], 'aws:Referer', NULL],
      [compared('Numeric'), 's3:max-keys', ['10', '11', '20']],
      [['Null'], 's3:max-keys', NULL],
      [
        ['IpAddress', 'NotIpAddress'],
        'aws:SourceIp',
        ['203.0.113.0/24', '203.0.113.0/25', '203.0.113.9/32', '10.0.0.0/8'],
      ],
      [['StringLike', 'StringNotLike'], 'aws:SourceIp', ['203.0.*', '10.*']],
    ],
    pool: {
      's3:prefix': [
        null,
        '',
        'home/',
        'home/a',
        'bob/',
        'bob',
        'ab',
        'Ab',
        'AB',
        'a',
        'd',
        'q',
        'none',
        'zz',
      ],
      'aws:Referer': [null, 'a', 'ab', 'bob', 'ob', 'xab', 'home/', 'd', 'q'],
      's3:max-keys': [null, '5', '10', '10.5', '11', '15', '20', '25'],
      'aws:SourceIp': [null, '203.0.113.1', '203.0.113.9', '203.0.113.200', '10.1.1.1', '8.8.8.8'],
    },
    rounds: 60,
    isReal: () => true,
  },
}

function conditionOf(random: Random, tests: readonly Test[]) {
  const condition: Record<string, Record<string, string | string[]>> = {}
  for (let count = 1 + random.below(3); count > 0; count--) {
    const [operators, key, values] = random.pick(tests)
    const operator = random.pick(operators)
    const value =
      random.chance(0.15) && operator !== 'Null'
        ? [random.pick(values), random.pick(values)]
        : random.pick(values)
    condition[operator] = { ...condition[operator], [key]: value }
  }
  return { Condition: condition }
}

function statementsOf(random: Random, { action, tests }: Family): readonly PolicyStatement[] {
  const denials = random.below(3)
  return [
    allow(action, conditionOf(random, tests)),
    ...Array.from({ length: denials }, (_, index) =>
      deny(action, { Sid: `No${index}`, ...conditionOf(random, tests) }),
    ),
  ]
}

/** All real contexts of the keys that the statements speak of. */
function contextsOf(
  { pool, isReal }: Family,
  text: string,
): readonly ReadonlyMap<string, readonly string[]>[] {
  let contexts: ReadonlyMap<string, readonly string[]>[] = [new Map()]
  for (const [key, values] of Object.entries(pool)) {
    const keys = key === 'aws:CurrentTime' ? [key, 'aws:EpochTime'] : [key]
    if (
      !keys.some((each) => text.includes(each)) &&
      !key.startsWith('aws:Multi') &&
      key !== 'aws:TokenIssueTime'
    )
      continue
    contexts = contexts.flatMap((context) =>
      values.map((value) => {
        if (value === null) return context
        const more = new Map([...context, [key, [value]]])
        if (key === 'aws:CurrentTime') more.set('aws:EpochTime', [seconds(value)])
        return more
      }),
    )
  }
  return contexts.filter(isReal)
}

const USERS = { bob: { tags: { x: 'ab' } }, empty: { tags: { x: '' } }, bare: {} }

async function evaluatorOf(statements: readonly PolicyStatement[]): Promise<Evaluator> {
  const policy = document(...statements)
  const users = Object.fromEntries(Object.entries(USERS).map(([name, parts]) => [name, { ...parts, policy }]))
  return await createEvaluator(estateWith([accountOf(HOME, users)]), FACTS)
}

it.each(Object.entries(FAMILIES))('whoever some context lets in is listed: %s', async (_, family) => {
  const random = new Random(20260731)
  const seen = { allow: 0, conditional: 0, unknown: 0, none: 0 }
  for (let number = 0; number < family.rounds; number++) {
    const statements = statementsOf(random, family)
    const { action, resource } = family
    const evaluator = await evaluatorOf(statements)
    const decide = (principal: string, contexts: readonly ReadonlyMap<string, readonly string[]>[]) =>
      evaluator
        .evaluateMany(contexts.map((context) => ({ principal, action, resource, context })))
        .map(({ decision }) => decision)
    const contexts = contextsOf(family, JSON.stringify(statements))
    const { grants } = evaluator.whoCan({ action, resource, context: new Map() })
    for (const name of Object.keys(USERS)) {
      const principal = `arn:aws:iam::${HOME}:user/${name}`
      const grant = grants.find((each) => each.principal === principal)
      seen[grant?.decision ?? 'none']++
      const shown = `${name}: ${JSON.stringify(statements)}`
      const decisions = decide(principal, contexts)
      const allowed = contexts[decisions.indexOf('allow')]
      if (grant === undefined) expect(allowed, shown).toBeUndefined()
      else if (grant.decision === 'allow') expect(new Set(decisions), shown).toEqual(new Set(['allow']))
      else if (grant.decision === 'conditional') {
        const example = Object.entries(grant.conditions?.example ?? {})
        const context = new Map(example.map(([key, value]) => [key, [value].flat()]))
        expect(decide(principal, [context]), shown).toEqual(['allow'])
      }
    }
  }
  // What isn't known is the exception.
  expect(seen.unknown / (seen.conditional + seen.none + seen.allow)).toBeLessThan(0.1)
  expect(Math.min(seen.conditional, seen.none)).toBeGreaterThan(20)
})
