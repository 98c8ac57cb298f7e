import { expect, test } from 'vitest'
import {
  accountOf,
  allow,
  document,
  estateWith,
  HOME,
  nodeOf,
  organizationOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests } from './estate-diffs.ts'

const analysis = analysisForTests()
const [OURS, THEIRS] = ['o-a1b2c3d4e5', 'o-zzzzzzzzz9']

const userWith = (block: object, organization: Parameters<typeof estateWith>[1] = null) =>
  estateWith(
    [accountOf(HOME, { al: { policy: document(allow('sns:Publish', { Condition: block })) } })],
    organization,
  )
const nobody = (organization: Parameters<typeof estateWith>[1] = null) =>
  estateWith([accountOf(HOME, { al: {} })], organization)

const gainedBy = (block: object, organization: Parameters<typeof estateWith>[1] = null) => {
  const { gained, unknown } = analysis().diff(nobody(organization), userWith(block, organization))
  return { gained: gained.map(({ witness }) => witness.context), unknown }
}

test.each([
  ['an id and a path', { StringEquals: { 'aws:PrincipalOrgID': OURS } }, `${THEIRS}/*`],
  ['a pattern of ids and a path', { StringLike: { 'aws:PrincipalOrgID': 'o-a*' } }, `${THEIRS}/r-ab12/*`],
  ['an id that it is not and a path', { StringNotEquals: { 'aws:PrincipalOrgID': THEIRS } }, `${THEIRS}/*`],
  ['no id and a path', { Null: { 'aws:PrincipalOrgID': 'true' } }, `${THEIRS}/*`],
])('nobody is in two organizations: %s', (_, block, path) => {
  const { gained, unknown } = gainedBy({
    ...block,
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': path },
  })
  expect(unknown).toEqual([])
  expect(gained).toEqual([])
})

test('an id that any path of a pattern begins with is found', () => {
  const { gained, unknown } = gainedBy({
    StringLike: { 'aws:PrincipalOrgID': 'o-a*5' },
    StringNotEquals: { 'aws:PrincipalOrgID': [OURS, 'o-a15'] },
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-?1*/r-*' },
  })
  expect(unknown).toEqual([])
  const [context] = gained
  expect(context?.get('aws:PrincipalOrgID')).toEqual([expect.stringMatching(/^o-a1\w+5$/)])
  expect(context?.get('aws:PrincipalOrgPaths')).toEqual([
    expect.stringMatching(`^${context?.get('aws:PrincipalOrgID')}/r-`),
  ])
})

test('where a member stands is open as long as the ids of its units are not known, its organization is not', () => {
  const organization = organizationOf(
    nodeOf('root', 'r-ab12', {
      children: [nodeOf('organizationalUnit', null, { children: [nodeOf('account', HOME)] })],
    }),
  )
  const within = (path: string) =>
    gainedBy({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': path } }, organization)
  const { gained, unknown } = within(`${organization.id}/*/ou-ab12-prod/*`)
  expect(unknown).toEqual([])
  expect(gained.map((context) => context.get('aws:PrincipalOrgPaths'))).toEqual([
    [expect.stringContaining('/ou-ab12-prod/')],
  ])
  expect(within(`${THEIRS}/*`).gained).toEqual([])
})

// IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgPaths
test.each([
  [null, { StringLike: { 'aws:PrincipalOrgPaths': 'o-*' } }],
  [null, { Null: { 'aws:PrincipalOrgPaths': 'false' } }],
  [null, { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${THEIRS}/*` } }],
  [
    organizationOf(nodeOf('root', null, { children: [nodeOf('account', HOME)] })),
    { Null: { 'aws:PrincipalOrgPaths': 'false' } },
  ],
] as const)('a path has a root: %#', (organization, block) => {
  const [context] = gainedBy(block, organization).gained
  expect(context?.get('aws:PrincipalOrgPaths')?.join()).toMatch(/^o-[^/]+\/r-[^/]+\//)
})
test('and nobody stands beside it', () => {
  for (const path of [`${OURS}/`, `${OURS}/ou-ab12-11111111/`])
    expect(gainedBy({ 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': path } }).gained).toEqual([])
})
