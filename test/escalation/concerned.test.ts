import { expect, it } from 'vitest'
import type { Estate, PolicyDocument, PolicyStatement } from '../../src/model/index.ts'
import { Random } from '../evaluator/random-cases.ts'
import { askForTests, reaches } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, document, estateOf, lets, type Parts, trusts } from './estates.ts'
import { randomChange, randomSmallChange } from './random-parts.ts'

const asked = askForTests()

const SEEDS = 8

/** The same, so that everybody is looked at: something that is nobody's has changed. */
const lookedAtInWhole = (estate: Estate): Estate => ({
  ...estate,
  resources: new Map([
    [
      'arn:aws:s3:::nobodys',
      { arn: 'arn:aws:s3:::nobodys', account: '333333333333', policy: null, tags: new Map() },
    ],
  ]),
})

it('whom a change may bear on are all who come to more by it', () => {
  let gained = 0
  for (let seed = 0; seed < SEEDS; seed++) {
    const [before, after] = randomChange(new Random(seed))
    const found = asked().ofChange(before, after)
    expect(found, `seed ${seed}`).toEqual(asked().ofChange(before, lookedAtInWhole(after)))
    gained += found.flatMap(({ escalations }) => escalations).length
  }
  expect(gained).toBeGreaterThan(SEEDS / 4)
})

it('what no way asks for may change without that anybody is left out', () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const [before, after] = randomSmallChange(new Random(seed))
    const found = asked().ofChange(before, after)
    expect(found, `seed ${seed}`).toEqual(asked().ofChange(before, lookedAtInWhole(after)))
  }
})

it('a policy that somebody may attach bears on them', () => {
  const parts = (spare: Parts['policies']): Parts => ({
    users: {
      ann: {
        policy: document(
          allows('iam:AttachUserPolicy', arnOf('user/ann'), {
            ArnEquals: { 'iam:PolicyARN': arnOf('policy/spare') },
          }),
        ),
      },
    },
    ...(spare === undefined ? {} : { policies: spare }),
  })
  const found = asked().gained(
    parts({ spare: document(allows('s3:ListAllMyBuckets')) }),
    parts({ spare: document(allows('*')) }),
  )
  expect(found.map(({ principals, class: kind }) => [...principals, kind])).toEqual([
    [arnOf('user/ann'), 'administrator'],
  ])
})

/** Everybody whom ways lead to: they may do nothing, or they are administrators. */
const others = (...managed: readonly string[]): Parts => ({
  users: { boss: { managed } },
  roles: {
    function: { managed, trust: trusts('lambda.amazonaws.com') },
    delegated: { managed, trust: lets({ AWS: arnOf('root') }, 'sts:AssumeRole') },
    known: { managed, trust: trusts('user/ann') },
    signed: {
      managed,
      trust: lets({ Federated: arnOf('saml-provider/corp') }, 'sts:AssumeRoleWithSAML'),
    },
  },
})

it.each([
  ['takes credentials of', 'user/boss', [allows('iam:CreateAccessKey', arnOf('user/*'))]],
  [
    'renames, to take credentials of,',
    'user/boss',
    [allows('iam:CreateAccessKey', arnOf('user/dev-*')), allows('iam:UpdateUser')],
  ],
  ['passes', 'role/function', [allows(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])]],
  ['runs code as', 'role/function', [allows('lambda:UpdateFunctionCode')]],
  ['is trusted by, with the whole account,', 'role/delegated', [allows('sts:AssumeRole')]],
  ['is trusted by', 'role/known', []],
  ['may have trust it', 'role/delegated', [allows('iam:UpdateAssumeRolePolicy', arnOf('role/del*'))]],
  ['signs in as', 'role/signed', [allows('iam:UpdateSAMLProvider')]],
])('a change of whom somebody %s bears on them: %s', (_, target, held) => {
  const ann = held.length === 0 ? {} : { policy: document(...held) }
  const state = (parts: Parts): Parts => ({ ...parts, users: { ...parts.users, ann } })
  const [before, after] = [state(others()), state(others(ADMINISTRATOR))].map(estateOf)
  if (before === undefined || after === undefined) throw new Error('two states')
  const found = asked().ofChange(before, after)
  expect(found).toEqual(asked().ofChange(before, lookedAtInWhole(after)))
  const [{ escalations = [] } = {}] = found
  expect(
    escalations.some((each) => each.principals.includes(arnOf('user/ann')) && reaches(each, [target])),
  ).toBe(true)
})

/** `user/ann > role/r`: who comes to whom by a change, which is the same where everybody is looked at. */
function gainedBy(before: Parts, after: Parts): readonly string[] {
  const [old, now] = [estateOf(before), estateOf(after)]
  const found = asked().ofChange(old, now)
  expect(found).toEqual(asked().ofChange(old, lookedAtInWhole(now)))
  return found.flatMap(({ escalations }) =>
    escalations.flatMap(({ principals, target }) =>
      principals.map((from) => `${short(from)} > ${short(target ?? '')}`),
    ),
  )
}
const short = (arn: string): string => arn.split(':').at(-1) ?? ''

