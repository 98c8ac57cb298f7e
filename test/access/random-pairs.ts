// Random pairs of policies over small alphabets, near each other, and every request that such policies can tell apart.

import type { Random } from '../evaluator/random-cases.ts'
import type { CasePolicies, CaseRequest, Document, Statement, Texts } from '../oracle/case.ts'

export const PRINCIPAL = 'arn:aws:iam::111122223333:user/al'

const ACTIONS = ['x:a', 'x:ab', 'y:a', 'X:B']
const ACTION_PATTERNS = [...ACTIONS, 'x:*', '*', 'x:a*', 'x:?', 'y:*', '*:*']
const RESOURCES = [
  '*',
  'arn:aws:s::1:a',
  'arn:aws:s::1:ab',
  'arn:aws:s::1:b',
  'arn:aws:s::1:a:b',
  'arn:aws:s:r:1:a',
  'arn:aws:t::1:al',
  'arn:aws:s::1:al/a',
  'arn:aws:s::1:A',
]
const RESOURCE_PATTERNS = [
  ...RESOURCES,
  '*',
  'arn:aws:s::1:*',
  'arn:aws:s:*:1:a',
  'arn:aws:s::1:a*',
  'arn:aws:s::1:?',
  'arn:aws:s::1:*b',
  'arn:aws:*:*:*:*',
  'arn:aws:s*',
  'arn:aws:*:a',
  'arn:aws:?::1:${aws:username}*',
  'arn:aws:s::1:${aws:username}/a',
  'arn:aws:s::1:${x:s}*',
]

interface KeySpace {
  readonly operators: readonly string[]
  readonly wanted: readonly string[]
  /** Values that requests have. */
  readonly given: readonly string[]
}

