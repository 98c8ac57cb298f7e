import { expect, it } from 'vitest'
import type { Estate } from '../../src/model/index.ts'
import { Random } from '../evaluator/random-cases.ts'
import { askForTests, reaches } from './ask.ts'
import { ADMINISTRATOR, allows, arnOf, document, estateOf, lets, type Parts, trusts } from './estates.ts'
import { randomChange } from './random-parts.ts'

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