it.each([
  ['an action of a way', [allows('lambda:UpdateFunctionCode')], 'role/function'],
  ['leave to assume a role', [allows('sts:AssumeRole', arnOf('role/delegated'))], 'role/delegated'],
  [
    'a condition less',
    [allows('lambda:UpdateFunctionCode', '*', { ArnEquals: { 'aws:PrincipalArn': arnOf('user/bob') } })],
    'role/function',
  ],
])('%s is news to whoever gets it', (_, [first], role) => {
  if (first === undefined) throw new Error('a statement')
  const state = (...held: readonly PolicyStatement[]): Parts => ({
    ...others(),
    roles: Object.fromEntries(
      Object.entries(others().roles ?? {}).map(([name, { trust }]) => [
        name,
        { trust, policy: document(allows('s3:DeleteBucket')) },
      ]),
    ),
    users: { ann: { policy: document(allows('s3:GetObject'), ...held) } },
  })
  const { Condition, ...without } = first
  const former = Condition === undefined ? [] : [first]
  expect(gainedBy(state(...former), state(without as PolicyStatement))).toContain(`user/ann > ${role}`)
})

it.each([
  ['a role that trusts others', trusts('ec2.amazonaws.com')],
  ['a role that is new', null],
])('%s is news to whom it trusts', (_, former) => {
  const role = (trust: PolicyDocument) => ({ r: { policy: document(allows('s3:DeleteBucket')), trust } })
  const users = { ann: { policy: document(allows('s3:GetObject')) } }
  expect(
    gainedBy(
      { users, ...(former === null ? {} : { roles: role(former) }) },
      { users, roles: role(trusts('user/ann')) },
    ),
  ).toContain('user/ann > role/r')
})

it('a boundary that lets through more is news to whoever is under it', () => {
  const state = (limit: string): Parts => ({
    users: { ann: { policy: document(allows('lambda:*')), boundary: 'limits' } },
    roles: {
      function: { policy: document(allows('s3:DeleteBucket')), trust: trusts('lambda.amazonaws.com') },
    },
    policies: { limits: document(allows(limit)) },
  })
  expect(gainedBy(state('lambda:Get*'), state('lambda:*'))).toContain('user/ann > role/function')
})

const delegated = (condition: object): Parts['roles'] => ({
  power: {
    managed: [ADMINISTRATOR],
    trust: lets({ AWS: arnOf('root') }, 'sts:AssumeRole', condition),
  },
})

it.each([
  ['a trust policy', delegated({ StringEquals: { 'aws:PrincipalTag/Note': 'a' } }), allows('sts:AssumeRole')],
  [
    'a variable',
    delegated({ Bool: { 'aws:SecureTransport': 'true' } }),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
    allows('sts:AssumeRole', arnOf('role/${aws:PrincipalTag/note}')),
  ],
])('a tag that is other than it was bears on who has it, by %s that names it', (_, roles = {}, held) => {
  const state = (tags: Readonly<Record<string, string>>): Parts => ({
    users: { ann: { policy: document(held), tags } },
    roles,
  })
  const note = held.Resource === '*' ? 'a' : 'power'
  expect(gainedBy(state({}), state({ note }))).toEqual(['user/ann > role/power'])
})

it('a tag that is other than it was bears on who may come to whoever has it, by what theirs say', () => {
  const state = (tags: Readonly<Record<string, string>>): Parts => ({
    users: {
      bob: { policy: document(allows('s3:DeleteBucket')), tags },
      eve: {
        policy: document(
          allows('iam:CreateAccessKey', '*', { StringEquals: { 'aws:ResourceTag/note': 'a' } }),
        ),
      },
    },
  })
  expect(gainedBy(state({ note: 'b' }), state({ note: 'a' }))).toEqual(['user/eve > user/bob'])
})

it.each<[string, Partial<Estate>, Partial<Estate>, readonly PolicyStatement[], string]>([
  [
    'an instance profile that is new',
    { withoutProfile: new Set([arnOf('role/instance')]) },
    { instanceProfiles: new Map([[arnOf('instance-profile/web'), arnOf('role/instance')]]) },
    [allows(['iam:PassRole', 'ec2:RunInstances'])],
    'role/instance',
  ],
  [
    'an instance profile that has another role',
    { instanceProfiles: new Map([[arnOf('instance-profile/web'), arnOf('role/weak')]]) },
    { instanceProfiles: new Map([[arnOf('instance-profile/web'), arnOf('role/instance')]]) },
    [
      allows('iam:PassRole'),
      allows('ec2:RunInstances', '*', {
        ArnEquals: { 'ec2:InstanceProfile': arnOf('instance-profile/web') },
      }),
    ],
    'role/instance',
  ],
  [
    'a provider that is new',
    { providers: new Set() },
    { providers: new Set([arnOf('saml-provider/corp')]) },
    [allows('iam:UpdateSAMLProvider')],
    'role/signed',
  ],
  [
    'a provider that went',
    { providers: new Set([arnOf('saml-provider/corp')]) },
    { providers: new Set() },
    [allows('iam:CreateSAMLProvider')],
    'role/signed',
  ],
])('%s bears on who comes to its roles', (_, before, after, held, target) => {
  const parts: Parts = {
    users: { ann: { policy: document(...held) }, ben: { policy: document(allows('s3:GetObject')) } },
    roles: {
      signed: {
        managed: [ADMINISTRATOR],
        trust: lets({ Federated: arnOf('saml-provider/corp') }, 'sts:AssumeRoleWithSAML'),
      },
      instance: { managed: [ADMINISTRATOR], trust: trusts('ec2.amazonaws.com') },
      weak: { trust: trusts('ec2.amazonaws.com') },
    },
  }
  const [old, now] = [before, after].map((things): Estate => ({ ...estateOf(parts), ...things })) as [
    Estate,
    Estate,
  ]
  const found = asked().ofChange(old, now)
  expect(found).toEqual(asked().ofChange(old, lookedAtInWhole(now)))
  expect(found.flatMap(({ escalations }) => escalations).some((each) => reaches(each, [target]))).toBe(true)
})
