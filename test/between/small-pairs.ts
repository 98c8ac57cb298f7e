// Small accounts in which policies allow and deny the same few things, so that orders of steps matter.
import type { PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import type { Blueprint } from '../arbitraries/state.ts'
import fc from '../fixed-seed.ts'

const THINGS = ['arn:aws:s3:::a/x', 'arn:aws:s3:::b/x', 'arn:aws:s3:::a/*', '*']
const CONDITIONS: readonly PolicyStatement['Condition'][] = [
  { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
  { StringEquals: { 'aws:PrincipalTag/team': 'b' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
]

const statement = (): fc.Arbitrary<PolicyStatement> =>
  fc
    .record({
      Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny'),
      Action: fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:*'),
      Resource: fc.constantFrom(...THINGS),
      Condition: fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined, freq: 6 }),
    })
    .map(({ Condition, ...rest }) => (Condition === undefined ? rest : { ...rest, Condition }))

const document = (): fc.Arbitrary<PolicyDocument> =>
  fc
    .array(statement(), { minLength: 1, maxLength: 2 })
    .map((Statement) => ({ Version: '2012-10-17', Statement }))

const POLICIES = ['one', 'two', 'three']
const GROUPS = ['staff', 'crew']

const named = <T>(
  names: readonly string[],
  part: fc.Arbitrary<T>,
): fc.Arbitrary<Readonly<Record<string, T>>> =>
  fc
    .tuple(...names.map(() => part))
    .map((parts) => Object.fromEntries(parts.map((each, index) => [names[index], each])))

const inline = () => fc.option(document(), { nil: null, freq: 1 }).map((own) => (own === null ? {} : { own }))
const held = () => fc.subarray(POLICIES, { maxLength: 2 })

/** Everything is there before and after; what changes is what it says and who has it. */
const small = (): fc.Arbitrary<Blueprint> =>
  fc.record({
    policies: named(
      POLICIES,
      fc.record({
        path: fc.constant('/'),
        description: fc.constantFrom(null, null, null, 'other words'),
        document: document(),
      }),
    ),
    groups: named(
      GROUPS,
      fc.record({ path: fc.constant('/'), managedPolicies: held(), inlinePolicies: inline() }),
    ),
    roles: fc.constant({}),
    users: named(
      ['ada', 'bob'],
      fc.record({
        path: fc.constant('/'),
        managedPolicies: held(),
        inlinePolicies: inline(),
        groups: fc.subarray(GROUPS, { maxLength: 1 }),
        permissionsBoundary: fc.constantFrom(null, null, null, ...POLICIES),
        tags: fc.constantFrom({}, { team: 'a' }, { team: 'b' }),
      }),
    ),
  })

/** Two such accounts; of most things the second has what the first has. */
export const smallPair = (): fc.Arbitrary<readonly [start: Blueprint, goal: Blueprint]> =>
  fc
    .tuple(small(), small(), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }))
    .map(([start, other, kept]) => {
      let at = 0
      const mixed = <T extends object>(before: T, after: T): T =>
        Object.fromEntries(
          Object.entries(before).map(([key, value]) => [
            key,
            kept[at++ % kept.length] === true ? value : after[key as keyof T],
          ]),
        ) as T
      const each = <T extends object>(
        before: Readonly<Record<string, T>>,
        after: Readonly<Record<string, T>>,
      ) =>
        Object.fromEntries(
          Object.entries(before).map(([name, part]) => [name, mixed(part, after[name] ?? part)]),
        )
      return [
        start,
        {
          ...other,
          policies: each(start.policies, other.policies),
          groups: each(start.groups, other.groups),
          users: each(start.users, other.users),
        },
      ] as const
    })

/** Allows one thing and denies another. */
const mixedDocument = (): fc.Arbitrary<PolicyDocument> =>
  fc
    .shuffledSubarray(['s3:GetObject', 's3:PutObject', 's3:ListBucket'], { minLength: 2 })
    .map(([allowed = '', denied = '', more]) => ({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: allowed, Resource: '*' },
        { Effect: 'Deny', Action: denied, Resource: '*' },
        ...(more === undefined ? [] : [{ Effect: 'Allow' as const, Action: more, Resource: '*' }]),
      ],
    }))

const tiny = (documents: readonly PolicyDocument[]): Blueprint => ({
  policies: Object.fromEntries(
    documents.map((document, index) => [POLICIES[index] ?? '', { path: '/', document }]),
  ),
  groups: {},
  roles: {},
  users: { ada: { path: '/', managedPolicies: POLICIES.slice(0, documents.length) } },
})

/** One user with two policies, both of which say something else then: often no order alone will do. */
export const tinyPair = (): fc.Arbitrary<readonly [start: Blueprint, goal: Blueprint]> =>
  fc
    .tuple(mixedDocument(), mixedDocument(), mixedDocument(), mixedDocument())
    .map(([one, two, three, four]) => [tiny([one, two]), tiny([three, four])] as const)

/** A role that wasn't there, with two policies and one of its own. */
export const madeRole = (): fc.Arbitrary<readonly [start: Blueprint, goal: Blueprint]> =>
  fc.tuple(mixedDocument(), mixedDocument(), document()).map(([one, two, own]) => {
    const { policies } = tiny([one, two])
    const none = { policies, groups: {}, roles: {}, users: {} }
    const deploy = { path: '/', trusts: [], managedPolicies: ['one', 'two'], inlinePolicies: { own } }
    return [none, { ...none, roles: { deploy } }] as const
  })

type Statuses = Readonly<Record<'ada' | 'bob', readonly ('active' | 'inactive' | null)[]>>

/** Two such accounts, and the keys of their users before and after: by each of their names whether it is there, and in use. */
export const pairWithKeys = (): fc.Arbitrary<
  readonly [pair: readonly [start: Blueprint, goal: Blueprint], before: Statuses, after: Statuses]
> => {
  const status = fc.constantFrom('active', 'inactive', null)
  const statuses = () => fc.record({ ada: fc.tuple(status, status), bob: fc.tuple(status, status) })
  return fc.tuple(smallPair(), statuses(), statuses())
}
