// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders

import type {
  Account,
  ConditionBlock,
  ConditionValue,
  OneOrMany,
  PolicyDocument,
  PolicyStatement,
  PrincipalBlock,
} from '../../src/model/index.ts'
import { canonicalStatement, statementsOf } from '../../src/policy/canonical.ts'
import fc from '../fixed-seed.ts'

/** The account that the generated documents stand in. */
export const ACCOUNT: Account = { id: '111122223333', partition: 'aws' }

const oneOrMany = <T>(entry: fc.Arbitrary<T>): fc.Arbitrary<OneOrMany<T>> =>
  fc.oneof(entry, fc.array(entry, { minLength: 1, maxLength: 4 }))

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:Get*',
  's3:*',
  'ec2:Describe?nstances',
  'iam:PassRole',
  'dynamodb:Query',
  'access-analyzer:List*',
  '*',
]

const RESOURCES = [
  '*',
  'arn:aws:s3:::acme-data',
  'arn:aws:s3:::acme-data/*',
  'arn:aws:s3:::acme-home/${aws:username}/*',
  'arn:aws:iam::111122223333:role/service/*',
  'arn:aws:dynamodb:eu-west-1:111122223333:table/Orders',
  'arn:aws:sqs:*:111122223333:jobs-?',
]

/** Per operator: values that it can compare. */
const VALUES: Readonly<Record<string, readonly ConditionValue[]>> = {
  StringEquals: ['payments', 'Payments', '${aws:username}', '10', 'a b'],
  StringNotLike: ['prod-*', '*', 'x?z'],
  'ForAnyValue:StringEquals': ['a', 'b', 'c'],
  'ForAllValues:StringLike': ['team-*', 'owner'],
  StringEqualsIgnoreCaseIfExists: ['eu-west-1', 'us-east-1'],
  NumericLessThanEquals: ['10', 3600, '2.50'],
  DateGreaterThan: ['2026-01-01T00:00:00Z', '1767225600'],
  Bool: ['true', 'false', true, false],
  IpAddress: ['203.0.113.0/24', '2001:db8::/32'],
  ArnLike: ['arn:aws:iam::111122223333:role/*', 'arn:aws:sns:*:111122223333:topic'],
  Null: ['true', 'false', true],
  BinaryEquals: ['QmluYXJ5'],
}
const OPERATORS = Object.keys(VALUES)

const KEYS = [
  'aws:PrincipalTag/team',
  'aws:SourceIp',
  's3:prefix',
  'aws:ResourceTag/cost center',
  'sts:ExternalId',
  'token.actions.githubusercontent.com:sub',
]

/** A condition block that validates without a word. */
const conditionBlock = (): fc.Arbitrary<ConditionBlock> =>
  fc
    .uniqueArray(fc.constantFrom(...OPERATORS), { minLength: 1, maxLength: 3 })
    .chain((operators) =>
      fc
        .tuple(
          ...operators.map((operator) =>
            fc.dictionary(
              fc.constantFrom(...KEYS),
              oneOrMany(fc.constantFrom<ConditionValue>(...(VALUES[operator] ?? []))),
              { minKeys: 1, maxKeys: 2, noNullPrototype: true },
            ),
          ),
        )
        .map((blocks) =>
          Object.fromEntries(operators.map((operator, index) => [operator, blocks[index] ?? {}])),
        ),
    )

/** Who may stand in the `Principal` of a trust policy. */
const principalBlock = (): fc.Arbitrary<PrincipalBlock> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<PrincipalBlock>('*') },
    {
      weight: 5,
      arbitrary: fc
        .record(
          {
            AWS: oneOrMany(
              fc.constantFrom(
                '*',
                '111122223333',
                'arn:aws:iam::111122223333:root',
                '444455556666',
                'arn:aws:iam::111122223333:user/alice',
                'arn:aws:iam::444455556666:role/service/deploy',
                'arn:aws:sts::111122223333:assumed-role/deploy/session',
              ),
            ),
            Service: oneOrMany(fc.constantFrom('lambda.amazonaws.com', 'ec2.amazonaws.com')),
            Federated: oneOrMany(
              fc.constantFrom(
                'accounts.google.com',
                'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
                'arn:aws:iam::111122223333:saml-provider/corp',
              ),
            ),
          },
          { requiredKeys: [], noNullPrototype: true },
        )
        .filter((block) => Object.keys(block).length > 0),
    },
  )

