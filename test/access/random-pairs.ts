// Random pairs of policies over small alphabets, near each other as successive versions are.
import type { Random } from '../evaluator/random-cases.ts'
import type { CasePolicies, Document, Statement, Texts } from '../oracle/case.ts'
import {
  ACTION_PATTERNS,
  KEYS,
  type KeySpace,
  MIXED,
  OPEN_RESOURCE_PATTERNS,
  RELATED_KEYS,
  RESOURCE_PATTERNS,
} from './alphabets.ts'

export const HOME = '111122223333'
export const USER = `arn:aws:iam::${HOME}:user/al`
export const ROLE = `arn:aws:iam::${HOME}:role/al`
/** A tag of either, with its value. */
export const TEAM_TAG = 'aws:PrincipalTag/team'
export const TEAM = 'a'

/**
 * `pinned`: all variables are known by who asks; `open`: requests may set some; `mixed`: values of one key are read in
 * several ways.
 */
export type PairKind = 'pinned' | 'open' | 'mixed'

export interface Pair {
  readonly kind: PairKind
  readonly principal: string
  readonly before: CasePolicies
  readonly after: CasePolicies
}

interface Making {
  readonly random: Random
  readonly keys: readonly string[]
  readonly kind: PairKind
  readonly isRole: boolean
}

const KEY_NAMES = Object.keys(KEYS).filter((key) => !/^aws:(?:username|PrincipalTag)/.test(key))

export function randomPair(random: Random, kind: PairKind): Pair {
  const isRole = random.chance(0.2)
  const keys =
    kind === 'mixed'
      ? ['x:m']
      : random.chance(0.4)
        ? random.pick(RELATED_KEYS)
        : [random.pick(KEY_NAMES), random.pick(KEY_NAMES)]
  const make = { random, keys, kind, isRole }
  const before = randomPolicies(make)
  const after = random.chance(0.15) ? randomPolicies(make) : mutated(before, make)
  return { kind, principal: isRole ? ROLE : USER, before, after }
}

function randomPolicies(make: Making): CasePolicies {
  const { random, isRole } = make
  return {
    identity: Array.from({ length: 1 + random.below(2) }, () => randomDocument(make)),
    ...(random.chance(0.25) ? { boundary: [randomDocument(make)] } : {}),
    ...(isRole && random.chance(0.4) ? { session: [randomDocument(make)] } : {}),
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
    ...(random.chance(0.9) ? { Version: '2012-10-17' } : {}),
    Statement: Array.from({ length: 1 + random.below(3) }, () => randomStatement(make)),
  }
}

function listFrom(random: Random, all: readonly string[], most: number): Texts {
  if (random.chance(0.01)) return []
  const list = Array.from({ length: 1 + random.below(most) }, () => random.pick(all))
  return list.length === 1 ? (list[0] ?? '*') : list
}

const ALL_RESOURCES = [...RESOURCE_PATTERNS, ...OPEN_RESOURCE_PATTERNS]

function randomStatement(make: Making): Statement {
  const { random, kind } = make
  return {
    Effect: random.chance(0.7) ? 'Allow' : 'Deny',
    [random.chance(0.85) ? 'Action' : 'NotAction']: listFrom(random, ACTION_PATTERNS, 2),
    [random.chance(0.85) ? 'Resource' : 'NotResource']: listFrom(
      random,
      kind === 'open' ? ALL_RESOURCES : RESOURCE_PATTERNS,
      2,
    ),
    ...(random.chance(0.6) ? { Condition: randomConditions(make) } : {}),
  }
}

function randomConditions({ random, keys, kind }: Making): NonNullable<Statement['Condition']> {
  const block: Record<string, Record<string, Texts>> = {}
  for (let count = 1 + random.below(3); count > 0; count--) {
    const key = random.pick(keys)
    const space = spaceOf(key)
    if (random.chance(0.12)) {
      const set = random.chance(0.15) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : ''
      block[`${set}Null`] = {
        ...block[`${set}Null`],
        [key]: random.pick(['true', 'false', ['true', 'false']]),
      }
      continue
    }
    const set = random.chance(0.4) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : ''
    const operator = `${set}${random.pick(space.operators)}${random.chance(0.2) ? 'IfExists' : ''}`
    const wanted = kind === 'open' ? [...space.wanted, ...(space.open ?? [])] : space.wanted
    block[operator] = { ...block[operator], [key]: listFrom(random, wanted, 3) }
  }
  return block
}

export function spaceOf(key: string): KeySpace {
  const space = key === 'x:m' ? MIXED : KEYS[key]
  if (space === undefined) throw new Error(`no alphabet for ${key}`)
  return space
}

/** One thing changed: what reviewers overlook. */
function mutated(policies: CasePolicies, make: Making): CasePolicies {
  const { random } = make
  if (random.chance(0.1)) {
    const { boundary, ...rest } = policies
    return boundary == null ? { ...policies, boundary: [randomDocument(make)] } : rest
  }
  const changed = (documents: readonly Document[]) =>
    documents.map((document, index) =>
      index === 0 || random.chance(0.3) ? mutatedDocument(document, make) : document,
    )
  const { identity, boundary, session, scp } = policies
  const layers: readonly (() => CasePolicies)[] = [
    () => ({ ...policies, identity: changed(identity ?? []) }),
    ...(boundary == null ? [] : [() => ({ ...policies, boundary: changed(boundary) })]),
    ...(session == null ? [] : [() => ({ ...policies, session: changed(session) })]),
    ...(scp ?? []).map((_, level) => () => ({
      ...policies,
      scp: (scp ?? []).map((list, at) => (at === level ? changed(list).map(withWholeArns) : list)),
    })),
  ]
  return random.pick(layers)()
}

function mutatedDocument(document: Document, make: Making): Document {
  const { random } = make
  const statements: Statement[] = [...(document.Statement as readonly Statement[])]
  const at = random.below(statements.length)
  const old = statements[at]
  if (old === undefined) return document
  switch (random.below(9)) {
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
    case 7:
      // The same conditions with one more.
      statements[at] = { ...old, Condition: { ...randomConditions(make), ...old.Condition } }
      break
    default:
      statements[at] = { ...old, Effect: old.Effect === 'Allow' ? 'Deny' : 'Allow' }
  }
  return { ...document, Statement: statements.length === 0 ? [randomStatement(make)] : statements }
}