const KEYS: Readonly<Record<string, KeySpace>> = {
  'x:s': {
    operators: [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    wanted: ['a', 'b', 'A', 'a*', '*', '?', 'ab', '${aws:username}', '${*}', 'a?'],
    given: ['a', 'b', 'A', 'ab', 'AB', 'al', '*', 'zzz', 'z'],
  },
  'x:n': {
    operators: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    wanted: ['1', '2', '2.0', '-1', 'q'],
    given: ['-2', '-1', '0', '1', '1.5', '2', '3', 'q'],
  },
  'x:d': {
    operators: [
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    wanted: ['2020-01-01', '2021-01-01T00:00:00Z', '1577836800', 'q'],
    given: ['2019-01-01', '2020-01-01', '2020-06-01', '2021-01-01', '2022-01-01', 'q'],
  },
  'x:i': {
    operators: ['IpAddress', 'NotIpAddress'],
    wanted: ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '2001:db8::/32', 'q'],
    given: ['10.0.0.1', '10.1.0.1', '10.1.2.3', '11.0.0.1', '2001:db8::1', 'q'],
  },
  'x:r': {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    wanted: ['arn:aws:s::1:a', 'arn:aws:s:*:1:*', 'arn:*:s::1:a', '*', 'arn:aws:s::1:?', '*:aws:s::1:a'],
    given: ['arn:aws:s::1:a', 'arn:aws:s:r:1:b', 'arn:aws:t::1:a', 'a', 'arn:aws:s::1:a:b'],
  },
  'x:b': { operators: ['Bool'], wanted: ['true', 'false', 'True', 'q'], given: ['true', 'false', 'q'] },
  'x:y': { operators: ['BinaryEquals'], wanted: ['YQ==', 'Yg==', 'q'], given: ['YQ==', 'Yg==', 'Yw=='] },
}
const KEY_NAMES = Object.keys(KEYS)

export interface Pair {
  readonly before: CasePolicies
  readonly after: CasePolicies
}

/** @param open whether variables of keys that requests may set occur as well */
export function randomPair(random: Random, open: boolean): Pair {
  const keys = [random.pick(KEY_NAMES), random.pick(KEY_NAMES)]
  const make = { random, keys, open }
  const before = randomPolicies(make)
  return { before, after: random.chance(0.15) ? randomPolicies(make) : mutated(before, make) }
}

interface Making {
  readonly random: Random
  readonly keys: readonly string[]
  readonly open: boolean
}

function randomPolicies(make: Making): CasePolicies {
  const { random } = make
  return {
    identity: Array.from({ length: 1 + random.below(2) }, () => randomDocument(make)),
    ...(random.chance(0.3) ? { boundary: [randomDocument(make)] } : {}),
    ...(random.chance(0.25)
      ? { scp: [[FULL_ACCESS, withWholeArns(randomDocument(make))], [withWholeArns(randomDocument(make))]] }
      : {}),
  }
}

/** A control policy with a short ARN is malformed. */
const withWholeArns = (document: Document): Document =>
  JSON.parse(JSON.stringify(document).replaceAll('"arn:aws:*:a"', '"arn:aws:*:a*"'))

const FULL_ACCESS: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

function randomDocument(make: Making): Document {
  const { random } = make
  return {
    ...(random.chance(0.85) ? { Version: '2012-10-17' } : {}),
    Statement: Array.from({ length: 1 + random.below(3) }, () => randomStatement(make)),
  }
}

function listFrom(random: Random, all: readonly string[], most: number): Texts {
  const list = Array.from({ length: 1 + random.below(most) }, () => random.pick(all))
  return list.length === 1 ? (list[0] ?? '*') : list
}

function randomStatement(make: Making): Statement {
  const { random, open } = make
  const resources = open
    ? RESOURCE_PATTERNS
    : RESOURCE_PATTERNS.filter((pattern) => !pattern.includes('${x:'))
  return {
    Effect: random.chance(0.7) ? 'Allow' : 'Deny',
    [random.chance(0.85) ? 'Action' : 'NotAction']: listFrom(random, ACTION_PATTERNS, 2),
    [random.chance(0.85) ? 'Resource' : 'NotResource']: listFrom(random, resources, 2),
    ...(random.chance(0.6) ? { Condition: randomConditions(make) } : {}),
  }
}

function randomConditions({ random, keys }: Making): NonNullable<Statement['Condition']> {
  const block: Record<string, Record<string, Texts>> = {}
  for (let count = 1 + random.below(2); count > 0; count--) {
    const key = random.pick(keys)
    const space = KEYS[key]
    if (space === undefined) continue
    if (random.chance(0.15)) {
      block.Null = { ...block.Null, [key]: random.pick(['true', 'false']) }
      continue
    }
    const set = random.chance(0.3) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : ''
    const operator = `${set}${random.pick(space.operators)}${random.chance(0.2) ? 'IfExists' : ''}`
    block[operator] = { ...block[operator], [key]: listFrom(random, space.wanted, 2) }
  }
  return block
}

/** One thing changed: what reviewers overlook. */
function mutated(policies: CasePolicies, make: Making): CasePolicies {
  const { random } = make
  const layers = [
    { name: 'identity', list: policies.identity ?? [] },
    ...(policies.boundary == null ? [] : [{ name: 'boundary', list: policies.boundary }]),
    ...(policies.scp ?? []).map((list, level) => ({ name: `scp${level}`, list })),
  ]
  if (random.chance(0.1)) {
    const { boundary, ...rest } = policies
    return boundary == null ? { ...policies, boundary: [randomDocument(make)] } : rest
  }
  const chosen = random.pick(layers)
  const changed = chosen.list.map((document, index) =>
    index === 0 || random.chance(0.3) ? mutatedDocument(document, make) : document,
  )
  if (chosen.name === 'identity') return { ...policies, identity: changed }
  if (chosen.name === 'boundary') return { ...policies, boundary: changed }
  return {
    ...policies,
    scp: (policies.scp ?? []).map((list, level) =>
      `scp${level}` === chosen.name ? changed.map(withWholeArns) : list,
    ),
  }
}

function mutatedDocument(document: Document, make: Making): Document {
  const { random } = make
  const statements: Statement[] = [...(document.Statement as readonly Statement[])]
  const at = random.below(statements.length)
  const old = statements[at]
  if (old === undefined) return document
  switch (random.below(8)) {
    case 0:
      statements.splice(at, 1)
      break
    case 1:
      statements.push(randomStatement(make))
      break
    case 2: {
      const { Condition: _, ...rest } = old
      statements[at] = rest
      break
    }
    case 3:
      statements[at] = { ...old, Condition: randomConditions(make) }
      break
    case 4: {
      const { Resource: _r, NotResource: _n, ...rest } = old
      const { Resource, NotResource } = randomStatement(make)
      statements[at] = { ...rest, ...(Resource === undefined ? { NotResource } : { Resource }) } as Statement
      break
    }
    case 5: {
      const { Action: _a, NotAction: _n, ...rest } = old
      const { Action, NotAction } = randomStatement(make)
      statements[at] = { ...rest, ...(Action === undefined ? { NotAction } : { Action }) } as Statement
      break
    }
    case 6:
      return { ...document, Version: document.Version === undefined ? '2012-10-17' : '2008-10-17' }
    default:
      statements[at] = { ...old, Effect: old.Effect === 'Allow' ? 'Deny' : 'Allow' }
  }
  return { ...document, Statement: statements.length === 0 ? [randomStatement(make)] : statements }
}

/** Every request over the alphabets, with the keys that these policies name. */
export function* requestsFor({ before, after }: Pair): Iterable<CaseRequest> {
  const text = JSON.stringify([before, after])
  const keys = KEY_NAMES.filter((key) => text.includes(key))
  for (const action of [...ACTIONS, 'x:zz', 'z:z'])
    for (const resource of RESOURCES) {
      for (const context of contextsOf(keys)) yield { principal: PRINCIPAL, action, resource, context }
    }
}

function contextsOf(keys: readonly string[]): readonly Readonly<Record<string, readonly string[]>>[] {
  let contexts: Readonly<Record<string, readonly string[]>>[] = [{}]
  for (const key of keys) {
    const given = KEYS[key]?.given ?? []
    const pairs = given.flatMap((one, index) => given.slice(index + 1, index + 3).map((two) => [one, two]))
    const values: readonly (readonly string[] | null)[] = [null, ...given.map((value) => [value]), ...pairs]
    contexts = contexts.flatMap((context) =>
      values.map((each) => (each === null ? context : { ...context, [key]: each })),
    )
  }
  return contexts
}