const sid = (): fc.Arbitrary<string | undefined> =>
  fc.option(fc.stringMatching(/^[A-Za-z0-9]{1,8}$/), { nil: undefined, freq: 2 })

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T

/** A statement of an identity policy. */
const identityStatement = (): fc.Arbitrary<PolicyStatement> =>
  fc
    .record({
      Sid: sid(),
      Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny'),
      action: fc.tuple(
        fc.constantFrom('Action', 'Action', 'NotAction'),
        oneOrMany(fc.constantFrom(...ACTIONS)),
      ),
      resource: fc.tuple(
        fc.constantFrom('Resource', 'Resource', 'NotResource'),
        oneOrMany(fc.constantFrom(...RESOURCES)),
      ),
      Condition: fc.option(conditionBlock(), { nil: undefined }),
    })
    .map(({ Sid, Effect, action, resource, Condition }) =>
      defined({
        Sid,
        Effect,
        [action[0]]: action[1],
        [resource[0]]: resource[1],
        Condition,
      } as PolicyStatement),
    )

/** A statement of a trust policy. */
const trustStatement = (): fc.Arbitrary<PolicyStatement> =>
  fc
    .record({
      Sid: sid(),
      Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny'),
      Principal: principalBlock(),
      Action: oneOrMany(
        fc.constantFrom(
          'sts:AssumeRole',
          'sts:AssumeRoleWithWebIdentity',
          'sts:TagSession',
          'sts:SetSourceIdentity',
        ),
      ),
      Condition: fc.option(conditionBlock(), { nil: undefined }),
    })
    .map((statement) => defined(statement as PolicyStatement))

/**
 * A document that validates without errors or warnings, with statements that differ in meaning.
 * The parts come from small alphabets, so that two documents often share some.
 */
export const policyDocument = (
  use: 'identity' | 'trust' = 'identity',
  { maxStatements = 4 }: { readonly maxStatements?: number } = {},
): fc.Arbitrary<PolicyDocument> =>
  fc
    .uniqueArray(use === 'identity' ? identityStatement() : trustStatement(), {
      minLength: 1,
      maxLength: maxStatements,
      selector: (statement) => canonicalStatement({ ...statement, Sid: '' }, ACCOUNT),
    })
    .map((statements) => {
      const seen = new Set<string>()
      const list = statements.map(({ Sid, ...rest }) => {
        if (Sid === undefined || seen.has(Sid)) return rest
        seen.add(Sid)
        return { Sid, ...rest }
      })
      const [only] = list
      return {
        Version: '2012-10-17',
        Statement: list.length === 1 && only !== undefined && seen.size > 0 ? only : list,
      }
    })

