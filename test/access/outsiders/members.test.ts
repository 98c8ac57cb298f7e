// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
// Of a declared organization the accounts are known: whoever says that they belong to it is of one of them, and whoever is of
// one of them says so.
import { expect, test } from 'vitest'
import { proveInvariant } from '../../../src/checks/prove-invariant.ts'
import type { ConditionBlock } from '../../../src/model/index.ts'
import {
  accountOf,
  controlPolicy,
  DARK,
  deny,
  document,
  estateWith,
  FULL_ACCESS,
  grant,
  HOME,
  nodeOf,
  OUTSIDE,
  organizationOf,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()
const ORGANIZATION = 'o-abcdefghij'
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-aaaaaaaa/`
const BUCKET = 'arn:aws:s3:::data'
const OBJECTS = `${BUCKET}/*`
const CANONICAL_ID = '00f1e2d3c4b5a697887766554433221100ffeeddccbbaa998877665544332211'

const organization = organizationOf(
  nodeOf('root', 'r-ab12', {
    children: [
      nodeOf('account', HOME),
      nodeOf('organizationalUnit', 'ou-ab12-aaaaaaaa', { children: [nodeOf('account', DARK)] }),
    ],
  }),
)
const MEMBERS = [HOME, DARK]

/** Of whom only an id is known, or a provider. */
type Somebody = readonly [label: string, named: object]
const SOMEBODY: readonly Somebody[] = [
  [`canonical:${CANONICAL_ID}`, { CanonicalUser: CANONICAL_ID }],
  ['id:AROAEXAMPLEID1234567', { AWS: 'AROAEXAMPLEID1234567' }],
  ['federated:accounts.google.com', { Federated: 'accounts.google.com' }],
]

const witnessFor = (
  [label, named]: Somebody,
  Condition: ConditionBlock,
  Resource = OBJECTS,
  of = organization,
) => {
  const policy = document(
    // Lets in everybody of whom the rest holds, whoever is named.
    ...[named, '*'].map((who) => ({ ...grant(who, 's3:GetObject', { Condition }), Resource })),
  )
  const { violations, unknown } = analysis().analyzer.notGranted(
    estateWith([accountOf(HOME, {})], of, [resourceOf(BUCKET, HOME, policy)]),
    { actions: ['s3:GetObject'], resources: ['*'], context: new Map() },
    [HOME],
  )
  expect(unknown.filter(({ principals }) => principals.includes(label))).toEqual([])
  const found = violations.find(({ principals }) => principals.includes(label))
  return found === undefined
    ? null
    : new Map([...found.witness.context].map(([key, values]) => [key.toLowerCase(), values[0] ?? '']))
}

const accountIn = (context: ReadonlyMap<string, string> | null) =>
  context?.get('aws:principalaccount') ?? context?.get('aws:principalarn')?.split(':')[4] ?? null

const OURS = { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }
const OUR_PATHS = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/*` } }
const there = (key: string) => ({ Null: { [key]: 'false' } })

test.each(
  SOMEBODY.flatMap((who) =>
    (
      [
        ['the account', { ...OURS, ...there('aws:PrincipalAccount') }],
        ['the ARN', { ...OURS, ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }],
        [
          'the account, of an id in any case',
          {
            StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': ORGANIZATION.toUpperCase() },
            ...there('aws:PrincipalAccount'),
          },
        ],
        ['the account, by the paths', { ...OUR_PATHS, ...there('aws:PrincipalAccount') }],
      ] as const
    ).map(([told, condition]) => [who[0], told, who, condition] as const),
  ),
)('%s that says our organization is of one of its accounts, as %s tells', (_, _told, who, condition) => {
  const context = witnessFor(who, condition)
  expect(context).not.toBeNull()
  expect(MEMBERS).toContain(accountIn(context))
})

test.each(SOMEBODY)('%s may be of an account that a resource names', (...who) => {
  const context = witnessFor(who, OURS, `${BUCKET}/\${aws:PrincipalAccount}/*`)
  expect(context).not.toBeNull()
  expect(MEMBERS).toContain(accountIn(context))
})

test.each(
  SOMEBODY.flatMap((who) =>
    (
      [
        [
          'our organization',
          OUTSIDE,
          { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalAccount': OUTSIDE } },
        ],
        [
          'a path of ours',
          OUTSIDE,
          { ...OUR_PATHS, ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OUTSIDE}:role/*` } },
        ],
        [
          'another organization',
          DARK,
          {
            StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION },
            StringEquals: { 'aws:PrincipalAccount': DARK },
          },
        ],
        [
          'none',
          DARK,
          { Null: { 'aws:PrincipalOrgID': 'true' }, StringEquals: { 'aws:PrincipalAccount': DARK } },
        ],
        [
          'where another one stands',
          DARK,
          {
            'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/r-ab12/` },
            StringEquals: { 'aws:PrincipalAccount': DARK },
          },
        ],
        [
          'where nobody stands',
          'whom it knows',
          {
            'ForAnyValue:StringLike': {
              'aws:PrincipalOrgPaths': `${ORGANIZATION}/r-ab12/ou-ab12-bbbbbbbb/*`,
            },
            ...there('aws:PrincipalAccount'),
          },
        ],
      ] as const
    ).map(([says, account, condition]) => [who[0], account, says, who, condition] as const),
  ),
)('no %s of %s says %s', (_, _account, _says, who, condition) => {
  expect(witnessFor(who, condition)).toBeNull()
})

test.each(SOMEBODY)('%s stands where its account does', (...who) => {
  const context = witnessFor(who, {
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/*` },
    StringEquals: { 'aws:PrincipalAccount': DARK },
  })
  expect(context?.get('aws:principalorgpaths')).toBe(UNIT)
})

test.each(SOMEBODY)('%s may be of an account of an organization whose id nobody wrote down', (...who) => {
  const withUnknown = organizationOf(
    nodeOf('root', 'r-ab12', { children: [nodeOf('account', HOME), nodeOf('account', null)] }),
  )
  const condition = {
    StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalAccount': OUTSIDE },
  }
  expect(witnessFor(who, condition, OBJECTS, withUnknown)).not.toBeNull()
})

// What a service control policy asks for tells the users of a member from its roles, though none of them is known.
test.each<[string, ConditionBlock, string]>([
  ['its users and root, who have no such time', { Null: { 'aws:TokenIssueTime': 'false' } }, 'user/example'],
  ['its root', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:root' } }, 'root'],
  ['its users', { StringNotEquals: { 'aws:PrincipalType': 'User' } }, 'user/example'],
  ['its roles', { Null: { 'aws:TokenIssueTime': 'true' } }, 'role/example'],
])('what binds a member may spare %s', (_, Condition, spared) => {
  const controls = [FULL_ACCESS, controlPolicy('but-some', deny('*', { Condition }))]
  const of = organizationOf(
    nodeOf('root', 'r-ab12', {
      serviceControlPolicies: controls,
      children: MEMBERS.map((id) => nodeOf('account', id, { serviceControlPolicies: [FULL_ACCESS] })),
    }),
  )
  const policy = document({ ...grant('*', 's3:GetObject'), Resource: OBJECTS })
  const estate = estateWith([accountOf(HOME, {})], of, [resourceOf(BUCKET, HOME, policy)])
  const { holds, violations } = proveInvariant(analysis().analyzer, estate, {
    name: 'none of theirs',
    actions: ['s3:GetObject'],
    resources: [OBJECTS],
    context: new Map(),
    rule: { type: 'never', principals: [{ text: `account:${DARK}`, kind: 'account', id: DARK }] },
    span: { file: 'a.yaml', start: 0, end: 0 },
  })
  expect(holds).toBe(false)
  expect(violations.map(({ witness }) => witness.principal)).toContain(`arn:aws:iam::${DARK}:${spared}`)
})