/** Random numbers of 0 to 1 from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Writes a document in another way that means the same: order, scalar or list, case, account id or root ARN, ... */
export function respell(document: PolicyDocument, seed: number, account: Account = ACCOUNT): PolicyDocument {
  const random = randomFrom(seed)
  const maybe = (chance = 0.5) => random() < chance
  const shuffled = <T>(items: readonly T[]): readonly T[] => {
    const list = [...items]
    for (let last = list.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1))
      const [a, b] = [list[last], list[other]]
      if (a !== undefined && b !== undefined) [list[last], list[other]] = [b, a]
    }
    return list
  }
  const anyCase = (text: string): string =>
    [...text].map((character) => (maybe() ? character.toUpperCase() : character.toLowerCase())).join('')
  const listed = <T>(value: OneOrMany<T>): readonly T[] => (Array.isArray(value) ? value : [value as T])
  const asOneOrMany = <T>(value: OneOrMany<T>): OneOrMany<T> => {
    const entries = [...shuffled(listed(value))]
    const [first] = entries
    if (first !== undefined && maybe(0.3)) entries.push(first)
    return entries.length === 1 && first !== undefined && maybe() ? first : entries
  }
  const mapped = <T>(value: OneOrMany<T>, change: (entry: T) => T): OneOrMany<T> =>
    asOneOrMany(listed(value).map(change))
  const reordered = <T extends object>(value: T): T =>
    Object.fromEntries(shuffled(Object.entries(value))) as T

  const respellAws = (entry: string): string => {
    const root = `arn:${account.partition}:iam::`
    if (/^\d{12}$/.test(entry)) return maybe() ? entry : `${root}${entry}:root`
    return entry.startsWith(root) && entry.endsWith(':root') && maybe() ? entry.slice(root.length, -5) : entry
  }
  const respellPrincipal = (principal: PrincipalBlock): PrincipalBlock => {
    if (principal === '*') return maybe() ? '*' : { AWS: maybe() ? '*' : ['*'] }
    const kinds = Object.entries(principal)
    if (kinds.length === 1 && listed(principal.AWS ?? []).every((entry) => entry === '*') && maybe()) {
      if (principal.AWS !== undefined) return '*'
    }
    return reordered(
      Object.fromEntries(
        kinds.map(([kind, value]) => [kind, mapped(value, kind === 'AWS' ? respellAws : (entry) => entry)]),
      ),
    )
  }
  const respellValue = (value: ConditionValue): ConditionValue => {
    if (typeof value !== 'string') return maybe() ? value : String(value)
    if (value === 'true' || value === 'false') return maybe() ? value : value === 'true'
    return value === '10' && maybe() ? 10 : value
  }
  const respellCondition = (block: ConditionBlock): ConditionBlock =>
    reordered(
      Object.fromEntries(
        Object.entries(block).map(([operator, keys]) => [
          maybe(0.3) ? anyCase(operator) : operator,
          reordered(
            Object.fromEntries(
              Object.entries(keys).map(([key, values]) => [
                maybe(0.3) ? anyCase(key) : key,
                mapped(values, respellValue),
              ]),
            ),
          ),
        ]),
      ),
    )
  const respellAction = (entry: string): string =>
    entry === '*' && maybe() ? '*:*' : maybe(0.3) ? anyCase(entry) : entry

  const respellStatement = (statement: PolicyStatement): PolicyStatement => {
    const { Sid, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement
    return reordered(
      defined({
        Effect: statement.Effect,
        Sid: Sid === undefined || Sid === '' ? (maybe() ? '' : undefined) : Sid,
        Principal: Principal && respellPrincipal(Principal),
        NotPrincipal: NotPrincipal && respellPrincipal(NotPrincipal),
        Action: Action && mapped(Action, respellAction),
        NotAction: NotAction && mapped(NotAction, respellAction),
        Resource: Resource && asOneOrMany(Resource),
        NotResource: NotResource && asOneOrMany(NotResource),
        Condition: Condition === undefined ? (maybe(0.2) ? {} : undefined) : respellCondition(Condition),
      }) as PolicyStatement,
    )
  }
  const statements = shuffled(statementsOf(document).map(respellStatement))
  const [only] = statements
  const version = document.Version ?? '2008-10-17'
  return reordered(
    defined({
      Version: version === '2008-10-17' && maybe() ? undefined : version,
      Id: document.Id,
      Statement: statements.length === 1 && only !== undefined && maybe() ? only : statements,
    }) as PolicyDocument,
  )
}

/** A document and another spelling of it. */
export const respelledPair = (
  use: 'identity' | 'trust' = 'identity',
): fc.Arbitrary<readonly [PolicyDocument, PolicyDocument]> =>
  fc.tuple(policyDocument(use), fc.integer()).map(([document, seed]) => [document, respell(document, seed)])

interface Mutation {
  /** What was done to the document. */
  readonly name: string
  readonly document: PolicyDocument
}

/** Every way in which one part of one statement can be made to say something else. */
export function mutationsOf(document: PolicyDocument): readonly Mutation[] {
  const statements = statementsOf(document)
  const mutations: Mutation[] = [
    { name: 'other version', document: { ...document, Version: '2008-10-17' } },
    { name: 'other Id', document: { ...document, Id: `${document.Id ?? ''}other` } },
    {
      name: 'another statement',
      document: {
        ...document,
        Statement: [...statements, { Sid: 'Another', Effect: 'Deny', Action: 'zz:Top', Resource: '*' }],
      },
    },
  ]
  for (const [index, statement] of statements.entries()) {
    if (statements.length > 1)
      mutations.push({
        name: `statement ${index} dropped`,
        document: { ...document, Statement: statements.filter((_, other) => other !== index) },
      })
    for (const [name, changed] of statementMutations(statement))
      mutations.push({
        name: `statement ${index}: ${name}`,
        document: { ...document, Statement: statements.map((other, at) => (at === index ? changed : other)) },
      })
  }
  return mutations
}

function statementMutations(statement: PolicyStatement): readonly (readonly [string, PolicyStatement])[] {
  const found: (readonly [string, PolicyStatement])[] = [
    ['other effect', { ...statement, Effect: statement.Effect === 'Allow' ? 'Deny' : 'Allow' }],
    ['other Sid', { ...statement, Sid: `${statement.Sid ?? ''}x` }],
  ]
  const listed = <T>(value: OneOrMany<T>): readonly T[] => (Array.isArray(value) ? value : [value as T])
  for (const [element, complement, fresh] of [
    ['Action', 'NotAction', 'zz:Fresh'],
    ['Resource', 'NotResource', 'arn:aws:zz:::fresh'],
  ] as const) {
    for (const [here, there] of [
      [element, complement],
      [complement, element],
    ] as const) {
      const { [here]: value, ...rest } = statement
      if (value === undefined) continue
      found.push([`one more in ${here}`, { ...statement, [here]: [...listed(value), fresh] }])
      found.push([`${here} made ${there}`, { ...rest, [there]: value }])
      const other = element === 'Resource' ? inOtherCase(listed(value)) : null
      if (other !== null) found.push([`${here} in other case`, { ...statement, [here]: other }])
    }
  }
  if (statement.Principal !== undefined)
    found.push([
      'one more principal',
      {
        ...statement,
        Principal:
          statement.Principal === '*'
            ? { AWS: ['*', 'AIDA1234567890EXAMPLE'] }
            : {
                ...statement.Principal,
                Service: [...listed(statement.Principal.Service ?? []), 'zz.amazonaws.com'],
              },
      },
    ])
  const { Condition, ...without } = statement
  if (Condition === undefined)
    found.push(['a condition', { ...statement, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }])
  else {
    found.push(['no condition', without])
    for (const [operator, keys] of Object.entries(Condition))
      for (const [key, values] of Object.entries(keys)) {
        const withKeys = (changed: ConditionBlock[string]): PolicyStatement => ({
          ...statement,
          Condition: { ...Condition, [operator]: changed },
        })
        found.push([`one more value of ${key}`, withKeys({ ...keys, [key]: [...listed(values), 'fresh'] })])
        const other = inOtherCase(listed(values))
        if (other !== null)
          found.push([`a value of ${key} in other case`, withKeys({ ...keys, [key]: other })])
        found.push([`one more key beside ${key}`, withKeys({ ...keys, 'zz:fresh': 'fresh' })])
        const { [operator]: moved, ...others } = Condition
        if (moved !== undefined)
          found.push([
            `${operator} made another`,
            { ...statement, Condition: { ...others, DateEquals: moved } },
          ])
      }
  }
  return found
}

/** The entries with one of them in other case, or null when that would give the same ones. */
function inOtherCase<T extends ConditionValue>(entries: readonly T[]): readonly ConditionValue[] | null {
  for (const [index, entry] of entries.entries()) {
    // The text of a boolean or a number is that value too.
    if (typeof entry !== 'string') continue
    const other = entry === entry.toUpperCase() ? entry.toLowerCase() : entry.toUpperCase()
    const changed = entries.map((each, at) => (at === index ? other : each))
    if (new Set([...entries, ...changed].map(String)).size > new Set(entries.map(String)).size) return changed
  }
  return null
}

/** A document and one that says something else. */
export const mutatedPair = (
  use: 'identity' | 'trust' = 'identity',
): fc.Arbitrary<{ readonly document: PolicyDocument; readonly mutation: Mutation }> =>
  policyDocument(use).chain((document) =>
    fc.constantFrom(...mutationsOf(document)).map((mutation) => ({ document, mutation })),
  )
